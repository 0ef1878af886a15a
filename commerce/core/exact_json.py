"""JSON both ways, fast, with every number as exact as it was written."""

import json
from decimal import Decimal
from typing import Any, Final

import orjson

# Longer ones fit no column, and turning digits into a number costs the square of their count.
MAX_INTEGER_DIGITS: Final = 40


class JsonError(ValueError):
    """The bytes are not JSON, or hold a number that nothing here could store."""


class ExactFloat(float):
    """A float that remembers how it was written, so that a Decimal can be made of it exactly."""

    __slots__ = ("text",)

    def __new__(cls, text: str) -> "ExactFloat":
        number = super().__new__(cls, text)
        number.text = text
        return number

    text: str

    def __str__(self) -> str:
        return self.text


def read_json(body: bytes | str) -> Any:
    """The value in `body`. Of two equal keys in an object the last one counts.

    Bodies with fractions, exponents or integers beyond 64 bits are read a second time by a
    slower parser: a double keeps 17 digits, `123456789012.123456` has 18.
    """
    try:
        value = orjson.loads(body)
        return _read_exactly(body) if _has_float(value) else value
    except (ValueError, RecursionError) as error:
        raise JsonError("The body is not valid JSON.") from error


def write_json(value: Any) -> bytes:
    try:
        return orjson.dumps(value, default=_as_written)
    except TypeError:  # an integer beyond 64 bits
        return json.dumps(value, separators=(",", ":")).encode()


def canonical_json(value: Any) -> str:
    """One text for equal values: names in order, every number as it was written."""
    if isinstance(value, dict):
        parts = (f"{json.dumps(name)}:{canonical_json(value[name])}" for name in sorted(value))
        return f"{{{','.join(parts)}}}"
    if isinstance(value, list):
        return f"[{','.join(map(canonical_json, value))}]"
    return str(value) if isinstance(value, float | Decimal) else json.dumps(value)


def _as_written(value: object) -> orjson.Fragment:
    if not isinstance(value, ExactFloat):
        raise TypeError(f"{type(value).__name__} is no JSON")
    return orjson.Fragment(value.text)


def _read_exactly(body: bytes | str) -> Any:
    return json.loads(body, parse_float=ExactFloat, parse_int=_whole)


def _whole(text: str) -> int:
    if len(text) > MAX_INTEGER_DIGITS:
        raise JsonError("A number has too many digits.")
    return int(text)


def _has_float(value: Any) -> bool:
    """Walks with a list of its own: JSON may be nested deeper than Python calls."""
    rest = [value]
    while rest:
        item = rest.pop()
        if isinstance(item, float):
            return True
        if isinstance(item, dict):
            rest.extend(item.values())
        elif isinstance(item, list):
            rest.extend(item)
    return False
