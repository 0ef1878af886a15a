"""What something would cost, without a cart."""

from typing import Annotated

import strawberry

from commerce.carts.rules.content import Priced, PricedLine
from commerce.carts.rules.lines import MAX_LINES
from commerce.carts.service.calculating import Question, WantedItem
from commerce.core.places import Place
from commerce.core.problems import NotFound, Problem
from resolvers.carts.costs import CartCharge, CartCost
from resolvers.carts.types import CartCoupon, CartWarning, coupon_of
from resolvers.context import Info
from resolvers.costs import ListSize
from resolvers.money import Money
from resolvers.mutations import at_most
from resolvers.nodes import node_id, require_key
from resolvers.permissions import public
from resolvers.places import PlaceInput
from resolvers.problems import UserError, user_error
from resolvers.scalars import CurrencyCode
from resolvers.shipping.quotes import ShippingQuote
from resolvers.surcharges import Surcharge

SEVERAL = [ListSize(assumed_size=5)]


@strawberry.input(description="Units of a variant, by its id or its SKU.")
class CartCalculateLineInput:
    variant_id: strawberry.ID | None = strawberry.field(default=None, description="Its id.")
    sku: str | None = strawberry.field(default=None, description="Its SKU.")
    quantity: int = strawberry.field(default=1, description="How many units: 1 to 9,999.")


@strawberry.input(description="What is asked the price of.")
class CartCalculateInput:
    lines: list[CartCalculateLineInput] = strawberry.field(description="What, at most 100.")
    place: PlaceInput | None = strawberry.field(
        default=None, description="Where it would go; absent, the shop's own country is taxed."
    )
    codes: list[str] = strawberry.field(
        default_factory=list, description="Coupon codes, at most 10."
    )
    shipping_method_id: strawberry.ID | None = strawberry.field(
        default=None, description="How it would be sent."
    )
    payment_method: str | None = strawberry.field(
        default=None, description="How it would be paid: the `code` of a payment method."
    )
    currency_code: CurrencyCode | None = strawberry.field(
        default=None, description="One that the store sells in; absent, its own."
    )


@strawberry.type(description="What a line would be charged.")
class CartCalculatedLine:
    index: int = public("The place of the line in the question, from 0 on.")
    variant_id: strawberry.ID = public("What is bought.")
    quantity: int = public("How many units.")
    unit_price: Money = public("What a unit costs.")
    cost: CartCharge | None = public("What the line is charged.")

    @classmethod
    def of(cls, line: PricedLine, priced: Priced) -> "CartCalculatedLine":
        currency = priced.content.currency
        return cls(
            index=line.id - 1,
            variant_id=node_id("ProductVariant", line.variant_id),
            quantity=line.quantity,
            unit_price=Money.of(line.unit_price, currency),
            cost=CartCharge.maybe(priced.charge_of(line.id), currency),
        )


@strawberry.type(description="What it would come to, or why that cannot be said.")
class CartCalculation:
    cost: CartCost | None = public("What it comes to; null with errors.")
    lines: list[CartCalculatedLine] = public("Those that can be bought.", directives=SEVERAL)
    shipping_options: list[ShippingQuote] = public("All ways to send it.", directives=SEVERAL)
    surcharges: list[Surcharge] = public(
        "What would be charged beside goods and shipping.", directives=SEVERAL
    )
    coupons: list[CartCoupon] = public("The codes that were given.", directives=SEVERAL)
    warnings: list[CartWarning] = public("What is to be known of it.", directives=SEVERAL)
    user_errors: list[UserError] = public("Why that cannot be said.")

    @classmethod
    def of(cls, priced: Priced | Problem) -> "CartCalculation":
        if isinstance(priced, Problem):
            return cls(
                cost=None,
                lines=[],
                shipping_options=[],
                surcharges=[],
                coupons=[],
                warnings=[],
                user_errors=[user_error(priced)],
            )
        currency = priced.content.currency
        return cls(
            cost=CartCost.of(priced),
            lines=[CartCalculatedLine.of(line, priced) for line in priced.lines],
            shipping_options=[ShippingQuote.of(quote, currency) for quote in priced.quotes],
            surcharges=[Surcharge.of(each, currency) for each in priced.result.surcharges],
            coupons=[coupon_of(code, priced) for code in priced.content.codes],
            warnings=[CartWarning.of(warning) for warning in priced.warnings],
            user_errors=[],
        )


@strawberry.type
class CartCalculationQueries:
    @public("What something would cost the caller. Nothing is stored.")
    async def cart_calculate(
        self,
        info: Info,
        input: Annotated[
            CartCalculateInput, strawberry.argument(description="What is asked the price of.")
        ],
    ) -> CartCalculation:
        question = _question(input)
        if isinstance(question, Problem):
            return CartCalculation.of(question)
        service = info.context.services.cart_calculation
        return CartCalculation.of(await service.calculate(question))


def _question(input_: CartCalculateInput) -> Question | NotFound:
    at_most(input_.lines, "lines", MAX_LINES)
    items = []
    for place, line in enumerate(input_.lines):
        key = None
        if line.sku is None:
            key = require_key(
                line.variant_id or "", "ProductVariant", "lines", str(place), "variant_id"
            )
        if isinstance(key, NotFound):
            return key
        items.append(WantedItem(line.quantity, key, line.sku))
    wanted = input_.shipping_method_id
    method = None if wanted is None else require_key(wanted, "ShippingMethod", "shipping_method_id")
    if isinstance(method, NotFound):
        return method
    where = Place() if input_.place is None else input_.place.wanted()
    return Question(items, where, input_.codes, input_.currency_code, method, input_.payment_method)
