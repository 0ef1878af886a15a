"""Customers as those who sign in, and what they do about themselves."""

from functools import cached_property

from commerce.customers.repository.accounts import AccountRepository
from commerce.customers.repository.addresses import AddressRepository
from commerce.customers.repository.profiles import ProfileRepository
from commerce.customers.service.addresses import AddressService
from commerce.customers.service.callers import Caller
from commerce.customers.service.email_changes import EmailChangeService
from commerce.customers.service.profiles import ProfileService
from commerce.customers.service.registrations import RegistrationService
from commerce.wiring.customer_care import CustomerCareRepositories, CustomerCareServices
from commerce.wiring.notifications import NotificationsRepositories, NotificationsServices


class AccountsRepositories(CustomerCareRepositories, NotificationsRepositories):
    @cached_property
    def accounts(self) -> AccountRepository:
        return AccountRepository(self._uow)

    @cached_property
    def profiles(self) -> ProfileRepository:
        return ProfileRepository(self._uow, self.viewer)

    @cached_property
    def addresses(self) -> AddressRepository:
        return AddressRepository(self._uow, self.viewer)


class AccountsServices(CustomerCareServices, NotificationsServices):
    repositories: AccountsRepositories

    @cached_property
    def registrations(self) -> RegistrationService:
        return RegistrationService(
            self.uow,
            self.repositories.accounts,
            self.repositories.customer_consents,
            self.customer_extra_fields,
            self._caller,
            self.ports.passwords,
            self.purpose_tokens,
            self.notifications,
            self.clock,
        )

    @cached_property
    def email_changes(self) -> EmailChangeService:
        return EmailChangeService(
            self.uow,
            self.repositories.accounts,
            self.viewer,
            self._caller,
            self.ports.passwords,
            self.purpose_tokens,
            self.sessions,
            self.notifications,
            self.clock,
        )

    @cached_property
    def profiles(self) -> ProfileService:
        profiles, fields = self.repositories.profiles, self.customer_extra_fields
        return ProfileService(profiles, fields, self.viewer, self.clock)

    @cached_property
    def addresses(self) -> AddressService:
        return AddressService(self.repositories.addresses, self.clock, self.viewer)

    @property
    def _caller(self) -> Caller:
        return Caller(self.ports.attempts, self.viewer, self.origin)
