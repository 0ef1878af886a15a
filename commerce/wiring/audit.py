"""Who changed what."""

from commerce.wiring.base import BaseRepositories, BaseServices


class AuditRepositories(BaseRepositories):
    pass


class AuditServices(BaseServices):
    repositories: AuditRepositories
