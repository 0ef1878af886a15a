"""Passwords of customers and staff alike."""

from collections.abc import Mapping
from functools import cached_property

from commerce.customers.repository.accounts import AccountRepository
from commerce.identity.kinds import Audience
from commerce.identity.ports import Accounts
from commerce.identity.service.password_changes import PasswordService
from commerce.identity.service.signing_in import SignInService
from commerce.wiring.audit import AuditRepositories, AuditServices
from commerce.wiring.members import MembersRepositories, MembersServices


class SigningInRepositories(MembersRepositories, AuditRepositories):
    @cached_property
    def accounts_by_audience(self) -> Mapping[Audience, Accounts]:
        """Who signs in where."""
        return {
            Audience.STAFF: self.staff_accounts,
            Audience.STOREFRONT: AccountRepository(self._uow),
        }


class SigningInServices(MembersServices, AuditServices):
    repositories: SigningInRepositories

    @cached_property
    def signing_in(self) -> SignInService:
        return SignInService(
            self.uow,
            self.repositories.accounts_by_audience,
            self.sessions,
            self.ports.passwords,
            self.ports.attempts,
            self.audit,
            self.clock,
            self.viewer,
            self.origin,
        )

    @cached_property
    def passwords(self) -> PasswordService:
        return PasswordService(
            self.uow,
            self.repositories.accounts_by_audience,
            self.sessions,
            self.purpose_tokens,
            self.notifications,
            self.ports.passwords,
            self.ports.attempts,
            self.clock,
            self.viewer,
            self.origin,
        )
