"""Numbers at tax offices: whether one can be right. Nobody is asked whether it was given out."""

import re
from typing import Final

from stdnum import get_cc_module

NOT_PLAIN: Final = re.compile(r"[^0-9A-Z]")
PREFIX: Final = re.compile(r"[A-Z]{2}(?=[0-9A-Z]{3,})")
# Prefixes that are no country's code: Greece, and Northern Ireland inside the United Kingdom.
RENAMED: Final = {"EL": "GR", "XI": "GB"}


def plain_tax_id(text: str) -> str:
    """`de 136.695.976` -> `DE136695976`."""
    return NOT_PLAIN.sub("", text.upper())


def tax_id_validity(number: str | None) -> bool | None:
    """By the check digits of the country it starts with; None where there is nothing to check."""
    prefix = PREFIX.match(number or "")
    if number is None or prefix is None:
        return None
    country = RENAMED.get(prefix[0], prefix[0])
    rules = get_cc_module(country.lower(), "vat")
    if rules is None:
        return None
    written = number if prefix[0] != "XI" else country + number[2:]
    return bool(rules.is_valid(written))
