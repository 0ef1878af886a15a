"""Texts that people write about orders, in the form they are stored. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import urlsplit

from commerce.core.emails import email_of
from commerce.core.problems import Invalid
from commerce.core.text import text_flaw, words_flaw
from commerce.customers.rules.addresses import checked_address
from commerce.customers.rules.people import phone_of

MAX_NOTE: Final = 10_000
MAX_SHORT: Final = 200
MAX_URL: Final = 2_000
MAX_FIELDS: Final = 50
MAX_VALUE: Final = 2_000
MAX_TAGS: Final = 50
# What programs know of sending an order before there are parcels, or beside them.
DISPATCH: Final = (
    "tracking_carrier",
    "tracking_number",
    "tracking_url",
    "label_url",
    "transport_code",
    "pickup_code",
)
ADDRESSES: Final = ("billing_address", "shipping_address")

Values = dict[str, Any]


def checked_note(text: str, *path: str) -> str | Invalid:
    return text_flaw(text, MAX_NOTE, *path) or text.strip()


def checked_order(values: Mapping[str, Any]) -> Values | Invalid:
    """The columns that given fields of an order fill; None empties where a column can be empty."""
    columns: Values = {}
    for name, value in values.items():
        checked = value if value is None else _checked(name, value)
        if isinstance(checked, Invalid):
            return checked
        columns[name] = checked
    return columns


def checked_tracking(values: Mapping[str, str]) -> Values | Invalid:
    """Carrier, number and address of where a parcel can be followed."""
    columns: Values = {}
    for name, text in values.items():
        cleaned = text.strip()
        limit = MAX_URL if name == "tracking_url" else MAX_SHORT
        flaw = words_flaw(cleaned, limit, name)
        if flaw is None and name == "tracking_url":
            flaw = _url_flaw(cleaned, name)
        if flaw is not None:
            return flaw
        columns[name] = cleaned
    return columns


def _checked(name: str, value: Any) -> Any:
    if name in ADDRESSES:
        return _address(name, value)
    if name == "email":
        return email_of(value, name)
    if name == "phone":
        return phone_of(value, None, name)
    if name in ("note", "staff_note", "public_note"):
        return words_flaw(value, MAX_NOTE, name) or value
    if name == "extra_fields":
        return extra_values(value, name)
    if name == "invoice_url":
        return _web_address(value, name)
    if name == "dispatch":
        return _dispatch(value)
    return tags_of(value, name) if name == "tags" else value


def _web_address(text: str, *path: str) -> str | Invalid | None:
    cleaned = text.strip()
    return words_flaw(cleaned, MAX_URL, *path) or _url_flaw(cleaned, *path) or cleaned or None


def _dispatch(given: Mapping[str, str | None]) -> Values | Invalid:
    """The given parts; empty ones are to go."""
    columns: Values = {}
    for name, text in given.items():
        cleaned = (text or "").strip()
        is_url = name.endswith("_url")
        flaw = words_flaw(cleaned, MAX_URL if is_url else MAX_SHORT, "dispatch", name)
        if flaw is None and is_url:
            flaw = _url_flaw(cleaned, "dispatch", name)
        if flaw is not None:
            return flaw
        columns[name] = cleaned
    return columns


def tags_of(tags: Sequence[str], *path: str) -> list[str] | Invalid:
    """Each once, in the order given."""
    if len(tags) > MAX_TAGS:
        return Invalid(f"An order has at most {MAX_TAGS} tags.", path)
    flaws = (text_flaw(tag, MAX_SHORT, *path, str(place)) for place, tag in enumerate(tags))
    flaw = next((each for each in flaws if each is not None), None)
    return flaw or list(dict.fromkeys(tag.strip() for tag in tags))


def _address(name: str, value: Mapping[str, Any]) -> Values | Invalid:
    checked = checked_address(value)
    if isinstance(checked, Invalid):
        return Invalid(checked.message, (name, *checked.path))
    return checked


def extra_values(value: Any, *path: str) -> dict[str, str] | Invalid:
    """Answers by question; all of them are texts."""
    if not isinstance(value, dict) or len(value) > MAX_FIELDS:
        return Invalid(f"This is an object of at most {MAX_FIELDS} texts.", path)
    for key, text in value.items():
        if not isinstance(text, str):
            return Invalid("This is an object of texts.", path)
        flaw = text_flaw(key, MAX_SHORT, *path) or words_flaw(text, MAX_VALUE, *path)
        if flaw is not None:
            return flaw
    return dict(value)


def _url_flaw(text: str, *path: str) -> Invalid | None:
    try:
        parts = urlsplit(text)
        good = not text or (parts.scheme in ("http", "https") and bool(parts.hostname))
    except ValueError:
        good = False
    return None if good else Invalid("This is a web address: https://carrier.example/42.", path)
