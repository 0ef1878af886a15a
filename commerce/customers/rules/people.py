"""What people say about themselves, in the form it is stored. Pure."""

from typing import Final

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat

from commerce.core.countries import locale_of
from commerce.core.problems import Invalid

MAX_PHONE: Final = 40  # as people write it; E.164 has at most 15 digits


def phone_of(text: str | None, country: str | None, *path: str) -> str | Invalid | None:
    """`+491701234567`; None for nothing. Without a `country` it must start with a plus sign.

    Whether anybody answers there is not asked, nor whether the number was given out: new ranges
    are in use before any list knows them.
    """
    if text is None or not text.strip():
        return None
    if len(text) > MAX_PHONE:
        return Invalid("This is not a phone number.", path)
    try:
        number = phonenumbers.parse(text, country)
    except NumberParseException:
        return Invalid("This is not a phone number. Start with + and the country.", path)
    if number.extension or not phonenumbers.is_possible_number(number):
        return Invalid("This is not a phone number.", path)
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def language_of(text: str, *path: str) -> str | Invalid:
    """`de_at` -> `de-AT`."""
    found = locale_of(text)
    if found is None:
        return Invalid("This is not a language: write it like de or de-AT.", path)
    return str(found).replace("_", "-")
