"""What a promotion can be: the first thing that is wrong with one, by field."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import time
from decimal import Decimal
from typing import Any, Final

from commerce.core.money import amount_flaw
from commerce.core.problems import Invalid
from commerce.core.text import text_flaw, words_flaw
from commerce.pricing.rules.promotions import (
    Amount,
    Bundle,
    BuyXGetY,
    Conditions,
    FixedPrice,
    FreeShipping,
    Percent,
    Selection,
    Value,
)
from commerce.promotions.kinds import DiscountOn

Whole = Mapping[str, Any]

MAX_NAME: Final = 1024
MAX_DESCRIPTION: Final = 5_000
MAX_WORD: Final = 200
MAX_NUMBER: Final = 1_000_000_000
MAX_CHOSEN: Final = 250
HUNDRED: Final = Decimal(100)
HOUR: Final = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")
COUNTRY: Final = re.compile("[A-Z]{2}")
NUMBERS: Final = ("most_units", "least_units", "usage_limit", "per_customer_limit")


def promotion_flaw(whole: Whole) -> Invalid | None:
    """Why a promotion with these values, all of them, cannot be; None when it can."""
    checks: Iterable[Callable[[Whole], Invalid | None]] = (
        _texts_flaw,
        _value_flaw,
        _place_flaw,
        _amounts_flaw,
        _numbers_flaw,
        lambda whole: _conditions_flaw(whole["conditions"]),
        lambda whole: selection_flaw(whole["target"], "target"),
        _schedule_flaw,
    )
    return next((flaw for check in checks if (flaw := check(whole)) is not None), None)


def hour_of(text: str, *path: str) -> time | Invalid:
    """`09:30`."""
    found = HOUR.fullmatch(text)
    if found is None:
        return Invalid("An hour is written like 09:30.", path)
    return time(int(found[1]), int(found[2]))


def code_flaw(code: str, *path: str) -> Invalid | None:
    return text_flaw(code, MAX_WORD, *path)


def number_flaw(number: int | None, *path: str) -> Invalid | None:
    """For limits: whole numbers from 1 on."""
    if number is None or 1 <= number <= MAX_NUMBER:
        return None
    return Invalid(f"This must be from 1 to {MAX_NUMBER}.", path)


def selection_flaw(selection: Selection, *path: str) -> Invalid | None:
    for name in Selection.__slots__:
        chosen = getattr(selection, name)
        if isinstance(chosen, frozenset) and len(chosen) > MAX_CHOSEN:
            return Invalid(f"At most {MAX_CHOSEN} can be chosen.", (*path, name))
    words = {"tags": selection.tags, "attributes": {value for _, value in selection.attributes}}
    for name, texts in words.items():
        for text in sorted(texts):
            flaw = text_flaw(text, MAX_WORD, *path, name)
            if flaw is not None:
                return flaw
    return None


def has_amounts(whole: Whole) -> bool:
    """Whether the promotion speaks of money, and so of a currency."""
    return any(amount is not None for amount, _ in _amounts(whole))


def _texts_flaw(whole: Whole) -> Invalid | None:
    flaw = text_flaw(whole["name"], MAX_NAME, "name") or words_flaw(
        whole["description"], MAX_DESCRIPTION, "description"
    )
    if flaw is None and whole["external_id"] is not None:
        flaw = text_flaw(whole["external_id"], MAX_WORD, "external_id")
    return flaw


def _value_flaw(whole: Whole) -> Invalid | None:
    match whole["value"]:
        case Percent(percent):
            return _percent_flaw(percent, "value", "percent")
        case Amount(amount):
            empty = not amount
            path = ("value", _amount_field(whole["value"]))
            return Invalid("This must be more than zero.", path) if empty else None
        case BuyXGetY() as bonus:
            path = ("value", "buy_x_get_y")
            return (
                number_flaw(bonus.buy, *path, "buy")
                or number_flaw(bonus.get, *path, "get")
                or number_flaw(bonus.most, *path, "most")
                or _percent_flaw(bonus.percent, *path, "percent")
                or (selection_flaw(bonus.given, *path, "given") if bonus.given else None)
            )
        case Bundle() as bundle:
            path = ("value", "bundle")
            return number_flaw(bundle.units, *path, "units") or number_flaw(
                bundle.most, *path, "most"
            )
    return None


def _percent_flaw(percent: Decimal, *path: str) -> Invalid | None:
    if 0 < percent <= HUNDRED and percent == round(percent, 6):
        return None
    return Invalid("A percentage is more than 0 and at most 100, with up to 6 decimals.", path)


def _place_flaw(whole: Whole) -> Invalid | None:
    """Not everything can be given everywhere."""
    value, place = whole["value"], whole["applies_to"]
    allowed = _places_of(value)
    if place not in allowed:
        named = " or ".join(one.name for one in allowed)
        return Invalid(f"Such a value is for {named}.", ("applies_to",))
    if whole["free_shipping"] and place is DiscountOn.SHIPPING:
        return Invalid(
            "Free shipping besides a discount on shipping is no gift.", ("free_shipping",)
        )
    return None


def _places_of(value: Value) -> tuple[DiscountOn, ...]:
    match value:
        case BuyXGetY() | Bundle() | Amount(each_unit=True):
            return (DiscountOn.LINES,)
        case FixedPrice():
            return DiscountOn.LINES, DiscountOn.SHIPPING
        case FreeShipping():
            return (DiscountOn.SHIPPING,)
    return tuple(DiscountOn)


def _amounts(whole: Whole) -> list[tuple[Decimal | None, tuple[str, ...]]]:
    value, conditions = whole["value"], whole["conditions"]
    own: list[tuple[Decimal | None, tuple[str, ...]]] = []
    if isinstance(value, Amount):
        own = [(value.amount, ("value", _amount_field(value)))]
    elif isinstance(value, FixedPrice):
        own = [(value.price, ("value", "fixed_price"))]
    elif isinstance(value, Bundle):
        own = [(value.price, ("value", "bundle", "price"))]
    return [
        *own,
        (whole["most_off"], ("most_off",)),
        (conditions.least_subtotal, ("conditions", "least_subtotal")),
        (conditions.most_subtotal, ("conditions", "most_subtotal")),
    ]


def _amount_field(value: Amount) -> str:
    return "amount_each" if value.each_unit else "amount"


def _amounts_flaw(whole: Whole) -> Invalid | None:
    for amount, path in _amounts(whole):
        if amount is not None:
            flaw = amount_flaw(amount, whole["currency"])
            if flaw is not None:
                return Invalid(f"This {flaw}.", path)
    return None


def _numbers_flaw(whole: Whole) -> Invalid | None:
    for name in NUMBERS:
        flaw = number_flaw(whole[name], name)
        if flaw is not None:
            return flaw
    if abs(whole["priority"]) > MAX_NUMBER:
        return Invalid(f"This must be from -{MAX_NUMBER} to {MAX_NUMBER}.", ("priority",))
    return None


def _conditions_flaw(conditions: Conditions) -> Invalid | None:
    for name in ("least_quantity", "most_quantity"):
        flaw = number_flaw(getattr(conditions, name), "conditions", name)
        if flaw is not None:
            return flaw
    if _crossed(conditions.least_subtotal, conditions.most_subtotal):
        return Invalid("This is less than the least one.", ("conditions", "most_subtotal"))
    if _crossed(conditions.least_quantity, conditions.most_quantity):
        return Invalid("This is less than the least one.", ("conditions", "most_quantity"))
    for name in ("groups", "countries", "shipping_methods"):
        if len(getattr(conditions, name)) > MAX_CHOSEN:
            return Invalid(f"At most {MAX_CHOSEN} can be chosen.", ("conditions", name))
    if not all(COUNTRY.fullmatch(code) for code in conditions.countries):
        return Invalid("A country is two capital letters: DE.", ("conditions", "countries"))
    return selection_flaw(conditions.counted, "conditions", "counted")


def _crossed(least: Any, most: Any) -> bool:
    return least is not None and most is not None and bool(most < least)


def _schedule_flaw(whole: Whole) -> Invalid | None:
    starts, ends = whole["starts_at"], whole["ends_at"]
    if starts is not None and ends is not None and ends <= starts:
        return Invalid("This must be after the start.", ("ends_at",))
    start, end = whole["from_hour"], whole["to_hour"]
    if start is not None and start == end:
        return Invalid("This must be another hour than the first one.", ("to_hour",))
    return None
