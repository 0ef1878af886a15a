"""What the shop offers for a parcel."""

from datetime import date
from decimal import Decimal
from typing import Annotated

import strawberry

from commerce.core.money import amount_flaw
from commerce.core.problems import BadInputError
from commerce.shipping.rules import parcels
from resolvers.context import Info
from resolvers.costs import ListSize
from resolvers.money import Money
from resolvers.nodes import node_id
from resolvers.permissions import public
from resolvers.places import PlaceInput
from resolvers.scalars import CurrencyCode
from resolvers.shipping.kinds import ShippingKind
from resolvers.shipping.schedules import PickupAddress, ShippingSchedule

MAX_QUANTITY = 1_000_000


@strawberry.type(description="A way to get a parcel, and what it costs.")
class ShippingQuote:
    method_id: strawberry.ID = public("The shipping method.")
    code: str = public("The method's name for programs.")
    name: str = public("The method's name for people.")
    description: str = public("What customers are told of it.")
    kind: ShippingKind = public("Where its price comes from.")
    local_delivery: bool = public("Whether the shop brings the goods itself.")
    price: Money = public("What it costs, before tax where the shop's prices are without.")
    delivery_from: date | None = public("The first day the goods may arrive; null is not known.")
    delivery_to: date | None = public("The last day the goods should arrive by.")
    pickup_address: PickupAddress | None = public("Where the goods are fetched.")
    pickup_instructions: str = public("What customers are told for it.")
    schedule: ShippingSchedule | None = public("What customers may choose from; null is nothing.")

    @classmethod
    def of(cls, quote: parcels.ShippingQuote, currency: str) -> "ShippingQuote":
        return cls(
            method_id=node_id("ShippingMethod", quote.method_id),
            code=quote.code,
            name=quote.name,
            description=quote.description,
            kind=quote.kind,
            local_delivery=quote.local_delivery,
            price=Money.of(quote.price, currency),
            delivery_from=quote.delivery_from,
            delivery_to=quote.delivery_to,
            pickup_address=PickupAddress.maybe(quote.pickup_address),
            pickup_instructions=quote.pickup_instructions,
            schedule=ShippingSchedule.maybe(quote.schedule),
        )


def _parcel(
    info: Info, currency: str, value: Decimal, weight: int, quantity: int
) -> parcels.Parcel:
    flaw = amount_flaw(value, currency)
    if flaw is not None:
        raise BadInputError(f"value {flaw}.")
    if weight < 0 or not 1 <= quantity <= MAX_QUANTITY:
        raise BadInputError("weight must not be negative, and quantity at least 1.")
    group = info.context.viewer.customer_group_id
    return parcels.Parcel(currency, value, weight, quantity, customer_group_id=group)


@strawberry.type
class ShippingQuoteQueries:
    @public(
        "What the shop offers for a parcel to a place: the methods of the zones that are drawn"
        " most closely around it, and those that are offered everywhere.",
        directives=[ListSize(assumed_size=10)],
    )
    async def shipping_quotes(
        self,
        info: Info,
        country: Annotated[str, strawberry.argument(description="ISO 3166-1 alpha-2 code.")],
        weight: Annotated[int, strawberry.argument(description="Grams.")],
        value: Annotated[
            Decimal, strawberry.argument(description="What the goods cost before discounts.")
        ],
        region: Annotated[
            str | None, strawberry.argument(description="Code or name; unknown ones count as none.")
        ] = None,
        postal_code: Annotated[str | None, strawberry.argument(description="Postal code.")] = None,
        quantity: Annotated[int, strawberry.argument(description="Units.")] = 1,
        currency: Annotated[
            CurrencyCode | None, strawberry.argument(description="Absent, the store's.")
        ] = None,
    ) -> list[ShippingQuote]:
        services = info.context.services
        code = currency or (await services.store.settings()).currency
        place = PlaceInput(country=country, region=region, postal_code=postal_code).wanted()
        parcel = _parcel(info, code, value, weight, quantity)
        await services.shipping_quotes.prepare(place, parcel)
        quotes = await services.shipping_quotes.quotes(place, parcel, services.clock())
        return [ShippingQuote.of(quote, code) for quote in quotes]
