"""Finds what may be the number of a card, so that nothing of the kind is stored or logged."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from commerce.payments.problems import CardNumberRefused

# 13 to 19 digits, written in groups or not, that are no part of something longer.
RUN: Final = re.compile(r"(?<![\dA-Za-z])\d(?:[ .\-]?\d){12,18}(?![\dA-Za-z])")
HIDDEN: Final = "[card number]"
MESSAGE: Final = "Card numbers are given to the payment provider alone; nothing here takes them."


def card_flaw(value: Any, *path: str) -> CardNumberRefused | None:
    """Why a text, or any text inside of a value, is not taken; None when it can be."""
    found = any(_numbers(text) for text in _texts(value))
    return CardNumberRefused(MESSAGE, path) if found else None


def without_cards(text: str) -> str:
    """The text with each such number blanked."""
    return RUN.sub(lambda run: HIDDEN if _is_number(run.group()) else run.group(), text)


def _numbers(text: str) -> list[str]:
    return [run for run in RUN.findall(text) if _is_number(run)]


def _is_number(run: str) -> bool:
    """By the Luhn checksum that card numbers end with."""
    digits = [int(sign) for sign in run if sign.isdigit()][::-1]
    doubled = (2 * digit - 9 * (digit > 4) for digit in digits[1::2])
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for name, part in value.items():
            yield str(name)
            yield from _texts(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _texts(part)
    else:
        yield str(value)
