"""Price lists: the type, the list of them and the mutation."""

from datetime import datetime
from typing import Any

import strawberry

from commerce.core.problems import NotFound, Problem
from commerce.core.viewer import Scope
from resolvers.connections import After, Before, Connection, First, Last, Paging
from resolvers.context import Info
from resolvers.inputs import given
from resolvers.mutations import mutation
from resolvers.nodes import Node, node_id, require_key
from resolvers.permissions import public, requires
from resolvers.pricing import prices
from resolvers.pricing.lazy import LazyPrice
from resolvers.problems import UserError, user_error
from resolvers.scalars import CurrencyCode

UNSET: Any = strawberry.UNSET


@strawberry.type(description="Prices in one currency, for whom and when the list says.")
class PriceList(Node):
    code: str = public("Name for programs, unique.")
    name: str = public("Name for people.")
    currency_code: CurrencyCode = public("The currency of its prices.")
    customer_group_id: strawberry.ID | None = public("The group it is for; null is everybody.")
    is_default: bool = public("Whether prices are looked for here when no other list has one.")
    prices_include_tax: bool = public("Whether tax is in its prices already.")
    priority: int = public("Among lists that apply, the one with the highest priority counts.")
    active: bool = public("Whether it is used at all.")
    starts_at: datetime | None = public("It applies from this time on.")
    ends_at: datetime | None = public("It applies until just before this time.")
    version: int = public("Counts its changes.")
    created_at: datetime = public("When it was added.")
    updated_at: datetime = public("When it was last changed.")

    @classmethod
    def of(cls, row: Any) -> "PriceList":
        return cls(
            id=node_id("PriceList", row.id),
            database_id=row.id,
            code=row.code,
            name=row.name,
            currency_code=row.currency,
            customer_group_id=_group_id(row.customer_group_id),
            is_default=row.is_default,
            prices_include_tax=row.prices_include_tax,
            priority=row.priority,
            active=row.active,
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            version=row.version,
            created_at=row.created_at,
            updated_at=row.updated_at,
        )

    @public("Whether it is used just now: it is active, and its time is there and not over.")
    def applies(self, info: Info) -> bool:
        now = info.context.loaders.pricing.at
        begun = self.starts_at is None or self.starts_at <= now
        return self.active and begun and (self.ends_at is None or now < self.ends_at)

    @public("The prices in it, by variant and quantity.")
    async def prices(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[LazyPrice]:
        pricing, id_ = info.context.loaders.pricing, self.database_id
        paging = Paging(info, "price_list.prices", first, after, last, before)
        page = await pricing.price_pages.load((id_, paging.args))
        return paging.connection(
            page, prices.Price.of, lambda limit: pricing.price_counts.load((id_, limit))
        )


@strawberry.input(
    description="A price list to change (by `id`, or by `code`), or to add when there is none."
)
class PriceListUpsertInput:
    id: strawberry.ID | None = strawberry.field(
        default=None, description="The list to change; absent, the one with this code is."
    )
    code: str | None = strawberry.field(
        default=UNSET, description="Name for programs; made of `name` when absent."
    )
    name: str | None = strawberry.field(
        default=UNSET, description="Name for people; required for a new list."
    )
    currency_code: CurrencyCode | None = strawberry.field(
        default=UNSET, description="Currency of its prices; fixed once it has some."
    )
    customer_group_id: strawberry.ID | None = strawberry.field(
        default=UNSET,
        description="The group it is for; null is everybody. Visitors count to the built-in group.",
    )
    is_default: bool | None = strawberry.field(
        default=UNSET, description="True takes the place of the default list."
    )
    prices_include_tax: bool | None = strawberry.field(
        default=UNSET, description="Whether tax is in its prices already."
    )
    priority: int | None = strawberry.field(
        default=UNSET, description="Among lists that apply, the highest counts."
    )
    active: bool | None = strawberry.field(default=UNSET, description="Whether it is used at all.")
    starts_at: datetime | None = strawberry.field(
        default=UNSET, description="It applies from this time on; null is always."
    )
    ends_at: datetime | None = strawberry.field(
        default=UNSET, description="It applies until just before this time; null is for ever."
    )
    expected_version: int | None = strawberry.field(
        default=None, description="Change nothing unless the stored version is this one."
    )


NULLABLE = ("customer_group_id", "starts_at", "ends_at")


@strawberry.type(description="The price list as it is now, or why nothing was changed.")
class PriceListUpsertPayload:
    price_list: PriceList | None = public("The price list; null with errors.")
    user_errors: list[UserError] = public("Why nothing was changed.")

    @classmethod
    def of(cls, result: Any) -> "PriceListUpsertPayload":
        if isinstance(result, Problem):
            return cls(price_list=None, user_errors=[user_error(result)])
        return cls(price_list=PriceList.of(result), user_errors=[])


@strawberry.type
class PriceListQueries:
    @requires(Scope.READ_PRICES, description="Price lists, by code.")
    async def price_lists(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[PriceList]:
        paging = Paging(info, "price_lists", first, after, last, before)
        service = info.context.services.prices
        page = await service.lists(paging.args)
        return paging.connection(page, PriceList.of, service.count_lists)


@strawberry.type
class PriceListMutations:
    @mutation(Scope.WRITE_PRICES, description="Add a price list, or change the given parts of one.")
    async def price_list_upsert(
        self, info: Info, input: PriceListUpsertInput
    ) -> PriceListUpsertPayload:
        id_ = None if input.id is None else require_key(input.id, "PriceList", "id")
        if isinstance(id_, Problem):
            return PriceListUpsertPayload.of(id_)
        values = _columns(input)
        if isinstance(values, Problem):
            return PriceListUpsertPayload.of(values)
        service = info.context.services.prices
        return PriceListUpsertPayload.of(await service.upsert(id_, values, input.expected_version))


def _columns(input_: PriceListUpsertInput) -> dict[str, Any] | NotFound:
    """What of the list is written."""
    values = given(input_, "id", "expected_version", nullable=NULLABLE)
    if "currency_code" in values:
        values["currency"] = values.pop("currency_code")
    if values.get("customer_group_id") is None:
        return values
    group = require_key(values["customer_group_id"], "CustomerGroup", "customer_group_id")
    return group if isinstance(group, NotFound) else values | {"customer_group_id": group}


def _group_id(key: int | None) -> strawberry.ID | None:
    return None if key is None else node_id("CustomerGroup", key)
