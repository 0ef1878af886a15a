"""Codes of countries and languages, from the data of libraries."""

from functools import cache
from typing import Final

import pycountry
from babel import Locale, UnknownLocaleError

KOSOVO: Final = "XK"  # no ISO code, but the one that posts and banks use
KOSOVO_3: Final = "XKX"
MAX_LOCALE: Final = 35  # RFC 5646: what a buffer for a language tag must hold


@cache
def country_codes() -> frozenset[str]:
    """ISO 3166-1 alpha-2 and Kosovo."""
    return frozenset({country.alpha_2 for country in pycountry.countries} | {KOSOVO})


def locale_of(text: str) -> Locale | None:
    """`de-AT`, `de_at`; None for what CLDR does not know."""
    if len(text) > MAX_LOCALE:
        return None
    try:
        return Locale.parse(text.replace("_", "-"), sep="-")
    except (ValueError, UnknownLocaleError):
        return None


@cache
def alpha_3_of(code: str) -> str:
    """`PT` -> `PRT`; empty for what is no country."""
    if code == KOSOVO:
        return KOSOVO_3
    found = pycountry.countries.get(alpha_2=code) if code else None
    return "" if found is None else str(found.alpha_3)


def alpha_2_of(code: str) -> str | None:
    """`PRT`, `prt` -> `PT`; None for what is no country."""
    upper = code.upper()
    if upper == KOSOVO_3:
        return KOSOVO
    found = pycountry.countries.get(alpha_3=upper) if len(upper) == len(KOSOVO_3) else None
    return None if found is None else str(found.alpha_2)
