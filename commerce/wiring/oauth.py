"""OAuth clients and what they are granted."""

from functools import cached_property

from commerce.identity.kinds import Audience
from commerce.oauth.repository.clients import ClientRepository
from commerce.oauth.repository.grants import GrantRepository
from commerce.oauth.service.clients import ClientService
from commerce.oauth.service.consenting import ConsentService
from commerce.oauth.service.granting import GrantingService
from commerce.wiring.signing_in import SigningInRepositories, SigningInServices
from commerce.wiring.staff import StaffServices


class OAuthRepositories(SigningInRepositories):
    @cached_property
    def oauth_clients(self) -> ClientRepository:
        return ClientRepository(self._uow, self.viewer)

    @cached_property
    def oauth_grants(self) -> GrantRepository:
        return GrantRepository(self._uow)


class OAuthServices(StaffServices, SigningInServices):
    repositories: OAuthRepositories

    @cached_property
    def oauth_clients(self) -> ClientService:
        own = self.repositories
        return ClientService(own.oauth_clients, own.api_keys, self.clock, self.viewer)

    @cached_property
    def granting(self) -> GrantingService:
        own = self.repositories
        return GrantingService(self.uow, own.oauth_clients, own.oauth_grants, self.clock)

    @cached_property
    def consenting(self) -> ConsentService:
        return ConsentService(
            self.uow,
            self.granting,
            self.signing_in,
            self.repositories.accounts_by_audience[Audience.STAFF],
            self.ports.attempts,
            self.clock,
        )
