"""What an order and its lines cost, exactly as it was calculated."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

import strawberry

from commerce.core.viewer import Scope
from commerce.orders.rules.paying import balance
from commerce.promotions.rules.stored import STAGES as KEPT_STAGES
from resolvers.context import Info
from resolvers.costs import ListSize
from resolvers.money import Money
from resolvers.permissions import public, requires
from resolvers.promotions.kinds import DiscountOn

FEW = [ListSize(assumed_size=3)]
STAGES: Final = {stage.name.lower(): place for place, stage in KEPT_STAGES.items()}


@strawberry.type(description="A tax, and how much of it there is.")
class OrderTaxLine:
    name: str = public("What the tax is called.")
    percent: Decimal = public("Its rate.")
    amount: Money = public("How much it is.")

    @classmethod
    def of(cls, held: Mapping[str, Any], currency: str) -> "OrderTaxLine":
        return cls(
            name=held["name"],
            percent=Decimal(held["percent"]),
            amount=Money.of(Decimal(held["amount"]), currency),
        )


@strawberry.type(description="Amounts before rounding, to six decimals.")
class OrderExactAmounts:
    discount: Decimal = public("What was taken off.")
    net: Decimal = public("Without taxes.")
    tax: Decimal = public("Taxes.")
    gross: Decimal = public("With taxes.")

    @classmethod
    def of(cls, held: Mapping[str, Any]) -> "OrderExactAmounts":
        return cls(
            discount=Decimal(held["discount"]),
            net=Decimal(held["net"]),
            tax=Decimal(held["tax"]),
            gross=Decimal(held["gross"]),
        )


@strawberry.type(description="What a line, or shipping, is charged. Net and tax add up to gross.")
class OrderCharge:
    subtotal: Money = public("Before discounts, as prices are shown.")
    discount: Money = public("What was taken off.")
    net: Money = public("Without taxes.")
    tax: Money = public("Taxes.")
    gross: Money = public("With taxes.")
    tax_lines: list[OrderTaxLine] = public("Tax by tax.", directives=FEW)
    exact: OrderExactAmounts = public("The same before rounding.")

    @classmethod
    def of(cls, held: Mapping[str, Any], currency: str) -> "OrderCharge":
        return cls(
            subtotal=Money.of(Decimal(held["subtotal"]), currency),
            discount=Money.of(Decimal(held["discount"]), currency),
            net=Money.of(Decimal(held["net"]), currency),
            tax=Money.of(Decimal(held["tax"]), currency),
            gross=Money.of(Decimal(held["gross"]), currency),
            tax_lines=[OrderTaxLine.of(tax, currency) for tax in held["taxes"]],
            exact=OrderExactAmounts.of(held["exact"]),
        )


@strawberry.type(description="What a promotion gave.")
class OrderDiscount:
    name: str = public("What the promotion was called.")
    code: str | None = public("The coupon code, if one was needed.")
    amount: Money = public("How much it gave.")
    exact: Decimal = public("The same before rounding.")
    applies_to: DiscountOn | None = public("What became cheaper; null in orders of old.")
    percent: Decimal | None = public("How many percent it took off; null if it took no percentage.")
    amount_off: Money | None = public("The amount it promised; null if it promised none.")

    @classmethod
    def of(cls, held: Mapping[str, Any], currency: str) -> "OrderDiscount":
        value = held.get("value") or {}
        return cls(
            name=held["name"],
            code=held["code"],
            amount=Money.of(Decimal(held["amount"]), currency),
            exact=Decimal(held["exact"]),
            applies_to=STAGES.get(held.get("stage", "")),
            percent=_decimal(value.get("percent")),
            amount_off=None
            if "amount" not in value
            else Money.of(Decimal(value["amount"]), currency),
        )


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


@strawberry.type(description="One step of the calculation, exact to six decimals.")
class OrderCostStep:
    kind: str = public(
        "What was done: `price`, `discount`, `surcharge`, `net`, `tax`, `rounding`, `gift_card`."
    )
    subject: str = public(
        "What was changed: `line:0` is the first line, `shipping`, `surcharge:cash`, `order`."
    )
    cause: str = public("What changed it: `promotion:3`, `tax:1`.")
    before: Decimal = public("The amount before.")
    change: Decimal = public("By how much it changed.")
    after: Decimal = public("The amount after.")

    @classmethod
    def of(cls, held: Mapping[str, Any]) -> "OrderCostStep":
        return cls(
            kind=held["kind"],
            subject=held["subject"],
            cause=held["cause"],
            before=Decimal(held["before"]),
            change=Decimal(held["change"]),
            after=Decimal(held["after"]),
        )


@strawberry.type(
    description="What an order comes to. Lines, shipping and surcharges add up to `total`; less"
    " gift cards it is `due`."
)
class OrderCost:
    subtotal: Money = public("All lines before discounts.")
    discount: Money = public("What was taken off, of shipping too.")
    surcharge: Money = public("All surcharges, taxes included.")
    net: Money = public("Without taxes.")
    tax: Money = public("Taxes.")
    total: Money = public("What is charged.")
    gift_cards: Money = public("What gift cards have paid.")
    due: Money = public("What is left to be paid otherwise.")
    authorized: Money = public("What of it is set aside.")
    paid: Money = public("What of it has come.")
    refunded: Money = public("What went back.")
    balance: Money = public("What is still to come; below zero, what is still to go back.")
    tax_lines: list[OrderTaxLine] = public("Tax by tax.", directives=FEW)
    discounts: list[OrderDiscount] = public("Promotion by promotion.", directives=FEW)
    exact: OrderExactAmounts = public("The sums before rounding.")
    order_id: strawberry.Private[int]
    shipping_held: strawberry.Private[Mapping[str, Any] | None]
    currency: strawberry.Private[str]

    @classmethod
    def of(cls, row: Any) -> "OrderCost":
        code = row.currency
        return cls(
            subtotal=Money.of(row.subtotal, code),
            discount=Money.of(row.discount, code),
            surcharge=Money.of(row.surcharge, code),
            net=Money.of(row.net, code),
            tax=Money.of(row.tax, code),
            total=Money.of(row.total, code),
            gift_cards=Money.of(row.gift_cards, code),
            due=Money.of(row.due, code),
            authorized=Money.of(row.authorized, code),
            paid=Money.of(row.paid, code),
            refunded=Money.of(row.refunded, code),
            balance=Money.of(_balance(row), code),
            tax_lines=[OrderTaxLine.of(tax, code) for tax in row.taxes],
            discounts=[OrderDiscount.of(given, code) for given in row.discounts],
            exact=OrderExactAmounts.of(row.exact),
            order_id=row.id,
            shipping_held=row.shipping_charge,
            currency=code,
        )

    @public("What shipping is charged; null when nothing is sent.")
    def shipping(self) -> OrderCharge | None:
        held = self.shipping_held
        return None if held is None else OrderCharge.of(held, self.currency)

    @requires(Scope.READ_ORDERS, description="Why it comes to that, step by step.")
    async def trace(self, info: Info) -> list[OrderCostStep]:
        steps = await info.context.loaders.orders.traces.load(self.order_id)
        return [OrderCostStep.of(step) for step in steps]


def _balance(row: Any) -> Decimal:
    return balance(row.due, row.paid, row.refunded, canceled=row.canceled_at is not None)
