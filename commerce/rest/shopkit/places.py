"""Countries as Shopkit writes them."""

from typing import Final

from commerce.core.countries import alpha_2_of, alpha_3_of, locale_of
from commerce.rest.errors import invalid
from commerce.rest.route import Json, Node

# It tells the parts of its own country apart by where they are, which postal codes say.
PORTUGAL: Final = "PT"
TWO: Final = 2
ISLANDS: Final = (("9000", "9499", "Madeira"), ("9500", "9999", "Açores"))


def country_code(code: str) -> str:
    """`PT` -> `PRT`."""
    return alpha_3_of(code)


def customs_of(variant: Node | None) -> Json:
    """What customs ask of a thing; nothing is known of one that is no more."""
    country, code = (variant and variant[name] for name in ("originCountry", "customsCode"))
    return {"origin_country": country and country_code(country), "harmonized_code": code}


def country_name(code: str, postal_code: str) -> str:
    """`Portugal - Continental`, `Spain`; the code of what has no name."""
    english = locale_of("en")
    name = (english.territories if english is not None else {}).get(code, code)
    return f"{name} - {_part(postal_code)}" if code == PORTUGAL else str(name)


def country_of(code: str, field: str) -> str:
    """`PRT`, `pt` -> `PT`. Raises `RefusedError` for what is none."""
    found = code.upper() if len(code) == TWO else alpha_2_of(code)
    if found is None:
        raise invalid(field, "is no country")
    return found


def _part(postal_code: str) -> str:
    district = postal_code[:4]
    for first, last, name in ISLANDS:
        if first <= district <= last:
            return name
    return "Continental"
