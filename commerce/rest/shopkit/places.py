"""Countries as Shopkit writes them."""

from typing import Final

from commerce.core.countries import alpha_3_of, locale_of

# It tells the parts of its own country apart by where they are, which postal codes say.
PORTUGAL: Final = "PT"
ISLANDS: Final = (("9000", "9499", "Madeira"), ("9500", "9999", "Açores"))


def country_code(code: str) -> str:
    """`PT` -> `PRT`."""
    return alpha_3_of(code)


def country_name(code: str, postal_code: str) -> str:
    """`Portugal - Continental`, `Spain`; the code of what has no name."""
    english = locale_of("en")
    name = (english.territories if english is not None else {}).get(code, code)
    return f"{name} - {_part(postal_code)}" if code == PORTUGAL else str(name)


def _part(postal_code: str) -> str:
    district = postal_code[:4]
    for first, last, name in ISLANDS:
        if first <= district <= last:
            return name
    return "Continental"
