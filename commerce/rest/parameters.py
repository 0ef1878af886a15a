"""Reading query parameters. Raises `RefusedError` naming the parameter at fault."""

import re
import unicodedata
from collections.abc import Collection, Sequence
from typing import Final

from commerce.core.ids import MAX_ID, global_id
from commerce.core.paging import MAX_OFFSET, cursor_at_offset
from commerce.rest.errors import invalid, not_found
from commerce.rest.query import Query

MAX_WHOLE: Final = MAX_OFFSET
MAX_ITEMS: Final = 100
NOT_SLUG: Final = re.compile(r"[^a-z0-9_]+")


def whole(query: Query, name: str, default: int, least: int = 0) -> int:
    """A number from `least` on."""
    text = query.get(name)
    if text is None:
        return default
    number = _digits(text, MAX_WHOLE)
    if number is None:
        raise invalid(name, "must be an integer")
    if number < least:
        raise invalid(name, f"must be greater than {least - 1}")
    return number


def one_of(query: Query, name: str, choices: Collection[str]) -> str | None:
    found = some_of(query, name, choices)
    if len(found) > 1:
        raise invalid(name, f"must be one of {', '.join(choices)}")
    return found[0] if found else None


def some_of(query: Query, name: str, choices: Collection[str]) -> list[str]:
    """The items of a comma list; empty when it is not given."""
    items = listed(query, name)
    if any(item not in choices for item in items):
        raise invalid(name, f"must be one of {', '.join(choices)}")
    return items


def listed(query: Query, name: str) -> list[str]:
    """The items of a comma list."""
    items = [item.strip() for item in (query.get(name) or "").split(",") if item.strip()]
    if len(items) > MAX_ITEMS:
        raise invalid(name, f"must not have more than {MAX_ITEMS} items")
    return items


def keys(query: Query, name: str, kind: str) -> list[str]:
    """Global ids of the numbers in a comma list."""
    numbers = [_digits(item, MAX_ID) for item in listed(query, name)]
    if None in numbers:
        raise invalid(name, "must be an integer")
    return [global_id(kind, number) for number in numbers if number is not None]


def key_in_path(text: str, kind: str) -> str:
    """The global id of a number in a path; one that no row can have is simply not found."""
    number = _digits(text, MAX_ID)
    if number is None:
        raise not_found()
    return global_id(kind, number)


def whole_in_path(text: str) -> int:
    """A number in a path; one that no row can have is simply not found."""
    number = _digits(text, MAX_ID)
    if number is None:
        raise not_found()
    return number


def filter_key(digits: str, kind: str) -> str:
    """The global id of a number to filter by; one that no row can have is nobody's."""
    number = _digits(digits, MAX_ID)
    return global_id(kind, 0 if number is None else number)


def slug_of(name: str) -> str:
    """The slug that a thing of this name gets: `Skin & Hair` -> `skin-hair`."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return NOT_SLUG.sub("-", plain).strip("-_")


def truth(query: Query, name: str) -> bool | None:
    found = one_of(query, name, ("true", "false"))
    return None if found is None else found == "true"


def after(offset: int) -> str | None:
    """The cursor that skips so many rows."""
    return cursor_at_offset(min(offset, MAX_OFFSET)) if offset else None


def any_of(conditions: Sequence[dict[str, object]]) -> dict[str, object]:
    """One condition as it is, several joined by `or`."""
    return conditions[0] if len(conditions) == 1 else {"or": list(conditions)}


def without_nul(query: Query) -> Query:
    """The query as it is; no text column holds a NUL character."""
    for name, value in query.pairs:
        if "\0" in value:
            raise invalid(name, "must not hold NUL characters")
    return query


def _digits(text: str, most: int) -> int | None:
    """A number no larger than `most`; long texts are never turned into numbers."""
    if not (text.isascii() and text.isdigit()) or len(text) > len(str(most)):
        return None
    number = int(text)
    return number if number <= most else None
