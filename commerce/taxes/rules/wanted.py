"""What classes and zones are asked to be, and why they cannot."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Final

from commerce.core.problems import Invalid, NotFound, Problem
from commerce.core.text import slug_flaw, text_flaw
from commerce.taxes.rules.percents import PERCENT_PLACES, is_percent

MAX_NAME: Final = 200
MAX_CLASSES: Final = 50
MAX_RATES: Final = 100
MAX_WHOLE: Final = 2**31 - 1


@dataclass(frozen=True, slots=True)
class WantedRate:
    """`class_id` None is on goods of every class."""

    name: str
    percent: Decimal
    class_id: int | None = None
    compound: bool = False
    applies_to_shipping: bool = True

    @property
    def key(self) -> tuple[int | None, str]:
        """A rate stays the same one while this does."""
        return self.class_id, self.name


def class_flaw(values: Mapping[str, Any]) -> Invalid | None:
    for name in ("name", "external_id"):
        if values.get(name) is not None:
            flaw = text_flaw(values[name], MAX_NAME, name)
            if flaw is not None:
                return flaw
    return slug_flaw(values["code"], "code") if "code" in values else None


def zone_flaw(values: Mapping[str, Any]) -> Invalid | None:
    if "name" in values and (flaw := text_flaw(values["name"], MAX_NAME, "name")) is not None:
        return flaw
    if abs(values.get("priority", 0)) > MAX_WHOLE:
        return Invalid("This is too large.", ("priority",))
    return None


def settled_rates(
    rates: Sequence[WantedRate], class_ids: Sequence[int]
) -> list[WantedRate] | Problem:
    """The rates with trimmed names."""
    if len(rates) > MAX_RATES:
        return Invalid(f"A zone has at most {MAX_RATES} rates.", ("rates",))
    found = [replace(rate, name=rate.name.strip()) for rate in rates]
    return next(_rate_flaws(found, class_ids), None) or found


def _rate_flaws(rates: Sequence[WantedRate], class_ids: Sequence[int]) -> Iterator[Problem]:
    seen: set[tuple[int | None, str]] = set()
    for place, rate in enumerate(rates):
        path = ("rates", str(place))
        flaw = text_flaw(rate.name, MAX_NAME, *path, "name")
        if flaw is not None:
            yield flaw
        if not is_percent(rate.percent):
            message = f"Rates are from 0 to 100, with at most {PERCENT_PLACES} decimals."
            yield Invalid(message, (*path, "percent"))
        if rate.class_id is not None and rate.class_id not in class_ids:
            yield NotFound("There is no tax class with this id.", (*path, "tax_class_id"))
        if rate.key in seen:
            yield Invalid("A class has a rate of this name already.", (*path, "name"))
        seen.add(rate.key)
