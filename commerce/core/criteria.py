"""What any list may be asked for, as plain values, and how much of it.

In a filter None means that nothing is asked of that property. Filters nest: the parts in `every`,
`some` and `none` are filters of the same kind.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime
from decimal import Decimal
from enum import Enum
from typing import Any, Final, Generic, TypeVar

from commerce.core.problems import BadInputError

Value = TypeVar("Value")
Ids = tuple[int, ...]

MAX_DEPTH: Final = 5
MAX_CONDITIONS: Final = 60
# How many conditions each item of a list is: an option is looked up in three tables.
CONDITIONS_EACH: Final = {"options": 3, "attributes": 1, "categories": 1, "tags": 1}
MAX_VALUES: Final = 250
MAX_TEXT: Final = 1000
MAX_MAGNITUDE: Final = 30
MAX_WORDS: Final = 200
MAX_ORDER: Final = 4


class Direction(Enum):
    ASC = "asc"
    DESC = "desc"


@dataclass(frozen=True, slots=True)
class TextIs:
    """What a text must be. Only equality minds case and accents."""

    any_of: tuple[str, ...] | None = None
    contains: str | None = None
    starts_with: str | None = None


@dataclass(frozen=True)  # with slots, Python 3.11 cannot make a Range[...]
class Range(Generic[Value]):
    """Within all of the bounds that are given."""

    gt: Value | None = None
    gte: Value | None = None
    lt: Value | None = None
    lte: Value | None = None


Amounts = Range[Decimal]
Times = Range[datetime]


@dataclass(frozen=True, slots=True)
class TagsAre:
    """Tags as the shop writes them."""

    all_of: tuple[str, ...] | None = None
    any_of: tuple[str, ...] | None = None


def given(where: Any) -> dict[str, Any]:
    """What is asked for, by name."""
    named = ((field.name, getattr(where, field.name)) for field in fields(where))
    return {name: value for name, value in named if value is not None}


def check_where(where: Any) -> None:
    """Raises `BadInputError` for a filter no honest question needs, or no database can take."""
    if _depth(where) > MAX_DEPTH:
        raise BadInputError(f"A filter nests at most {MAX_DEPTH} levels deep.")
    if _size(where) > MAX_CONDITIONS:
        raise BadInputError(f"A filter has at most {MAX_CONDITIONS} conditions.")
    check_leaves(where)


def check_leaves(value: Any) -> None:
    """The same for single values, however they are wrapped."""
    for leaf in _leaves(value):
        check_leaf(leaf)


def _depth(where: Any) -> int:
    return 1 + max((_depth(part) for part in parts_of(where)), default=0)


def _size(where: Any) -> int:
    """How many conditions there are, on all levels."""
    asked = given(where).items()
    own = sum(
        CONDITIONS_EACH[name] * len(value) if name in CONDITIONS_EACH else 1
        for name, value in asked
    )
    return own + sum(_size(part) for part in parts_of(where))


def parts_of(where: Any) -> Iterator[Any]:
    yield from where.every or ()
    yield from where.some or ()
    if where.none is not None:
        yield where.none


def _leaves(value: Any) -> Iterator[Any]:
    """Every single value inside."""
    if is_dataclass(value):
        for field in fields(value):
            yield from _leaves(getattr(value, field.name))
    elif isinstance(value, tuple):
        if len(value) > MAX_VALUES:
            raise BadInputError(f"A filter takes at most {MAX_VALUES} values.")
        for item in value:
            yield from _leaves(item)
    else:
        yield value


def check_leaf(leaf: Any) -> None:
    if isinstance(leaf, str):
        if len(leaf) > MAX_TEXT:
            raise BadInputError(f"A filter takes texts of at most {MAX_TEXT} characters.")
        if not is_storable(leaf):
            raise BadInputError("A filter's text has characters that no text can have.")
    if isinstance(leaf, Decimal) and leaf and abs(leaf.adjusted()) > MAX_MAGNITUDE:
        raise BadInputError("A filter's number is out of range.")


def is_storable(text: str) -> bool:
    """Whether PostgreSQL can hold it: no NUL and no half of a surrogate pair."""
    return not any(sign == "\0" or "\ud800" <= sign <= "\udfff" for sign in text)


def clean_words(text: str) -> str:
    """What is searched for: one line of bounded length, of characters that a text can have."""
    line = " ".join("".join(sign for sign in text if is_storable(sign)).split())
    return line[:MAX_WORDS].strip()


def check_order(order: tuple[Any, ...]) -> None:
    if len(order) > MAX_ORDER:
        raise BadInputError(f"orderBy takes at most {MAX_ORDER} items.")
