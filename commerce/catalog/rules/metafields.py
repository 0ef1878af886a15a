"""Free data integrations keep at things: what it may be called and what it may hold."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final, NamedTuple

from commerce.catalog.kinds import MetafieldOwner, MetafieldType
from commerce.core.problems import Invalid
from commerce.core.text import UNSTORABLE

NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
MAX_BYTES: Final = 65_536
MAX_DEPTH: Final = 32
MAX_DIGITS: Final = 40
BEYOND: Final[int] = 10**40


class MetafieldKey(NamedTuple):
    """What a metafield is found by."""

    owner_kind: MetafieldOwner
    owner_id: int
    namespace: str
    key: str


@dataclass(frozen=True, slots=True)
class WantedMetafield:
    """`public` None keeps what is stored; a new one is not public."""

    key: MetafieldKey
    type: MetafieldType
    value: Any
    public: bool | None = None


def name_flaw(key: MetafieldKey, *path: str) -> Invalid | None:
    """Why nothing can be stored under this name, or None when it can."""
    for field in ("namespace", "key"):
        if not NAME.fullmatch(getattr(key, field)):
            return Invalid("1 to 64 letters, digits, hyphens and underscores.", (*path, field))
    return None


def stored_value(kind: MetafieldType, value: Any) -> str | None:
    """`value` as JSON text, numbers exactly as they were given; None when it is no `kind`."""
    reader = READERS[kind]
    plain = reader(value)
    if plain is None or not _storable(plain):
        return None
    if isinstance(plain, Decimal):
        return format(plain, "f")
    text = json.dumps(plain, ensure_ascii=False)
    return text if len(text.encode()) <= MAX_BYTES else None


def same_value(text: str, stored: Any) -> bool:
    """Whether JSON `text` says what is stored."""
    return json.dumps(json.loads(text), sort_keys=True) == json.dumps(stored, sort_keys=True)


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _number(value: Any) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        return None
    text = str(value).strip()
    try:
        return Decimal(text) if len(text) <= MAX_DIGITS + 2 and "_" not in text else None
    except InvalidOperation:
        return None


def _boolean(value: Any) -> bool | None:
    return value if isinstance(value, bool) else None


def _date(value: Any) -> str | None:
    try:
        return value if date.fromisoformat(value).isoformat() == value else None
    except (TypeError, ValueError):
        return None


def _anything(value: Any) -> Any:
    return value


READERS: Final[dict[MetafieldType, Callable[[Any], Any]]] = {
    MetafieldType.TEXT: _text,
    MetafieldType.NUMBER: _number,
    MetafieldType.BOOLEAN: _boolean,
    MetafieldType.DATE: _date,
    MetafieldType.JSON: _anything,
}


def _storable(value: Any) -> bool:
    """Whether JSON columns can hold all of it; walks with a list of its own, not with calls."""
    rest = [(value, 1)]
    while rest:
        item, depth = rest.pop()
        if depth > MAX_DEPTH or not _storable_alone(item):
            return False
        rest.extend((inner, depth + 1) for inner in _inside(item))
    return True


def _inside(item: Any) -> Iterator[Any]:
    if isinstance(item, dict):
        yield from item.keys()
        yield from item.values()
    elif isinstance(item, list):
        yield from item


def _storable_alone(item: Any) -> bool:
    if isinstance(item, str):
        return UNSTORABLE.search(item) is None
    if isinstance(item, bool):
        return True
    if isinstance(item, int):
        return abs(item) < BEYOND
    if isinstance(item, float | Decimal):
        return _short(Decimal(str(item)))
    return item is None or isinstance(item, dict | list)


def _short(number: Decimal) -> bool:
    """Finite, and written in full with about `MAX_DIGITS` digits at most."""
    exponent = number.as_tuple().exponent
    return isinstance(exponent, int) and exponent >= -MAX_DIGITS and number.adjusted() < MAX_DIGITS
