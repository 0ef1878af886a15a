"""Fields that the store has added to its customers: what they are, and what they hold. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from commerce.core.problems import Invalid
from commerce.core.text import text_flaw, words_flaw
from commerce.customers.kinds import ExtraFieldKind

KEY: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
MAX_TITLE: Final = 200
MAX_VALUE: Final = 2_000
MAX_POSITION: Final = 2**31 - 1
MAX_FIELDS: Final = 100
PATH: Final = "extra_fields"


@dataclass(frozen=True, slots=True)
class ExtraValue:
    """What a field is to hold; `value` None empties it."""

    key: str
    value: str | None


def definition_flaw(values: Mapping[str, Any], *, new: bool) -> Invalid | None:
    """Why a field cannot be as the given `values` say."""
    if (new or "key" in values) and not KEY.fullmatch(values.get("key", "")):
        return Invalid("1 to 64 letters, digits, hyphens and underscores.", ("key",))
    if new or "title" in values:
        flaw = text_flaw(values.get("title", ""), MAX_TITLE, "title")
        if flaw is not None:
            return flaw
    if abs(values.get("position", 0)) > MAX_POSITION:
        return Invalid("This is too large.", ("position",))
    return None


def filled(
    fields: Mapping[str, Any],
    stored: Mapping[str, str],
    wanted: Sequence[ExtraValue],
    *,
    storefront: bool = False,
) -> dict[str, str] | Invalid:
    """What a customer's fields hold afterwards.

    `fields` are the store's, by key. In the storefront only those count that are for it, and a
    required one cannot be emptied.
    """
    held = {key: value for key, value in stored.items() if key in fields}
    for place, item in enumerate(wanted):
        path = (PATH, str(place))
        field = fields.get(item.key)
        if field is None or (storefront and not field.storefront):
            return Invalid("There is no such field.", (*path, "key"))
        value = _value(field.kind, item.value, (*path, "value"))
        if isinstance(value, Invalid):
            return value
        if value is None and field.required and storefront:
            return Invalid("This is required.", (*path, "value"))
        held[item.key] = value or ""
    return {key: value for key, value in held.items() if value}


def _value(kind: ExtraFieldKind, text: str | None, path: tuple[str, ...]) -> str | Invalid | None:
    if text is None or not text.strip():
        return None
    if kind is ExtraFieldKind.TEXT:
        return words_flaw(text, MAX_VALUE, *path) or text
    moment = _moment(text.strip())
    return Invalid("This is a time: 2026-01-31T08:00:00Z.", path) if moment is None else moment


def _moment(text: str) -> str | None:
    """In UTC; None for what is no time with an offset."""
    try:
        moment = datetime.fromisoformat(text)
        aware = moment.astimezone(UTC) if moment.tzinfo is not None else None
    except (ValueError, OverflowError):
        return None
    return None if aware is None else aware.isoformat().replace("+00:00", "Z")
