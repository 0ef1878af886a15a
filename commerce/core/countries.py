"""Codes of countries and languages, from the data of libraries."""

from functools import cache
from typing import Final

import pycountry
from babel import Locale, UnknownLocaleError

KOSOVO: Final = "XK"  # no ISO code, but the one that posts and banks use
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
