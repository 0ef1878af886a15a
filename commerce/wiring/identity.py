"""Sessions and the tokens that prove who somebody is."""

from commerce.wiring.base import BaseRepositories, BaseServices


class IdentityRepositories(BaseRepositories):
    pass


class IdentityServices(BaseServices):
    repositories: IdentityRepositories
