"""What shipping methods cost: by currency, and by the rows of a table."""

from decimal import Decimal
from typing import Any

import strawberry

from resolvers.costs import ListSize
from resolvers.money import Money
from resolvers.permissions import public
from resolvers.scalars import CurrencyCode

ZERO = Decimal(0)


@strawberry.type(
    description="A row of a table. What it says is added up; bounds are inclusive, and of two rows"
    " that touch the one that starts later counts."
)
class ShippingRate:
    from_: Decimal = public("From this much on: grams, money or units.", name="from")
    to: Decimal | None = public("Up to this much; null has no end.")
    price: Money = public("For the whole parcel.")
    percent: Decimal = public("Percent of what the goods cost.")
    per_item: Money = public("For each unit.")
    per_kilogram: Decimal = public("For each kilogram, in the currency of the price.")

    @classmethod
    def of(cls, stored: Any, currency: str) -> "ShippingRate":
        return cls(
            from_=Decimal(stored["from"]),
            to=None if stored["to"] is None else Decimal(stored["to"]),
            price=Money.of(Decimal(stored["price"]), currency),
            percent=Decimal(stored["percent"]),
            per_item=Money.of(Decimal(stored["per_item"]), currency),
            per_kilogram=Decimal(stored["per_kilogram"]),
        )


@strawberry.type(description="What a method costs in one currency.")
class ShippingPrice:
    currency_code: CurrencyCode = public("The currency.")
    price: Money = public("The price, added to that of the table or the carrier.")
    percent: Decimal = public("Percent of what the goods cost, added too.")
    free_from: Money | None = public("Goods that cost this much or more are sent for nothing.")
    min_subtotal: Money | None = public("Not offered for goods that cost less.")
    max_subtotal: Money | None = public("Not offered for goods that cost more.")
    rates: list[ShippingRate] = public(
        "The rows of its table.", directives=[ListSize(assumed_size=10)]
    )

    @classmethod
    def of(cls, row: Any) -> "ShippingPrice":
        currency = row.currency
        return cls(
            currency_code=CurrencyCode(currency),
            price=Money.of(row.price, currency),
            percent=row.percent.normalize(),
            free_from=Money.maybe(row.free_from, currency),
            min_subtotal=Money.maybe(row.min_subtotal, currency),
            max_subtotal=Money.maybe(row.max_subtotal, currency),
            rates=[ShippingRate.of(rate, currency) for rate in row.rates],
        )


@strawberry.input(description="A row of a table; what it says is added up.")
class ShippingRateInput:
    from_: Decimal = strawberry.field(
        default=ZERO, name="from", description="From this much on: grams, money or units."
    )
    to: Decimal | None = strawberry.field(
        default=None, description="Up to this much; null has no end."
    )
    price: Decimal = strawberry.field(default=ZERO, description="For the whole parcel.")
    percent: Decimal = strawberry.field(default=ZERO, description="Percent of what the goods cost.")
    per_item: Decimal = strawberry.field(default=ZERO, description="For each unit.")
    per_kilogram: Decimal = strawberry.field(default=ZERO, description="For each kilogram.")

    def values(self) -> dict[str, Any]:
        return {
            "from": self.from_,
            "to": self.to,
            "price": self.price,
            "percent": self.percent,
            "per_item": self.per_item,
            "per_kilogram": self.per_kilogram,
        }


@strawberry.input(description="What a method costs in one currency.")
class ShippingPriceInput:
    currency_code: CurrencyCode | None = strawberry.field(
        default=None, description="The currency; absent, the store's."
    )
    price: Decimal = strawberry.field(
        default=ZERO, description="The price, added to that of the table or the carrier."
    )
    percent: Decimal = strawberry.field(
        default=ZERO, description="Percent of what the goods cost, added too."
    )
    free_from: Decimal | None = strawberry.field(
        default=None, description="Goods that cost this much or more are sent for nothing."
    )
    min_subtotal: Decimal | None = strawberry.field(
        default=None, description="Not offered for goods that cost less."
    )
    max_subtotal: Decimal | None = strawberry.field(
        default=None, description="Not offered for goods that cost more."
    )
    rates: list[ShippingRateInput] = strawberry.field(
        default_factory=list, description="The rows of its table; for the kind TABLE alone."
    )

    def values(self) -> dict[str, Any]:
        return {
            "currency": self.currency_code,
            "price": self.price,
            "percent": self.percent,
            "free_from": self.free_from,
            "min_subtotal": self.min_subtotal,
            "max_subtotal": self.max_subtotal,
            "rates": [rate.values() for rate in self.rates],
        }
