"""Other ways to reach a customer. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from commerce.core.emails import email_of
from commerce.core.problems import Invalid
from commerce.core.text import text_flaw, words_flaw
from commerce.customers.kinds import ContactKind

MAX_VALUE: Final = 500
MAX_HANDLE: Final = 200
MAX_NOTE: Final = 2_000
MAX_POSITION: Final = 2**31 - 1
MAX_CONTACTS: Final = 50
# What a contact has of which nothing is said.
NEW: Final[Mapping[str, Any]] = {
    "kind": ContactKind.OTHER,
    "value": "",
    "handle": "",
    "note": "",
    "position": 0,
    "is_default": False,
}
# What a link may start with: others run scripts, or open files.
WEB: Final = ("http://", "https://")


def checked_contact(whole: Mapping[str, Any]) -> dict[str, Any] | Invalid:
    """All columns of a contact in the form they are stored."""
    value = _value(whole["kind"], whole["value"].strip())
    if isinstance(value, Invalid):
        return value
    flaw = words_flaw(whole["handle"], MAX_HANDLE, "handle") or words_flaw(
        whole["note"], MAX_NOTE, "note"
    )
    if flaw is not None:
        return flaw
    if abs(whole["position"]) > MAX_POSITION:
        return Invalid("This is too large.", ("position",))
    return {**whole, "value": value, "handle": whole["handle"].strip()}


def checked_contacts(given: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]] | Invalid:
    """All contacts of a new customer; a flaw's path starts at ("contacts", index)."""
    if len(given) > MAX_CONTACTS:
        return Invalid(f"A customer has at most {MAX_CONTACTS} contacts.", ("contacts",))
    contacts: dict[tuple[ContactKind, str], dict[str, Any]] = {}
    defaults: set[ContactKind] = set()
    for place, values in enumerate(given):
        path = ("contacts", str(place))
        checked = checked_contact({**NEW, **values})
        if isinstance(checked, Invalid):
            return replace(checked, path=(*path, *checked.path))
        if checked["is_default"] and checked["kind"] in defaults:
            return Invalid("One contact of a kind is the default.", (*path, "is_default"))
        if checked["is_default"]:
            defaults.add(checked["kind"])
        contacts.setdefault((checked["kind"], checked["value"]), checked)
    return list(contacts.values())


def _value(kind: ContactKind, text: str) -> str | Invalid:
    flaw = text_flaw(text, MAX_VALUE, "value")
    if flaw is not None:
        return flaw
    if kind is ContactKind.EMAIL:
        return email_of(text, "value")
    if kind is ContactKind.URL and not text.lower().startswith(WEB):
        return Invalid("This is no address of the web: https://...", ("value",))
    return text
