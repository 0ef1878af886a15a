"""Relay paging without SQL: page arguments, pages, and the two opaque cursors."""

from base64 import b64decode, urlsafe_b64encode
from binascii import Error
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from hashlib import blake2b
from hmac import compare_digest
from typing import Generic, NamedTuple, TypeVar

import orjson

from commerce.core.problems import BadInputError, InvalidCursorError

Row = TypeVar("Row")
Position = tuple[object, ...]

DEFAULT_PAGE_SIZE = 20
MAX_PAGE_SIZE = 100
COUNT_LIMIT = 10_000
MAC_BYTES = 9
MAX_OFFSET = 2**31 - 1
READERS: dict[str, Callable[[str], object]] = {
    "d": Decimal,
    "t": datetime.fromisoformat,
    "D": date.fromisoformat,
    "f": float,
}


class PageArgs(NamedTuple):
    """Which rows of a sorted list are wanted.

    Either the `size` first rows after a place, or (`backwards`) the `size` last ones before it.
    A place is the `position` of a row (its sort values, the id last) or an `offset` in rows.
    A tuple, since loaders use it as a part of their keys.
    """

    size: int = DEFAULT_PAGE_SIZE
    position: Position | None = None
    offset: int = 0
    backwards: bool = False


class Page(NamedTuple, Generic[Row]):
    """Rows in the list's order, and whether more follow or precede.

    Each row's last `key_count` columns are its sort values, the id last: its position.
    """

    rows: Sequence[Row] = ()
    key_count: int = 1
    has_next: bool = False
    has_previous: bool = False


@dataclass(frozen=True, slots=True)
class Count:
    """How many rows there are; `exact` is False when counting stopped at a limit."""

    count: int
    exact: bool = True


class Cursors:
    """Signs and reads the cursors of one installation.

    A cursor is bound to its list: the sort and filter it was issued under. Another list's cursor,
    a changed or invented one is refused, so repositories may trust the values inside.
    """

    def __init__(self, secret: bytes) -> None:
        self._key = blake2b(secret, digest_size=32, person=b"cursor").digest()

    def issue(self, position: Position, scope: str) -> str:
        body = orjson.dumps([_plain(value) for value in position])
        return urlsafe_b64encode(self._mac(body, scope) + body).decode().rstrip("=")

    def read(self, cursor: str, scope: str) -> Position:
        """The position inside; raises `InvalidCursorError` for any other text."""
        raw = _decoded(cursor)
        mac, body = raw[:MAC_BYTES], raw[MAC_BYTES:]
        if not compare_digest(mac, self._mac(body, scope)):
            raise InvalidCursorError("This cursor was not issued for this list, sort and filter.")
        return tuple(_value(plain) for plain in orjson.loads(body))

    def _mac(self, body: bytes, scope: str) -> bytes:
        salted = scope.encode() + b"\0" + body
        return blake2b(salted, digest_size=MAC_BYTES, key=self._key).digest()


def page_args(
    cursors: Cursors,
    scope: str,
    first: int | None = None,
    after: str | None = None,
    last: int | None = None,
    before: str | None = None,
    default_size: int = DEFAULT_PAGE_SIZE,
) -> PageArgs:
    """Relay's four arguments, checked. `scope` names the list, its sort and its filter."""
    if last is not None or before is not None:
        if first is not None or after is not None:
            raise BadInputError("Use first and after, or last and before, not both.")
        return _backwards(cursors, scope, _size(last, "last", default_size), before)
    if after is None:
        return _from_start(first, default_size)
    size = _size(first, "first", default_size)
    offset = offset_of(after)
    if offset is not None:
        return PageArgs(size, offset=offset)
    return PageArgs(size, cursors.read(after, scope))


@lru_cache(2 * MAX_PAGE_SIZE)
def _from_start(first: int | None, default_size: int) -> PageArgs:
    """A page of lists asks for the same of each."""
    return PageArgs(_size(first, "first", default_size))


def cursor_at_offset(offset: int) -> str:
    """A cursor after the first `offset` rows, for callers that page by number."""
    return urlsafe_b64encode(b"@%d" % offset).decode().rstrip("=")


def _backwards(cursors: Cursors, scope: str, size: int, before: str | None) -> PageArgs:
    if before is None:
        return PageArgs(size, backwards=True)
    if offset_of(before) is not None:
        raise InvalidCursorError("This cursor cannot be used with before.")
    return PageArgs(size, cursors.read(before, scope), backwards=True)


def _size(size: int | None, name: str, default: int) -> int:
    if size is None:
        return default
    if not 1 <= size <= MAX_PAGE_SIZE:
        raise BadInputError(f"{name} must be from 1 to {MAX_PAGE_SIZE}.")
    return size


def offset_of(cursor: str) -> int | None:
    """The offset of a cursor made by `cursor_at_offset`, or None for a row's cursor."""
    raw = _decoded(cursor)
    digits = raw[1:]
    if raw[:1] != b"@" or not digits.isdigit() or len(digits) > 10:
        return None
    return min(int(digits), MAX_OFFSET)


def _decoded(cursor: str) -> bytes:
    try:
        padded = cursor.encode() + b"=" * (-len(cursor) % 4)
        return b64decode(padded, altchars=b"-_", validate=True)
    except (Error, ValueError) as error:
        raise InvalidCursorError("This is not a cursor.") from error


def _plain(value: object) -> object:
    """JSON keeps str, int, bool and None; the rest travels as a tagged pair."""
    if isinstance(value, Decimal):
        return ["d", str(value)]
    if isinstance(value, datetime):
        return ["t", value.isoformat()]
    if isinstance(value, date):
        return ["D", value.isoformat()]
    if isinstance(value, float):
        return ["f", repr(value)]
    return value


def _value(plain: object) -> object:
    if not isinstance(plain, list):
        return plain
    tag, text = plain
    try:
        return READERS[tag](text)
    except (KeyError, ValueError, InvalidOperation) as error:
        raise InvalidCursorError("This is not a cursor.") from error
