"""What a series of numbers may be, and how its numbers read. Pure."""

from collections.abc import Mapping
from typing import Any, Final

from commerce.core.problems import Invalid
from commerce.core.text import slug_flaw, words_flaw

MAX_AFFIX: Final = 20
MAX_NOTE: Final = 1000
DIGITS: Final = range(1, 13)
# What numbers were given out by stays: theirs would come again.
FIXED: Final = ("kind", "yearly")


def series_flaw(values: Mapping[str, Any]) -> Invalid | None:
    """Why one of the given values cannot be, or None when all can."""
    if "code" in values:
        flaw = slug_flaw(values["code"], "code")
        if flaw is not None:
            return flaw
    for name, limit in (("prefix", MAX_AFFIX), ("suffix", MAX_AFFIX), ("note", MAX_NOTE)):
        flaw = words_flaw(values.get(name) or "", limit, name)
        if flaw is not None:
            return flaw
    if values.get("digits", 1) not in DIGITS:
        return Invalid("This must be from 1 to 12.", ("digits",))
    return None


def change_flaw(series: Any, changes: Mapping[str, Any]) -> Invalid | None:
    """Why a series that is there cannot be changed so."""
    if changes.get("is_default") is False:
        return Invalid("Make another series the default instead.", ("is_default",))
    for name in FIXED:
        if name in changes and (series.next_value > 1 or series.year):
            return Invalid("The series has given out numbers: begin another one.", (name,))
    if "kind" in changes and series.is_default:
        return Invalid("Make another series the default first.", ("kind",))
    return None


def number_text(series: Any, value: int, year: int, settings: Any) -> str:
    """How a number reads; `settings` are the store's. `INV-2026-0001`: a yearly one."""
    prefix = settings.invoice_prefix if series.prefix is None else series.prefix
    suffix = settings.invoice_suffix if series.suffix is None else series.suffix
    of_year = f"{year}-" if series.yearly else ""
    return f"{prefix}{of_year}{value:0{series.digits}}{suffix}"
