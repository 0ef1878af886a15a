"""What makes an area good that taxes or shipping are set up for. Pure."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from commerce.core.countries import country_codes
from commerce.core.places import Area
from commerce.core.problems import Invalid
from commerce.customers.rules.countries import region_of

MAX_AREAS: Final = 300  # more than there are countries
MAX_PATTERNS: Final = 1000
# A code, the beginning of one, or from one to another; see `core.places.Area`.
PATTERN: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9 -]{0,30}\*?")


def checked_areas(given: Sequence[Mapping[str, Any]], *path: str) -> list[Area] | Invalid:
    """The areas as they are stored, each once; the flaw's path is that of the field at fault."""
    if len(given) > MAX_AREAS:
        return Invalid(f"There can be at most {MAX_AREAS} areas.", path)
    found: dict[Area, None] = {}
    for place, one in enumerate(given):
        area = _checked(one, (*path, str(place)))
        if isinstance(area, Invalid):
            return area
        found[area] = None
    return list(found)


def _checked(given: Mapping[str, Any], path: tuple[str, ...]) -> Area | Invalid:
    country, region = _plain(given.get("country")), _plain(given.get("region"))
    codes = tuple(dict.fromkeys(code.strip().upper() for code in given.get("postal_codes") or ()))
    if country is None:
        if region is None and not codes:
            return Area()
        return Invalid("Parts of a country need the country.", (*path, "country"))
    country = country.upper()
    if country not in country_codes():
        return Invalid("There is no country with this ISO 3166-1 alpha-2 code.", (*path, "country"))
    part = None if region is None else region_of(country, region)
    if region is not None and part is None:
        return Invalid("The country has no such region.", (*path, "region"))
    flaw = _codes_flaw(codes, (*path, "postal_codes"))
    return flaw or Area(country, None if part is None else part.code, codes)


def _codes_flaw(codes: Sequence[str], path: tuple[str, ...]) -> Invalid | None:
    if len(codes) > MAX_PATTERNS:
        return Invalid(f"There can be at most {MAX_PATTERNS} postal codes.", path)
    for place, code in enumerate(codes):
        if not PATTERN.fullmatch(code):
            told = "A postal code, the beginning of one with *, or from one - to another."
            return Invalid(told, (*path, str(place)))
    return None


def _plain(text: str | None) -> str | None:
    return (text or "").strip() or None
