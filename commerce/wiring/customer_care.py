"""Customers as the shop's people keep them."""

from functools import cached_property

from commerce.customers.repository.bulk import BulkCustomerRepository
from commerce.customers.repository.consents import ConsentRepository
from commerce.customers.repository.contacts import ContactRepository
from commerce.customers.repository.customers import CustomerRepository
from commerce.customers.repository.extra_fields import ExtraFieldRepository
from commerce.customers.repository.groups import GroupRepository
from commerce.customers.service.bulk import BulkCustomerService
from commerce.customers.service.consents import ConsentService
from commerce.customers.service.contacts import ContactService
from commerce.customers.service.customer_changes import CustomerBlockService, CustomerChangeService
from commerce.customers.service.customers import CustomerService
from commerce.customers.service.extra_fields import ExtraFieldService
from commerce.customers.service.groups import GroupService
from commerce.wiring.identity import IdentityRepositories, IdentityServices


class CustomerCareRepositories(IdentityRepositories):
    @cached_property
    def customers(self) -> CustomerRepository:
        return CustomerRepository(self._uow, self.viewer)

    @cached_property
    def bulk_customers(self) -> BulkCustomerRepository:
        return BulkCustomerRepository(self._uow, self.viewer)

    @cached_property
    def customer_groups(self) -> GroupRepository:
        return GroupRepository(self._uow, self.viewer)

    @cached_property
    def customer_contacts(self) -> ContactRepository:
        return ContactRepository(self._uow, self.viewer)

    @cached_property
    def customer_consents(self) -> ConsentRepository:
        return ConsentRepository(self._uow, self.viewer)

    @cached_property
    def customer_extra_fields(self) -> ExtraFieldRepository:
        return ExtraFieldRepository(self._uow, self.viewer)


class CustomerCareServices(IdentityServices):
    repositories: CustomerCareRepositories

    @cached_property
    def customers(self) -> CustomerService:
        return CustomerService(self.repositories.customers)

    @cached_property
    def customer_changes(self) -> CustomerChangeService:
        own = self.repositories
        return CustomerChangeService(
            own.customers,
            own.customer_contacts,
            self.customer_extra_fields,
            self.customer_consents,
            self.clock,
        )

    @cached_property
    def customer_bulk(self) -> BulkCustomerService:
        customers = self.repositories.bulk_customers
        return BulkCustomerService(
            customers, self.customer_extra_fields, self.customer_consents, self.clock
        )

    @cached_property
    def customer_blocks(self) -> CustomerBlockService:
        return CustomerBlockService(self.repositories.customers, self.sessions, self.clock)

    @cached_property
    def customer_groups(self) -> GroupService:
        return GroupService(self.repositories.customer_groups)

    @cached_property
    def customer_contacts(self) -> ContactService:
        return ContactService(self.repositories.customers, self.repositories.customer_contacts)

    @cached_property
    def customer_consents(self) -> ConsentService:
        own = self.repositories
        return ConsentService(self.viewer, own.customers, own.customer_consents)

    @cached_property
    def customer_extra_fields(self) -> ExtraFieldService:
        return ExtraFieldService(self.repositories.customer_extra_fields)
