"""Listing and finding customers."""

from dataclasses import replace

from commerce.core.criteria import check_order, check_where, clean_words
from commerce.core.paging import Count, Page, PageArgs
from commerce.customers.criteria import CustomerListing, CustomerWhere
from commerce.customers.repository.customers import CustomerRepository, CustomerRow


class CustomerService:
    """Raises `BadInputError` for filters and orders that a list cannot have."""

    def __init__(self, customers: CustomerRepository) -> None:
        self._customers = customers

    async def page(self, listing: CustomerListing, args: PageArgs) -> Page[CustomerRow]:
        check_order(listing.order)
        return await self._customers.page(replace(listing, where=_checked(listing.where)), args)

    async def count(self, where: CustomerWhere, limit: int | None) -> Count:
        return await self._customers.count(_checked(where), limit)

    async def one(self, where: CustomerWhere) -> CustomerRow | None:
        """The customer with this id, e-mail address or external id."""
        return await self._customers.one(_checked(where))


def _checked(where: CustomerWhere) -> CustomerWhere:
    check_where(where)
    return where if where.words is None else replace(where, words=clean_words(where.words))
