"""Customers as the shop's people and they themselves see them."""

from datetime import date, datetime
from typing import Any

import strawberry

from commerce.core.viewer import Scope
from resolvers.carts import types as carts
from resolvers.carts.lazy import LazyCart
from resolvers.catalog.kinds import MetafieldOwner
from resolvers.catalog.metafields import HasMetafields
from resolvers.connections import After, Before, Connection, First, Last, Paging
from resolvers.context import Info
from resolvers.customers import addresses, groups
from resolvers.customers.consents import MarketingConsent
from resolvers.customers.contacts import CustomerContact
from resolvers.customers.extra_fields import CustomerExtraValue, extra_values
from resolvers.customers.lazy import LazyCustomerAddress, LazyCustomerGroup
from resolvers.customers.purchases import CustomerPurchases
from resolvers.nodes import node_id
from resolvers.orders import types as orders
from resolvers.orders.lazy import LazyOrder
from resolvers.permissions import owner, requires

READ = Scope.READ_CUSTOMERS


@strawberry.type(description="A person or company that buys.")
class Customer(HasMetafields):
    metafield_owner = MetafieldOwner.CUSTOMER

    external_id: str | None = requires(READ, description="Its id in another system, unique.")
    email: str | None = owner(READ, description="Where it is written to; null once erased.")
    email_verified: bool = owner(READ, description="Whether it has proved to read that address.")
    first_name: str = owner(READ, description="Given name.")
    last_name: str = owner(READ, description="Family name.")
    phone: str | None = owner(READ, description="Phone number: `+491701234567`.")
    company: str = owner(READ, description="The company it buys for.")
    locale: str | None = owner(READ, description="The language it reads: `de-AT`.")
    date_of_birth: date | None = owner(READ, description="Its birthday.")
    gender: str | None = owner(READ, description="In its own words.")
    accepts_email: bool | None = owner(
        READ, description="Whether it wants marketing mails; null if never asked."
    )
    accepts_sms: bool | None = owner(
        READ, description="Whether it wants marketing text messages; null if never asked."
    )
    tax_id: str | None = owner(READ, description="Its number at the tax office.")
    tax_id_valid: bool | None = owner(
        READ, description="Whether that number can be one; null if nobody looked."
    )
    fiscal_code: str | None = owner(READ, description="A second number some countries ask for.")
    note: str = requires(READ, description="What the shop's people noted.")
    tags: list[str] = requires(READ, description="Words it is filed under.")
    tax_exempt: bool = requires(READ, description="Whether it pays no tax.")
    has_password: bool = requires(READ, description="Whether it can sign in.")
    blocked: bool = requires(READ, description="Whether it is kept from signing in.")
    erased: bool = requires(READ, description="Whether all about the person was erased.")
    version: int = owner(READ, description="Counts its changes.")
    created_at: datetime = owner(READ, description="When it was added.")
    updated_at: datetime = owner(READ, description="When it was last changed.")
    group_id: strawberry.Private[int]
    extra: strawberry.Private[dict[str, str]]

    @classmethod
    def of(cls, row: Any) -> "Customer":
        return cls(
            id=node_id("Customer", row.id),
            database_id=row.id,
            external_id=row.external_id,
            email=row.email,
            email_verified=row.email_verified_at is not None,
            first_name=row.first_name,
            last_name=row.last_name,
            phone=row.phone,
            company=row.company,
            locale=row.locale,
            date_of_birth=row.date_of_birth,
            gender=row.gender,
            accepts_email=row.accepts_email,
            accepts_sms=row.accepts_sms,
            tax_id=row.tax_id,
            tax_id_valid=row.tax_id_valid,
            fiscal_code=row.fiscal_code,
            note=row.note,
            tags=row.tags,
            tax_exempt=row.tax_exempt,
            has_password=row.has_password,
            blocked=row.blocked_at is not None,
            erased=row.erased_at is not None,
            version=row.version,
            created_at=row.created_at,
            updated_at=row.updated_at,
            group_id=row.group_id,
            extra=row.extra_fields,
        )

    @owner(READ, description="Both names.")
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    @owner(READ, description="The group it gets its prices by.")
    async def group(self, info: Info) -> LazyCustomerGroup:
        row = await info.context.loaders.customers.group_by_id.load(self.group_id)
        return groups.CustomerGroup.of(row)

    @owner(READ, description="Its address book, in the order of writing.")
    async def addresses(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[LazyCustomerAddress]:
        paging = Paging(info, "customer_addresses", first, after, last, before)
        loaders, id_ = info.context.loaders.customers, self.database_id
        page = await loaders.address_pages.load((id_, paging.args))
        return paging.connection(
            page,
            addresses.CustomerAddress.of,
            lambda limit: loaders.address_counts.load((id_, limit)),
        )

    @owner(READ, description="Where its invoices go, if it has said.")
    async def default_billing_address(self, info: Info) -> LazyCustomerAddress | None:
        found = await info.context.loaders.customers.default_addresses.load(self.database_id)
        return addresses.default_of(found, "is_default_billing")

    @owner(READ, description="Where its parcels go, if it has said.")
    async def default_shipping_address(self, info: Info) -> LazyCustomerAddress | None:
        found = await info.context.loaders.customers.default_addresses.load(self.database_id)
        return addresses.default_of(found, "is_default_shipping")

    @owner(Scope.READ_CARTS, description="Its cart; null when it has none that is not bought yet.")
    async def cart(self, info: Info) -> LazyCart | None:
        row = await info.context.loaders.carts.open_by_customer.load(self.database_id)
        return None if row is None else carts.Cart.of(row)

    @owner(READ, description="What it has in the store's own fields, in their order.")
    async def extra_fields(self, info: Info) -> list[CustomerExtraValue]:
        fields = await info.context.loaders.customers.extra_fields.load(self.database_id)
        return extra_values(fields, self.extra)

    @owner(READ, description="Other ways to reach it, by position.")
    async def contacts(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[CustomerContact]:
        paging = Paging(info, "customer_contacts", first, after, last, before)
        loaders, id_ = info.context.loaders.customers, self.database_id
        page = await loaders.contact_pages.load((id_, paging.args))
        return paging.connection(
            page,
            CustomerContact.of,
            lambda limit: loaders.contact_counts.load((id_, limit)),
        )

    @owner(READ, description="What it said about being written to, the newest first.")
    async def marketing_consents(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[MarketingConsent]:
        paging = Paging(info, "marketing_consents", first, after, last, before)
        loaders, id_ = info.context.loaders.customers, self.database_id
        page = await loaders.consent_pages.load((id_, paging.args))
        return paging.connection(
            page, MarketingConsent.of, lambda limit: loaders.consent_counts.load((id_, limit))
        )

    @owner(
        Scope.READ_ORDERS, description="What it has bought, the newest first; archived ones too."
    )
    async def orders(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[LazyOrder]:
        paging = Paging(info, "customer_orders", first, after, last, before)
        loaders, id_ = info.context.loaders.orders, self.database_id
        page = await loaders.customer_order_pages.load((id_, paging.args))
        return paging.connection(
            page,
            orders.Order.of,
            lambda limit: loaders.customer_order_counts.load((id_, limit)),
        )

    @owner(Scope.READ_ORDERS, description="What it has bought so far, in sums.")
    async def purchases(self, info: Info) -> CustomerPurchases:
        sums = await info.context.loaders.orders.sums_by_customer.load(self.database_id)
        return CustomerPurchases.of(sums)
