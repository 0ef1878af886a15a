"""Staff, roles and API keys."""

from functools import cached_property

from commerce.staff.repository.api_keys import ApiKeyRepository
from commerce.staff.service.api_keys import ApiKeyService
from commerce.wiring.base import BaseRepositories, BaseServices


class StaffRepositories(BaseRepositories):
    @cached_property
    def api_keys(self) -> ApiKeyRepository:
        return ApiKeyRepository(self._uow, self.viewer)


class StaffServices(BaseServices):
    repositories: StaffRepositories

    @cached_property
    def api_keys(self) -> ApiKeyService:
        keys = self.repositories.api_keys
        sandbox = self._ports is not None and self._ports.sandbox
        return ApiKeyService(keys, self.clock, self.viewer, sandbox=sandbox)
