"""What Shopkit says a product or an option costs."""

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final, NamedTuple

from commerce.rest.printing import amount, percent_off, shortest
from commerce.rest.route import Node

NOTHING_OFF: Final = Decimal(0)
DIGITS: Final = Decimal("0.00001")
NO_BREAK: Final = "\N{NO-BREAK SPACE}"


class Prices(NamedTuple):
    """Shopkit's `price` is the usual one; `promo` is what a promotion makes of it, or 0."""

    price: Decimal | None = None
    promo: Decimal = NOTHING_OFF
    written: str | None = None
    promo_written: str | None = None
    includes_tax: bool = False

    @property
    def current(self) -> Decimal | None:
        return self.promo or self.price

    def without_tax(self, percent: Decimal) -> Decimal | None:
        """Of the usual price."""
        if self.price is None or not self.includes_tax:
            return self.price
        return shortest((self.price * 100 / (100 + percent)).quantize(DIGITS, ROUND_HALF_UP))

    def printed(self, percent: Decimal) -> dict[str, Any]:
        """The keys that products and options share."""
        return {
            "price": self.price,
            "price_formatted": self.written,
            "price_promo": self.promo,
            "price_promo_formatted": self.promo_written,
            "price_promo_percentage": percent_off(self.promo, self.price) if self.promo else None,
            "price_without_tax": self.without_tax(percent),
            "promo": bool(self.promo),
        }


def prices_of(variant: Node) -> Prices:
    pricing = variant["pricing"] or {}
    now, before = pricing.get("price"), pricing.get("compareAt")
    price, usual = amount(now), amount(before)
    if price is None:
        return Prices()
    includes_tax = bool(pricing["pricesIncludeTax"])
    if usual is not None and usual > price > 0:  # a promotion of 0 would mean none
        return Prices(shortest(usual), shortest(price), written(before), written(now), includes_tax)
    return Prices(shortest(price), written=written(now), includes_tax=includes_tax)


def cheapest(of_variants: Iterable[Prices]) -> Prices:
    """Those of the variant that costs least now."""
    priced = [(prices.current, prices) for prices in of_variants]
    known = [(current, prices) for current, prices in priced if current is not None]
    return min(known, key=lambda pair: pair[0])[1] if known else Prices()


def percent_of(node: Node, *, taxable: bool) -> Decimal:
    """The tax; nothing on what is not taxed at all."""
    return shortest(Decimal(node["taxPercent"])) if taxable else Decimal(0)


def written(money: Any) -> str:
    """`6,76 €` with a plain space."""
    return str(money["formatted"]).replace(NO_BREAK, " ").replace("\u202f", " ")
