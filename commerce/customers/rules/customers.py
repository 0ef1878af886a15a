"""What the shop's people may write of a customer, in the form it is stored. Pure."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, Final

from commerce.core.emails import email_of
from commerce.core.problems import Invalid
from commerce.core.text import text_flaw, words_flaw
from commerce.customers.rules.accounts import checked_profile
from commerce.customers.rules.tax_ids import plain_tax_id, tax_id_validity

MAX_NUMBER: Final = 50
MAX_NOTE: Final = 10_000
MAX_EXTERNAL_ID: Final = 200
MAX_TAG: Final = 100
MAX_TAGS: Final = 100

Values = dict[str, Any]


def checked_customer(values: Mapping[str, Any], today: date) -> Values | Invalid:
    """The columns that the given fields fill; None empties where a column can be empty.

    A tax number is looked at unless it is said whether it is right.
    """
    columns = checked_profile({n: v for n, v in values.items() if n not in OWN}, today)
    if isinstance(columns, Invalid):
        return columns
    for name in OWN.keys() & values.keys():
        checked = None if values[name] is None else OWN[name](values[name])
        if isinstance(checked, Invalid):
            return checked
        columns[name] = checked
    if "tax_id" in columns and "tax_id_valid" not in columns:
        columns["tax_id_valid"] = tax_id_validity(columns["tax_id"])
    return columns


def _email(text: str) -> str | Invalid:
    return email_of(text, "email")


def _external_id(text: str) -> str | Invalid:
    cleaned = text.strip()
    return text_flaw(cleaned, MAX_EXTERNAL_ID, "external_id") or cleaned


def _note(text: str) -> str | Invalid:
    return words_flaw(text, MAX_NOTE, "note") or text


def _tax_id(text: str) -> str | Invalid | None:
    return words_flaw(text, MAX_NUMBER, "tax_id") or plain_tax_id(text) or None


def _fiscal_code(text: str) -> str | Invalid | None:
    return words_flaw(text, MAX_NUMBER, "fiscal_code") or text.strip() or None


def _tags(tags: Iterable[str]) -> list[str] | Invalid:
    """In the order given, each once."""
    cleaned = list(dict.fromkeys(tag.strip() for tag in tags))
    if len(cleaned) > MAX_TAGS:
        return Invalid(f"A customer has at most {MAX_TAGS} tags.", ("tags",))
    for place, tag in enumerate(cleaned):
        flaw = text_flaw(tag, MAX_TAG, "tags", str(place))
        if flaw is not None:
            return flaw
    return cleaned


def _as_it_is(value: Any) -> Any:
    return value


# What people do not write of themselves; the rest is a profile's.
OWN: Final[Mapping[str, Callable[[Any], Any]]] = {
    "email": _email,
    "external_id": _external_id,
    "note": _note,
    "tax_id": _tax_id,
    "tax_id_valid": _as_it_is,
    "tax_exempt": _as_it_is,
    "fiscal_code": _fiscal_code,
    "tags": _tags,
    "group_id": _as_it_is,
    "accepts_email": _as_it_is,
    "accepts_sms": _as_it_is,
}
