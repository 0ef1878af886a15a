"""What buyers tell beside what they want, in the form it is stored. Pure."""

from collections.abc import Collection, Mapping
from typing import Any, Final

from commerce.carts.rules.lines import extra_flaw
from commerce.core.emails import email_of
from commerce.core.problems import Invalid
from commerce.core.text import words_flaw
from commerce.customers.rules.addresses import FIELDS_STORED, checked_address
from commerce.customers.rules.people import language_of, phone_of

MAX_CODE: Final = 100
MAX_CODES: Final = 10
MAX_GIFT_CARDS: Final = 10
MAX_NOTE: Final = 5_000
MAX_SOURCE: Final = 200


def made_flaw(values: Mapping[str, Any]) -> Invalid | None:
    """Why a cart cannot be made with these values."""
    flaw = words_flaw(values.get("source", ""), MAX_SOURCE, "source")
    return flaw or extra_flaw(values.get("attribution", {}), "attribution")


def contact_of(given: Mapping[str, Any]) -> dict[str, Any] | Invalid:
    """E-mail address, phone number and language, as far as they are given; None forgets one."""
    known: dict[str, Any] = {}
    for name, value in given.items():
        said = None if not value else _contact(name, value)
        if isinstance(said, Invalid):
            return said
        known[name] = said
    return known


def _contact(name: str, value: str) -> str | Invalid | None:
    if name == "email":
        return email_of(value, name)
    return phone_of(value, None, name) if name == "phone" else language_of(value, name)


def address_of(
    given: Mapping[str, Any], countries: Collection[str], *path: str
) -> dict[str, Any] | Invalid:
    """Whole, and in one of the countries, where there are some."""
    checked = checked_address(given)
    if isinstance(checked, Invalid):
        return Invalid(checked.message, (*path, *checked.path))
    if countries and checked["country"] not in countries:
        return Invalid("The store does not sell to this country.", (*path, "country"))
    return {name: checked[name] for name in FIELDS_STORED}


def code_flaw(codes: Collection[str], code: str) -> Invalid | None:
    """Why a code cannot be added to those that are there."""
    flaw = words_flaw(code, MAX_CODE, "code")
    if flaw is not None:
        return flaw
    if len(codes) >= MAX_CODES:
        return Invalid(f"A cart takes at most {MAX_CODES} coupon codes.", ("code",))
    return None
