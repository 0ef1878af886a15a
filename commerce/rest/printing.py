"""Numbers and times as dialects print them, exact: no number passes through a float."""

from datetime import datetime, tzinfo
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import orjson

from commerce.core.exact_json import ExactFloat

CENTS = Decimal("0.01")
ONE = Decimal(1)
BITS = 63


class Word(str):
    """One of several: what was asked for says which, and documents list them all."""

    words: tuple[str, ...]

    @classmethod
    def one_of(cls, words: tuple[str, ...], word: str) -> "Word":
        found = cls(word)
        found.words = words
        return found


def to_json(body: Any) -> bytes:
    """Decimals become JSON numbers with the digits they have, as do a caller's own numbers."""
    try:
        return orjson.dumps(body, default=_number)
    except TypeError:  # an integer beyond 64 bits, or no JSON at all
        return orjson.dumps(_written_out(body), default=_number)


def _written_out(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _written_out(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_written_out(each) for each in value]
    if isinstance(value, int) and not isinstance(value, bool) and value.bit_length() > BITS:
        return orjson.Fragment(str(value))
    return value


def _number(value: object) -> orjson.Fragment:
    if isinstance(value, Decimal):
        return orjson.Fragment(format(value, "f"))
    if isinstance(value, ExactFloat):  # as a caller wrote it
        return orjson.Fragment(value.text)
    raise TypeError(f"{type(value).__name__} is no JSON")


def amount(money: Any) -> Decimal | None:
    """The number in `{amount}`; None when there is no money at all."""
    return None if money is None else Decimal(money["amount"])


def two_decimals(number: Decimal | None) -> Decimal | None:
    """`50` -> `50.00`; further digits that mean something stay."""
    if number is None:
        return None
    cents = number.quantize(CENTS)
    return cents if cents == number else number.normalize()


def shortest(number: Decimal) -> Decimal:
    """`40.70` -> `40.7`, `0.00` -> `0`."""
    whole = number.to_integral_value()
    return whole.quantize(ONE) if whole == number else number.normalize()


def percent_off(price: Decimal | None, before: Decimal | None) -> Decimal | None:
    """How much cheaper `price` is than `before`, to two decimals; None when it is not."""
    if price is None or before is None or before <= price:
        return None
    return shortest(((before - price) * 100 / before).quantize(CENTS, ROUND_HALF_UP))


def seconds(time: str | None) -> str | None:
    """`2024-01-01T00:00:00.123456Z` without the fraction."""
    return None if time is None else f"{time[:19]}Z"


def seconds_with_offset(time: str, zone: tzinfo) -> str:
    """`2024-07-01T01:00:00+01:00`."""
    return datetime.fromisoformat(time).astimezone(zone).isoformat(timespec="seconds")
