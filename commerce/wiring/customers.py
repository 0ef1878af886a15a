"""Customers and what belongs to them."""

from functools import cached_property

from commerce.customers.repository.addresses import AddressRepository
from commerce.customers.repository.profiles import ProfileRepository
from commerce.customers.service.addresses import AddressService
from commerce.wiring.customer_care import CustomerCareRepositories, CustomerCareServices


class CustomersRepositories(CustomerCareRepositories):
    @cached_property
    def profiles(self) -> ProfileRepository:
        return ProfileRepository(self._uow, self.viewer)

    @cached_property
    def addresses(self) -> AddressRepository:
        return AddressRepository(self._uow, self.viewer)


class CustomersServices(CustomerCareServices):
    repositories: CustomersRepositories

    @cached_property
    def addresses(self) -> AddressService:
        return AddressService(self.repositories.addresses, self.viewer)
