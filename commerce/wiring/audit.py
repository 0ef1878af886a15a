"""Who changed what."""

from functools import cached_property

from commerce.audit.repository import AuditRepository
from commerce.audit.service import AuditService
from commerce.wiring.base import BaseRepositories, BaseServices


class AuditRepositories(BaseRepositories):
    @cached_property
    def audit(self) -> AuditRepository:
        return AuditRepository(self._uow, self.sight)


class AuditServices(BaseServices):
    repositories: AuditRepositories

    @cached_property
    def audit(self) -> AuditService:
        return AuditService(self.repositories.audit, self.clock)
