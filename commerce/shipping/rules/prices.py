"""What makes the prices of a method good. Pure."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from commerce.core.money import amount_flaw
from commerce.core.problems import Invalid
from commerce.shipping.kinds import ShippingKind

MAX_PRICES: Final = 50
MAX_RATES: Final = 200
MAX_SIZE: Final = Decimal(10) ** 12
ZERO: Final = Decimal(0)
HUNDRED: Final = Decimal(100)
DECIMALS: Final = 6  # of what is multiplied before it is an amount
AMOUNTS: Final = ("price", "free_from", "min_subtotal", "max_subtotal")
RATE_AMOUNTS: Final = ("price", "per_item")


def flat_price(amount: Decimal) -> Mapping[str, Any]:
    """The same for every parcel, in the store's currency."""
    bounds = dict.fromkeys(("currency", "free_from", "min_subtotal", "max_subtotal"))
    return {**bounds, "price": amount, "percent": Decimal(0), "rates": []}


def checked_prices(
    given: Sequence[Mapping[str, Any]], currency: str, kind: ShippingKind
) -> list[dict[str, Any]] | Invalid:
    """As they are stored, by currency; prices that name none are in the store's `currency`."""
    if not 1 <= len(given) <= MAX_PRICES:
        return Invalid(f"There are from 1 to {MAX_PRICES} prices.", ("prices",))
    found: dict[str, dict[str, Any]] = {}
    for place, price in enumerate(given):
        path = ("prices", str(place))
        values = {**price, "currency": price["currency"] or currency}
        if values["currency"] in found:
            return Invalid("There is one price for each currency.", (*path, "currency_code"))
        flaw = _flaw(values, kind)
        if flaw is not None:
            return Invalid(flaw.message, (*path, *flaw.path))
        values["rates"] = [_stored(rate) for rate in values["rates"]]
        found[values["currency"]] = values
    return [found[code] for code in sorted(found)]


def _flaw(price: Mapping[str, Any], kind: ShippingKind) -> Invalid | None:
    flaw = _amounts_flaw(price, AMOUNTS, price["currency"]) or _factor_flaw(
        price, "percent", HUNDRED
    )
    if flaw is not None:
        return flaw
    low, high = price["min_subtotal"], price["max_subtotal"]
    if low is not None and high is not None and low > high:
        return Invalid("The least must not be more than the most.", ("min_subtotal",))
    if kind is not ShippingKind.TABLE and price["rates"]:
        return Invalid("Only methods of the kind TABLE have rates.", ("rates",))
    if kind is ShippingKind.TABLE and not 1 <= len(price["rates"]) <= MAX_RATES:
        return Invalid(f"A table has from 1 to {MAX_RATES} rates.", ("rates",))
    for place, rate in enumerate(price["rates"]):
        flaw = _rate_flaw(rate, price["currency"])
        if flaw is not None:
            return Invalid(flaw.message, ("rates", str(place), *flaw.path))
    return None


def _rate_flaw(rate: Mapping[str, Any], currency: str) -> Invalid | None:
    first, last = rate["from"], rate["to"]
    if not ZERO <= first < MAX_SIZE:
        return Invalid("This must not be negative, nor too large.", ("from",))
    if last is not None and not first <= last < MAX_SIZE:
        return Invalid("A row must not end before it begins.", ("to",))
    return (
        _amounts_flaw(rate, RATE_AMOUNTS, currency)
        or _factor_flaw(rate, "percent", HUNDRED)
        or _factor_flaw(rate, "per_kilogram", MAX_SIZE)
    )


def _amounts_flaw(values: Mapping[str, Any], names: Sequence[str], currency: str) -> Invalid | None:
    for name in names:
        flaw = None if values[name] is None else amount_flaw(values[name], currency)
        if flaw is not None:
            return Invalid(f"The amount {flaw}.", (name,))
    return None


def _factor_flaw(values: Mapping[str, Any], name: str, most: Decimal) -> Invalid | None:
    factor = values[name]
    if ZERO <= factor <= most and factor == round(factor, DECIMALS):
        return None
    return Invalid(f"This is from 0 to {most}, with at most {DECIMALS} decimals.", (name,))


def _stored(rate: Mapping[str, Any]) -> dict[str, str | None]:
    """Numbers as text: JSON of the database would be read as floats."""
    return {name: None if number is None else format(number, "f") for name, number in rate.items()}
