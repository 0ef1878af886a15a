"""What is charged beside goods and shipping."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import strawberry

from commerce.pricing.kinds import SurchargeBase, SurchargeKind, SurchargeSource
from commerce.pricing.rules.totals import SurchargeTotal
from resolvers.enums import described
from resolvers.money import Money
from resolvers.permissions import public

described(
    SurchargeKind,
    "How a surcharge is counted.",
    FIXED="An amount.",
    PERCENT="So much of a hundred.",
)
described(
    SurchargeBase,
    "What a surcharge in percent is taken of, after discounts.",
    SUBTOTAL="The goods.",
    SUBTOTAL_AND_SHIPPING="The goods and shipping.",
)
described(
    SurchargeSource,
    "What a surcharge is for.",
    PAYMENT_METHOD="For paying in this way.",
    SHIPPING_HANDLING="For packing and sending.",
    MANUAL="For whatever the shop's people say.",
)


@strawberry.type(
    description="What is charged beside goods and shipping. No promotion lowers it; net and tax add"
    " up to gross."
)
class Surcharge:
    code: str = public("Name for programs, unique in a cart or an order.")
    name: str = public("Name for people.")
    source: SurchargeSource = public("What it is for.")
    kind: SurchargeKind = public("How it is counted.")
    base: SurchargeBase = public("What a percentage is taken of.")
    value: Decimal = public("How much: an amount, or a percentage.")
    amount: Money = public("What it comes to, as prices are shown.")
    net: Money = public("Without taxes.")
    tax: Money = public("Taxes.")
    gross: Money = public("With taxes.")

    @classmethod
    def of(cls, total: SurchargeTotal, currency: str) -> "Surcharge":
        """One that was calculated right now."""
        surcharge, charge = total.surcharge, total.charge
        return cls(
            code=surcharge.code,
            name=surcharge.name,
            source=surcharge.source,
            kind=surcharge.kind,
            base=surcharge.base,
            value=surcharge.value,
            amount=Money.of(charge.subtotal, currency),
            net=Money.of(charge.net, currency),
            tax=Money.of(charge.tax, currency),
            gross=Money.of(charge.gross, currency),
        )

    @classmethod
    def kept(cls, held: Mapping[str, Any], currency: str) -> "Surcharge":
        """One that an order keeps."""
        charge = held["charge"]
        return cls(
            code=held["code"],
            name=held["name"],
            source=SurchargeSource(held["source"]),
            kind=SurchargeKind(held["kind"]),
            base=SurchargeBase(held["base"]),
            value=Decimal(held["value"]),
            amount=Money.of(Decimal(charge["subtotal"]), currency),
            net=Money.of(Decimal(charge["net"]), currency),
            tax=Money.of(Decimal(charge["tax"]), currency),
            gross=Money.of(Decimal(charge["gross"]), currency),
        )


__all__ = ["Surcharge", "SurchargeBase", "SurchargeKind", "SurchargeSource"]
