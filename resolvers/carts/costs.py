"""What a cart, its lines and its shipping come to."""

from collections.abc import Iterable
from decimal import Decimal

import strawberry

from commerce.carts.rules.content import Priced
from commerce.pricing.rules.promotions import Amount, Percent
from commerce.pricing.rules.totals import Calculation, Charge, DiscountTotal, gross_of
from commerce.pricing.rules.trace import Step
from resolvers.costs import ListSize
from resolvers.money import Money
from resolvers.nodes import node_id
from resolvers.permissions import public

FEW = [ListSize(assumed_size=3)]


@strawberry.type(description="A tax, and how much of it there is.")
class CartTaxLine:
    name: str = public("What the tax is called.")
    percent: Decimal = public("Its rate.")
    net: Money = public("What it is taken of.")
    amount: Money = public("How much it is.")


@strawberry.type(description="What a line, or shipping, is charged. Net and tax add up to gross.")
class CartCharge:
    subtotal: Money = public("Before discounts, as prices are shown.")
    discount: Money = public("What is taken off.")
    net: Money = public("Without taxes.")
    tax: Money = public("Taxes.")
    gross: Money = public("With taxes.")

    @classmethod
    def of(cls, charge: Charge, currency: str) -> "CartCharge":
        return cls(
            subtotal=Money.of(charge.subtotal, currency),
            discount=Money.of(charge.discount, currency),
            net=Money.of(charge.net, currency),
            tax=Money.of(charge.tax, currency),
            gross=Money.of(charge.gross, currency),
        )

    @classmethod
    def maybe(cls, charge: Charge | None, currency: str) -> "CartCharge | None":
        return None if charge is None else cls.of(charge, currency)


@strawberry.type(description="What a promotion gives.")
class CartDiscount:
    name: str = public("What the promotion is called.")
    code: str | None = public("The coupon code, if one is needed.")
    amount: Money = public("How much it gives.")
    promotion_id: strawberry.ID = public("The promotion.")
    percent: Decimal | None = public("How many percent it takes off; null for no percentage.")
    amount_off: Money | None = public("The amount it promises; null where it promises none.")

    @classmethod
    def of(cls, total: DiscountTotal, currency: str) -> "CartDiscount":
        value = total.promotion.value
        return cls(
            promotion_id=node_id("Promotion", total.promotion.id),
            percent=value.percent if isinstance(value, Percent) else None,
            amount_off=Money.of(value.amount, currency) if isinstance(value, Amount) else None,
            name=total.promotion.name,
            code=total.promotion.code,
            amount=Money.of(total.amount, currency),
        )


@strawberry.type(description="One step of the calculation, exact to six decimals.")
class CartCostStep:
    kind: str = public(
        "What was done: `price`, `discount`, `surcharge`, `net`, `tax`, `rounding`, `gift_card`."
    )
    subject: str = public("What was changed: `line:7`, `shipping`, `surcharge:cash`, `order`.")
    cause: str = public("What changed it: `promotion:3`, `tax:1`.")
    before: Decimal = public("The amount before.")
    change: Decimal = public("By how much it changed.")
    after: Decimal = public("The amount after.")

    @classmethod
    def of(cls, step: Step) -> "CartCostStep":
        return cls(
            kind=step.kind,
            subject=step.subject,
            cause=step.cause,
            before=step.before,
            change=step.change,
            after=step.after,
        )


@strawberry.type(
    description="What a cart comes to. Lines, shipping and surcharges add up to `total`; less"
    " gift cards it is `due`."
)
class CartCost:
    subtotal: Money = public("All lines before discounts.")
    discount: Money = public("What is taken off, of shipping too.")
    shipping: CartCharge | None = public("Shipping; null until a way is selected.")
    surcharge: Money = public("All surcharges, taxes included.")
    net: Money = public("Without taxes.")
    tax: Money = public("Taxes.")
    total: Money = public("What is charged.")
    gift_cards: Money = public("What gift cards pay of it.")
    due: Money = public("What is left to be paid otherwise.")
    tax_lines: list[CartTaxLine] = public("Tax by tax.", directives=FEW)
    discounts: list[CartDiscount] = public("Promotion by promotion.", directives=FEW)
    steps: strawberry.Private[tuple[Step, ...]]

    @classmethod
    def of(cls, priced: Priced) -> "CartCost":
        result, code = priced.result, priced.content.currency
        return cls(
            subtotal=Money.of(result.subtotal, code),
            discount=Money.of(result.discount, code),
            shipping=CartCharge.maybe(result.shipping, code),
            surcharge=Money.of(gross_of(result.surcharges), code),
            net=Money.of(result.net, code),
            tax=Money.of(result.tax, code),
            total=Money.of(result.total, code),
            gift_cards=Money.of(result.total - result.due, code),
            due=Money.of(result.due, code),
            tax_lines=_tax_lines(result, code),
            discounts=_discounts(result.discounts, code),
            steps=result.trace,
        )

    @public(
        "Why it comes to that: every step, in the order it was taken.",
        directives=[ListSize(assumed_size=20)],
    )
    def trace(self) -> list[CartCostStep]:
        return [CartCostStep.of(step) for step in self.steps]


def _tax_lines(result: Calculation, currency: str) -> list[CartTaxLine]:
    return [
        CartTaxLine(
            name=total.rate.name,
            percent=total.rate.percent,
            net=Money.of(total.net, currency),
            amount=Money.of(total.amount, currency),
        )
        for total in result.taxes
    ]


def _discounts(totals: Iterable[DiscountTotal], currency: str) -> list[CartDiscount]:
    """Promotions that apply, but give nothing here, are not told of."""
    return [CartDiscount.of(total, currency) for total in totals if total.exact]
