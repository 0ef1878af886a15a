"""Calls that may be sent again: done once, answered the same."""

from functools import cached_property

from commerce.idempotency.repository import IdempotencyRepository
from commerce.idempotency.service import IdempotencyService
from commerce.wiring.base import BaseRepositories, BaseServices


class IdempotencyRepositories(BaseRepositories):
    @cached_property
    def idempotency(self) -> IdempotencyRepository:
        return IdempotencyRepository(self._uow)


class IdempotencyServices(BaseServices):
    repositories: IdempotencyRepositories

    @cached_property
    def idempotency(self) -> IdempotencyService:
        return IdempotencyService(
            self.uow,
            self.repositories.idempotency,
            self.ports.call_seal,
            self.call,
            self.viewer,
            self.origin.address,
            self.clock,
        )
