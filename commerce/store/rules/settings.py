"""What makes the store's settings good. Pure."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Any, Final
from zoneinfo import available_timezones

from commerce.core.countries import country_codes, locale_of
from commerce.core.emails import email_of
from commerce.core.money import currency_codes
from commerce.core.problems import Invalid
from commerce.core.text import text_flaw, words_flaw
from commerce.core.urls import url_flaw
from commerce.store.rules.design import design_flaw, links_flaw
from commerce.store.rules.formats import date_format_flaw, time_format_flaw

MAX_LISTED: Final = 300
MAX_EMAILS: Final = 20
MACHINES_OWN: Final = "localtime"  # whatever the server's zone is
DEGREES: Final[Mapping[str, int]] = {"latitude": 90, "longitude": 180}
DEGREE_DECIMALS: Final = 6
# Longest texts, by setting.
WORDS: Final[Mapping[str, int]] = {
    "legal_name": 200,
    "description": 5000,
    "notice": 2000,
    "phone": 50,
    "mobile": 50,
    "line1": 200,
    "line2": 200,
    "city": 200,
    "region": 200,
    "postal_code": 20,
    "tax_id": 50,
    "registration_name": 100,
    "registration_number": 100,
    "seo_title": 200,
    "seo_description": 1000,
    "order_prefix": 20,
    "order_suffix": 20,
    "invoice_prefix": 20,
    "invoice_suffix": 20,
}
URLS: Final = ("website", "logo_url", "favicon_url")
RANGES: Final[Mapping[str, tuple[int, int]]] = {
    "order_digits": (1, 12),
    "cart_days": (1, 365),
    "reservation_minutes": (1, 1440),
    "abandoned_hours": (1, 720),
}


def checked_settings(given: Mapping[str, Any]) -> dict[str, Any] | Invalid:
    """The values as they are stored; the flaw's path is the name of the setting."""
    values = {name: _plain(new) for name, new in given.items()}
    for check in (_words_flaw, _contact_flaw, _codes_flaw, _numbers_flaw, _rest_flaw):
        flaw = check(values)
        if flaw is not None:
            return flaw
    return values


def _plain(value: Any) -> Any:
    """Texts without spaces around them, words of enums, each item of a list once."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, list):
        return list(dict.fromkeys(value))
    return value


def _words_flaw(values: dict[str, Any]) -> Invalid | None:
    if "name" in values:
        flaw = text_flaw(values["name"], 80, "name")
        if flaw is not None:
            return flaw
    for name, limit in WORDS.items():
        flaw = words_flaw(values.get(name, ""), limit, name)
        if flaw is not None:
            return flaw
    for name in URLS:
        flaw = url_flaw(values[name], name) if values.get(name) else None
        if flaw is not None:
            return flaw
    return None


def _contact_flaw(values: dict[str, Any]) -> Invalid | None:
    """Brings addresses of mail into the form they are stored in, too."""
    if values.get("email"):
        values["email"] = email_of(values["email"], "email")
        if isinstance(values["email"], Invalid):
            return values["email"]
    emails = values.get("notification_emails", [])
    if len(emails) > MAX_EMAILS:
        return Invalid(f"There can be at most {MAX_EMAILS}.", ("notification_emails",))
    for place, text in enumerate(emails):
        found = email_of(text, "notification_emails", str(place))
        if isinstance(found, Invalid):
            return found
        emails[place] = found
    return None


def _codes_flaw(values: dict[str, Any]) -> Invalid | None:
    if "timezone" in values and values["timezone"] not in _time_zones():
        return Invalid("There is no such time zone in the IANA list.", ("timezone",))
    if values.get("country") is not None:
        values["country"] = values["country"].upper()
    if values.get("country") and values["country"] not in country_codes():
        return Invalid("There is no country with this ISO 3166-1 alpha-2 code.", ("country",))
    if "locale" in values:
        flaw = _locale_flaw(values["locale"], "locale")
        if flaw is not None:
            return flaw
    return _lists_flaw(values)


def _lists_flaw(values: Mapping[str, Any]) -> Invalid | None:
    checks: dict[str, Callable[[str], bool]] = {
        "currencies": lambda code: code in currency_codes(),
        "countries": lambda code: code in country_codes(),
        "locales": lambda text: _locale_flaw(text, "locales") is None,
    }
    for name, is_good in checks.items():
        items: Sequence[str] = values.get(name, ())
        if len(items) > MAX_LISTED:
            return Invalid(f"There can be at most {MAX_LISTED}.", (name,))
        for place, item in enumerate(items):
            if not is_good(item):
                return Invalid("There is no such code.", (name, str(place)))
    return None


def _locale_flaw(text: str, *path: str) -> Invalid | None:
    if text.isascii() and locale_of(text) is not None:
        return None
    return Invalid("A language is written like de-AT.", path)


def _numbers_flaw(values: Mapping[str, Any]) -> Invalid | None:
    for name, (least, most) in RANGES.items():
        if name in values and not least <= values[name] <= most:
            return Invalid(f"This is from {least} to {most}.", (name,))
    for name, bound in DEGREES.items():
        degrees = values.get(name)
        if degrees is not None and not _is_angle(degrees, bound):
            told = f"This is from -{bound} to {bound}, with at most {DEGREE_DECIMALS} decimals."
            return Invalid(told, (name,))
    return None


def _is_angle(degrees: Decimal, bound: int) -> bool:
    return abs(degrees) <= bound and degrees == round(degrees, DEGREE_DECIMALS)


def _rest_flaw(values: Mapping[str, Any]) -> Invalid | None:
    for name, check in (
        ("date_format", date_format_flaw),
        ("time_format", time_format_flaw),
        ("social_links", links_flaw),
        ("design", design_flaw),
    ):
        flaw = check(values[name]) if name in values else None
        if flaw is not None:
            return Invalid(flaw.message, (name, *flaw.path))
    return None


@cache
def _time_zones() -> frozenset[str]:
    return frozenset(available_timezones()) - {MACHINES_OWN}
