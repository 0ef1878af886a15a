import pytest

from commerce.core.problems import Invalid
from commerce.customers.rules.people import language_of, phone_of


@pytest.mark.parametrize(
    ("text", "country", "stored"),
    [
        ("+49 170 123 4567", None, "+491701234567"),
        ("0170 1234567", "DE", "+491701234567"),
        ("(217) 555-0123", "US", "+12175550123"),
        (None, "DE", None),
        ("  ", "DE", None),
    ],
)
def test_phone_numbers_are_stored_in_one_form(
    text: str | None, country: str | None, stored: str | None
) -> None:
    assert phone_of(text, country) == stored


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("0170 1234567", None),
        ("+49", "DE"),
        ("hello", "DE"),
        ("+1" * 40, "US"),
        ("+1 217 555 0123 ext. 5", "US"),
        ("+999 123456", "US"),
    ],
)
def test_what_is_no_phone_number_is_refused(text: str, country: str | None) -> None:
    found = phone_of(text, country, "phone")
    assert isinstance(found, Invalid)
    assert found.path == ("phone",)


@pytest.mark.parametrize(("text", "stored"), [("de_at", "de-AT"), ("EN", "en"), ("fr-FR", "fr-FR")])
def test_languages_are_stored_in_one_form(text: str, stored: str) -> None:
    assert language_of(text) == stored


@pytest.mark.parametrize("text", ["", "klingon", "de\nBcc: x", "x" * 1000])
def test_what_is_no_language_is_refused(text: str) -> None:
    assert isinstance(language_of(text), Invalid)
