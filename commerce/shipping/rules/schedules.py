"""When customers may choose to get or fetch goods, and when the shop is closed. Pure."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from commerce.core.problems import Invalid

MAX_CLOSURES: Final = 100
MAX_HOURS: Final = 50
MAX_MINUTES: Final = 7 * 24 * 60
MAX_DAYS_AHEAD: Final = 730
# Shops may close at midnight.
SHOP_TIME: Final = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]|24:00")


def checked_closures(given: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]] | Invalid:
    """As they are stored: dates as text, in the order of time."""
    if len(given) > MAX_CLOSURES:
        return Invalid(f"There can be at most {MAX_CLOSURES} closures.")
    for place, closure in enumerate(given):
        if closure["last"] < closure["first"] and not closure["yearly"]:
            return Invalid("A closure must not end before it begins.", (str(place), "last"))
    return sorted(
        (
            {
                "from": closure["first"].isoformat(),
                "to": closure["last"].isoformat(),
                "yearly": closure["yearly"],
            }
            for closure in given
        ),
        key=lambda closure: str(closure["from"]),
    )


def checked_schedule(given: Mapping[str, Any]) -> dict[str, Any] | Invalid:
    """As it is stored: opening hours by the number of the day."""
    if not 1 <= given["slot_minutes"] <= MAX_MINUTES:
        return Invalid(f"This is from 1 to {MAX_MINUTES}.", ("slot_minutes",))
    if not 0 <= given["preparation_minutes"] <= MAX_MINUTES:
        return Invalid(f"This is from 0 to {MAX_MINUTES}.", ("preparation_minutes",))
    ahead = given["days_ahead"]
    if ahead is not None and not 0 <= ahead <= MAX_DAYS_AHEAD:
        return Invalid(f"This is from 0 to {MAX_DAYS_AHEAD}.", ("days_ahead",))
    hours = _hours(given["opening_hours"])
    if isinstance(hours, Invalid):
        return hours
    return {
        "precision": given["precision"].value,
        "slot_minutes": given["slot_minutes"],
        "preparation_minutes": given["preparation_minutes"],
        "days_ahead": ahead,
        "same_day": given["same_day"],
        "opening_hours": hours,
    }


def _hours(given: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]] | Invalid:
    if len(given) > MAX_HOURS:
        return Invalid(f"There can be at most {MAX_HOURS} opening hours.", ("opening_hours",))
    for place, hours in enumerate(given):
        path = ("opening_hours", str(place))
        for name in ("opens", "closes"):
            if not SHOP_TIME.fullmatch(hours[name]):
                return Invalid("A time of the day is written like 14:30.", (*path, name))
        if hours["closes"] <= hours["opens"]:
            return Invalid("A shop closes after it opens.", (*path, "closes"))
    return sorted(
        (
            {"day": hours["day"].value, "opens": hours["opens"], "closes": hours["closes"]}
            for hours in given
        ),
        key=lambda hours: (hours["day"], hours["opens"]),
    )
