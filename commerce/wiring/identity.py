"""Sessions and the tokens that prove who somebody is."""

from functools import cached_property

from commerce.identity.repository.purpose_tokens import PurposeTokenRepository
from commerce.identity.repository.sessions import SessionRepository
from commerce.identity.service.purpose_tokens import PurposeTokenService
from commerce.identity.service.sessions import SessionService
from commerce.wiring.base import BaseRepositories, BaseServices


class IdentityRepositories(BaseRepositories):
    @cached_property
    def sessions(self) -> SessionRepository:
        return SessionRepository(self._uow, self.viewer, self.clock)

    @cached_property
    def purpose_tokens(self) -> PurposeTokenRepository:
        return PurposeTokenRepository(self._uow)


class IdentityServices(BaseServices):
    repositories: IdentityRepositories

    @cached_property
    def sessions(self) -> SessionService:
        ports = self.ports
        return SessionService(
            self.repositories.sessions,
            ports.access_tokens,
            ports.refresh_tokens,
            self.clock,
            self.viewer,
            self.origin,
        )

    @cached_property
    def purpose_tokens(self) -> PurposeTokenService:
        return PurposeTokenService(self.repositories.purpose_tokens, self.clock)
