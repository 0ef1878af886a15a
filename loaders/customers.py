"""Edges to customers and what belongs to them."""

from functools import cached_property

from commerce.wiring import Repositories
from loaders.batch import ByKeyLoader, CountByParentLoader, PageByParentLoader


class CustomersLoaders:
    def __init__(self, repositories: Repositories) -> None:
        self._repositories = repositories

    @cached_property
    def customer_by_id(self) -> ByKeyLoader:
        return ByKeyLoader(self._repositories.profiles.by_ids)

    @cached_property
    def address_by_id(self) -> ByKeyLoader:
        return ByKeyLoader(self._repositories.addresses.by_ids)

    @cached_property
    def address_pages(self) -> PageByParentLoader:
        """(customer id, page) -> its address book."""
        return PageByParentLoader(self._repositories.addresses.pages_by_customer)

    @cached_property
    def address_counts(self) -> CountByParentLoader:
        return CountByParentLoader(self._repositories.addresses.counts_by_customer)

    @cached_property
    def default_addresses(self) -> ByKeyLoader:
        """customer id -> its default addresses, one or two."""
        return ByKeyLoader(self._repositories.addresses.defaults_by_customer, ())

    @cached_property
    def group_by_id(self) -> ByKeyLoader:
        return ByKeyLoader(self._repositories.customer_groups.by_ids)

    @cached_property
    def group_customer_pages(self) -> PageByParentLoader:
        """(group id, page) -> its customers."""
        return PageByParentLoader(self._repositories.customers.pages_by_group)

    @cached_property
    def group_customer_counts(self) -> CountByParentLoader:
        return CountByParentLoader(self._repositories.customers.counts_by_group)

    @cached_property
    def contact_by_id(self) -> ByKeyLoader:
        return ByKeyLoader(self._repositories.customer_contacts.by_ids)

    @cached_property
    def contact_pages(self) -> PageByParentLoader:
        """(customer id, page) -> its contacts."""
        return PageByParentLoader(self._repositories.customer_contacts.pages_by_customer)

    @cached_property
    def contact_counts(self) -> CountByParentLoader:
        return CountByParentLoader(self._repositories.customer_contacts.counts_by_customer)

    @cached_property
    def consent_pages(self) -> PageByParentLoader:
        """(customer id, page) -> what it said about marketing."""
        return PageByParentLoader(self._repositories.customer_consents.pages_by_customer)

    @cached_property
    def consent_counts(self) -> CountByParentLoader:
        return CountByParentLoader(self._repositories.customer_consents.counts_by_customer)

    @cached_property
    def extra_field_by_id(self) -> ByKeyLoader:
        return ByKeyLoader(self._repositories.customer_extra_fields.by_ids)

    @cached_property
    def extra_fields(self) -> ByKeyLoader:
        """customer id -> the store's own fields that the viewer sees."""
        return ByKeyLoader(self._repositories.customer_extra_fields.by_customers, ())
