"""Customers as the shop's people keep them."""

from functools import cached_property

from commerce.customers.repository.customers import CustomerRepository
from commerce.customers.repository.groups import GroupRepository
from commerce.customers.service.customers import CustomerService
from commerce.customers.service.groups import GroupService
from commerce.wiring.base import BaseRepositories, BaseServices


class CustomerCareRepositories(BaseRepositories):
    @cached_property
    def customers(self) -> CustomerRepository:
        return CustomerRepository(self._uow, self.viewer)

    @cached_property
    def customer_groups(self) -> GroupRepository:
        return GroupRepository(self._uow, self.viewer)


class CustomerCareServices(BaseServices):
    repositories: CustomerCareRepositories

    @cached_property
    def customers(self) -> CustomerService:
        return CustomerService(self.repositories.customers)

    @cached_property
    def customer_groups(self) -> GroupService:
        return GroupService(self.repositories.customer_groups)
