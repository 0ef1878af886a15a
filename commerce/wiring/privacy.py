"""What is held about customers."""

from dataclasses import replace
from functools import cached_property

from commerce.core.problems import Problem
from commerce.identity.kinds import Audience
from commerce.identity.problems import InvalidCredentials
from commerce.migrate import metadata
from commerce.privacy.repository import HeldDataRepository
from commerce.privacy.service import PrivacyService
from commerce.wiring.signing_in import SigningInRepositories, SigningInServices
from commerce.wiring.store import StoreRepositories, StoreServices


class PrivacyRepositories(StoreRepositories, SigningInRepositories):
    @cached_property
    def held_data(self) -> HeldDataRepository:
        return HeldDataRepository(self._uow, self.viewer, metadata())


class PrivacyServices(StoreServices, SigningInServices):
    repositories: PrivacyRepositories

    @cached_property
    def privacy(self) -> PrivacyService:
        return PrivacyService(
            self.uow,
            self.repositories.held_data,
            self._prove_password,
            self.audit,
            self.store,
            self.ports.retention,
            self.viewer,
            self.clock,
        )

    async def _prove_password(self, customer_id: int, password: str) -> Problem | None:
        """Counted and answered like an attempt to sign in."""
        account = await self.repositories.accounts_by_audience[Audience.STOREFRONT].by_id(
            customer_id
        )
        email = "" if account is None else account.email
        proven = await self.signing_in.proven(Audience.STOREFRONT, email, password)
        if isinstance(proven, InvalidCredentials):
            return replace(proven, message="The password is wrong.", path=("password",))
        return proven if isinstance(proven, Problem) else None
