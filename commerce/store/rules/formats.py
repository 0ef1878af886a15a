"""How dates and times are written: patterns of CLDR, such as `dd.MM.yyyy`. Pure."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final

from babel.dates import format_date, format_time, parse_pattern

from commerce.core.problems import Invalid
from commerce.core.text import text_flaw

MAX_PATTERN: Final = 40
LETTERS_OF_DATES: Final = frozenset("GyYuQqMLwWdDFEec")
LETTERS_OF_TIMES: Final = frozenset("abBhHKkmsSzZ")
SAMPLE: Final = datetime(2026, 1, 31, 14, 5, 9, tzinfo=UTC)


def date_format_flaw(pattern: str) -> Invalid | None:
    return _flaw(pattern, LETTERS_OF_DATES, lambda: format_date(SAMPLE, pattern, "en"))


def time_format_flaw(pattern: str) -> Invalid | None:
    return _flaw(pattern, LETTERS_OF_TIMES, lambda: format_time(SAMPLE, pattern, locale="en"))


def _flaw(pattern: str, letters: frozenset[str], written: Callable[[], Any]) -> Invalid | None:
    flaw = text_flaw(pattern, MAX_PATTERN)
    if flaw is not None:
        return flaw
    try:
        used = set(_fields(pattern))
        good = bool(used) and used <= letters and bool(written())
    except (ValueError, KeyError, AttributeError, TypeError):
        good = False
    return None if good else Invalid("This is no pattern such as dd.MM.yyyy or HH:mm.")


def _fields(pattern: str) -> str:
    """The letters that stand for something: not those of quoted words."""
    parse_pattern(pattern)
    unquoted = "".join(pattern.split("'")[::2])
    return "".join(sign for sign in unquoted if sign.isascii() and sign.isalpha())
