"""Where something is sent or taxed, and the areas that taxes and shipping are set up for."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, TypeVar

Key = TypeVar("Key")

EVERYWHERE: Final = 0
COUNTRY: Final = 1
REGION: Final = 2
POSTAL_CODE: Final = 4


@dataclass(frozen=True, slots=True)
class Place:
    """`country` is an ISO 3166 alpha-2 code, `region` the code of its subdivision: `US`, `CA`."""

    country: str | None = None
    region: str | None = None
    postal_code: str | None = None


@dataclass(frozen=True, slots=True)
class Area:
    """A country or a part of it; `country` None is everywhere.

    `postal_codes` are patterns, any of which may fit: `10115`, `101*`, or from one to another
    like `10000-19999`. Case, spaces and hyphens inside codes make no difference.
    """

    country: str | None = None
    region: str | None = None
    postal_codes: tuple[str, ...] = ()


def closeness(area: Area, place: Place) -> int | None:
    """How closely `area` is drawn around `place`, more is closer; None when it is elsewhere."""
    if area.country is None:
        return EVERYWHERE
    if area.country != place.country:
        return None
    found = COUNTRY
    if area.region is not None:
        if area.region != place.region:
            return None
        found += REGION
    if area.postal_codes:
        if not any(fits(pattern, place.postal_code or "") for pattern in area.postal_codes):
            return None
        found += POSTAL_CODE
    return found


def closest(areas: Iterable[tuple[Key, Area]], place: Place) -> set[Key]:
    """The keys of the areas that are drawn most closely around `place`."""
    found = [(key, near) for key, area in areas if (near := closeness(area, place)) is not None]
    best = max((near for _, near in found), default=None)
    return {key for key, near in found if near == best}


def fits(pattern: str, postal_code: str) -> bool:
    """Whether a postal code is meant by a pattern."""
    code = _plain(postal_code)
    if not code:
        return False
    first, dash, last = pattern.partition("-")
    if dash and _plain(first).isdecimal() and _plain(last).isdecimal():
        return code.isdecimal() and int(_plain(first)) <= int(code) <= int(_plain(last))
    if pattern.endswith("*"):
        return code.startswith(_plain(pattern[:-1]))
    return code == _plain(pattern)


def _plain(code: str) -> str:
    return "".join(sign for sign in code if sign.isalnum()).upper()
