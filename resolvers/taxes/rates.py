"""Rates: those of a zone, and those that hold at a place."""

from decimal import Decimal
from typing import Annotated, Any

import strawberry

from commerce.taxes.rules.percents import plain
from resolvers.context import Info
from resolvers.nodes import key_of
from resolvers.permissions import public
from resolvers.places import PlaceInput
from resolvers.taxes.classes import TaxClass


@strawberry.type(description="A tax on goods.")
class TaxRate:
    name: str = public("What it is called.")
    percent: Decimal = public("How many percent of the net price.")
    compound: bool = public("Whether it is also on the taxes that come before it.")
    applies_to_shipping: bool = public("Whether shipping that is taxed like the goods bears it.")

    @classmethod
    def of(cls, rate: Any) -> "TaxRate":
        return cls(
            name=rate.name,
            percent=rate.percent,
            compound=rate.compound,
            applies_to_shipping=rate.on_shipping,
        )


@strawberry.type(description="A tax of a zone.")
class TaxZoneRate(TaxRate):
    class_id: strawberry.Private[int | None]

    @classmethod
    def of(cls, row: Any) -> "TaxZoneRate":
        return cls(
            name=row.name,
            percent=plain(row.percent),
            compound=row.compound,
            applies_to_shipping=row.applies_to_shipping,
            class_id=row.class_id,
        )

    @public("The goods it is on; null means those of every class.")
    async def tax_class(self, info: Info) -> TaxClass | None:
        if self.class_id is None:
            return None
        row = await info.context.loaders.taxes.class_by_id.load(self.class_id)
        return None if row is None else TaxClass.of(row)


@strawberry.type(description="The rates that hold at a place.")
class TaxQuote:
    goods: list[TaxRate] = public("Those on goods of the class, in their order.")
    shipping: list[TaxRate] | None = public(
        "Those on shipping; null where it is taxed like the goods that are sent."
    )


@strawberry.type
class TaxRateQueries:
    @public(
        "The taxes that goods sent to a place bear: what the tax service said when it was asked for"
        " a cart there, otherwise what the store's own zones say.",
    )
    async def tax_rates(
        self,
        info: Info,
        place: Annotated[PlaceInput, strawberry.argument(description="Where they are sent.")],
        tax_class_id: Annotated[
            strawberry.ID | None,
            strawberry.argument(description="What they are; absent means the default class."),
        ] = None,
    ) -> TaxQuote:
        table = await info.context.services.tax_rates.table(place.wanted())
        shipping = table.shipping
        return TaxQuote(
            goods=[TaxRate.of(rate) for rate in table.of(key_of(tax_class_id, "TaxClass"))],
            shipping=None if shipping is None else [TaxRate.of(rate) for rate in shipping],
        )
