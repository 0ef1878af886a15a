"""What makes a method good. Pure."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from commerce.core.problems import Invalid
from commerce.core.text import slug_flaw, text_flaw, words_flaw
from commerce.customers.rules.addresses import checked_address
from commerce.shipping.kinds import ShippingKind
from commerce.shipping.rules.schedules import checked_closures, checked_schedule

MAX_NAME: Final = 200
MAX_WORDS: Final = 5000
MAX_DAYS: Final = 365
MAX_IDS: Final = 250
CLOCK_TIME: Final = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]")
NAMES: Final = ("name", "external_id")
WORDS: Final = ("description", "service", "pickup_instructions")
COUNTS: Final = ("min_weight_grams", "max_weight_grams", "min_quantity", "max_quantity")
DAYS: Final = ("handling_days", "min_days", "max_days")
IDS: Final = ("customer_group_ids", "excluded_product_ids", "excluded_category_ids")
PAIRS: Final = (
    ("min_weight_grams", "max_weight_grams"),
    ("min_quantity", "max_quantity"),
    ("min_days", "max_days"),
)


def checked_method(given: Mapping[str, Any]) -> dict[str, Any] | Invalid:
    """The values as they are stored; each by itself, see `method_flaw` for what goes together."""
    values = {name: new.strip() if name in NAMES and new else new for name, new in given.items()}
    flaw = _texts_flaw(values) or _counts_flaw(values) or _days_flaw(values)
    if flaw is not None:
        return flaw
    for name in IDS:
        if name in values:
            values[name] = sorted(set(values[name]))
            if len(values[name]) > MAX_IDS:
                return Invalid(f"There can be at most {MAX_IDS}.", (name,))
    return _nested(values)


def method_flaw(whole: Mapping[str, Any]) -> Invalid | None:
    """What is wrong with a method that would have all these values."""
    if whole.get("kind") is ShippingKind.CARRIER and not whole.get("service"):
        return Invalid("Name the carrier's service.", ("service",))
    for low, high in PAIRS:
        least, most = whole.get(low), whole.get(high)
        if least is not None and most is not None and least > most:
            return Invalid("The least must not be more than the most.", (low,))
    return None


def _texts_flaw(values: Mapping[str, Any]) -> Invalid | None:
    for name in NAMES:
        if values.get(name) is not None:
            flaw = text_flaw(values[name], MAX_NAME, name)
            if flaw is not None:
                return flaw
    for name in WORDS:
        flaw = words_flaw(values.get(name, ""), MAX_WORDS, name)
        if flaw is not None:
            return flaw
    return slug_flaw(values["code"], "code") if "code" in values else None


def _counts_flaw(values: Mapping[str, Any]) -> Invalid | None:
    for name in COUNTS:
        if (values.get(name) or 0) < 0:
            return Invalid("This must not be negative.", (name,))
    for name in DAYS:
        if not 0 <= (values.get(name) or 0) <= MAX_DAYS:
            return Invalid(f"This is from 0 to {MAX_DAYS} days.", (name,))
    return None


def _days_flaw(values: Mapping[str, Any]) -> Invalid | None:
    if "business_days" in values and not values["business_days"]:
        return Invalid("The shop must work on some day.", ("business_days",))
    cut_off = values.get("cut_off")
    if cut_off is not None and not CLOCK_TIME.fullmatch(cut_off):
        return Invalid("A time of the day is written like 14:30.", ("cut_off",))
    return None


def _nested(values: dict[str, Any]) -> dict[str, Any] | Invalid:
    """What is stored as JSON, and the days of the week by their numbers."""
    if "business_days" in values:
        values["business_days"] = _numbers(values["business_days"])
    for name, checked in (
        ("closures", checked_closures),
        ("schedule", checked_schedule),
        ("pickup_address", _address),
    ):
        if values.get(name) is not None:
            found = checked(values[name])
            if isinstance(found, Invalid):
                return Invalid(found.message, (name, *found.path))
            values[name] = found
    return values


def _numbers(days: Sequence[Any]) -> list[int]:
    return sorted({day.value for day in days})


def _address(given: Mapping[str, Any]) -> dict[str, Any] | Invalid:
    return checked_address({name: text for name, text in given.items() if text is not None})
