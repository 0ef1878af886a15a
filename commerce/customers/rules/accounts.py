"""What people say when they ask for an account or change their own. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from commerce.core.emails import email_of
from commerce.core.problems import Invalid
from commerce.core.text import words_flaw
from commerce.customers.rules.extra_fields import PATH, ExtraValue, filled
from commerce.customers.rules.people import language_of, phone_of
from commerce.identity.rules.passwords import password_flaw

MAX_NAME: Final = 200
NAMES: Final = ("first_name", "last_name", "company", "gender")
EARLIEST_BIRTH: Final = date(1900, 1, 1)


@dataclass(frozen=True, slots=True)
class Registration:
    """A request for an account that can be met, unless the address has one."""

    email: str
    password: str
    values: Mapping[str, Any]
    accepts_marketing: bool


def registration_of(
    given: Mapping[str, Any], fields: Mapping[str, Any], extra: Sequence[ExtraValue]
) -> Registration | Invalid:
    """The request in the form it is stored. `fields` are those the store has added, by key."""
    email = email_of(given["email"], "email")
    if isinstance(email, Invalid):
        return email
    flaw = password_flaw(given["password"], ("password",))
    if flaw is not None:
        return flaw
    names = ("first_name", "last_name", "phone", "locale")
    values = checked_profile({name: given[name] for name in names if name in given})
    if isinstance(values, Invalid):
        return values
    held = _asked_for(fields, extra)
    if isinstance(held, Invalid):
        return held
    marketing = bool(given.get("accepts_marketing", False))
    return Registration(email, given["password"], {**values, "extra_fields": held}, marketing)


def _asked_for(fields: Mapping[str, Any], extra: Sequence[ExtraValue]) -> dict[str, str] | Invalid:
    """What the store's own fields will hold: everything that the storefront must ask for."""
    held = filled(fields, {}, extra, storefront=True)
    if isinstance(held, Invalid):
        return held
    for key, field in fields.items():
        if field.storefront and field.required and key not in held:
            return Invalid(f"{field.title} is required.", (PATH,))
    return held


def checked_profile(
    given: Mapping[str, Any], today: date | None = None
) -> dict[str, Any] | Invalid:
    """The given values as they are stored; the flaw's path is the name of the field."""
    values: dict[str, Any] = {}
    for name, value in given.items():
        checked = _checked(name, value, today)
        if isinstance(checked, Invalid):
            return checked
        values[name] = checked
    return values


def _checked(name: str, value: Any, today: date | None) -> Any:
    if value is None:
        return None
    if name == "phone":
        return phone_of(value, None, name)
    if name == "locale":
        return language_of(value, name)
    if name == "date_of_birth":
        return _birthday(value, today, name)
    text = " ".join(value.split()) if name in NAMES else value
    return words_flaw(text, MAX_NAME, name) or text


def _birthday(value: date, today: date | None, name: str) -> date | Invalid:
    if value < EARLIEST_BIRTH or (today is not None and value > today):
        return Invalid("This is nobody's birthday.", (name,))
    return value
