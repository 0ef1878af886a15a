import pytest

from commerce.core.countries import country_codes, locale_of
from commerce.customers.rules.countries import (
    address_format,
    country_names,
    language_code,
    region_of,
    regions_of,
)


def test_there_are_the_countries_of_the_standard_and_kosovo() -> None:
    codes = country_codes()
    assert len(codes) == 250
    assert {"DE", "US", "XK"} <= codes
    assert "ZZ" not in codes


@pytest.mark.parametrize(
    ("locale", "name"),
    [
        ("en", "Germany"),
        ("de-AT", "Deutschland"),
        ("de_at", "Deutschland"),
        ("fr", "Allemagne"),
        ("zz", "Germany"),
        ("", "Germany"),
        ("../../etc/passwd", "Germany"),
        ("e" * 10_000, "Germany"),
    ],
)
def test_names_are_in_the_asked_language_or_english(locale: str, name: str) -> None:
    assert country_names(locale)["DE"] == name


def test_names_are_sorted_in_their_language() -> None:
    names = [name.casefold() for name in country_names("de").values()]
    assert names == sorted(names)
    assert set(country_names("de")) == country_codes()


@pytest.mark.parametrize(
    ("text", "known"),
    [("de-AT", "de_AT"), ("pt_br", "pt_BR"), ("zh-Hant-TW", "zh_Hant_TW"), ("xx", None)],
)
def test_locales_are_those_of_the_library(text: str, known: str | None) -> None:
    assert (None if locale_of(text) is None else str(locale_of(text))) == known


def test_the_language_of_a_locale_is_english_when_unknown() -> None:
    assert [language_code(text) for text in ("de-AT", "nonsense")] == ["de", "en"]


@pytest.mark.parametrize("country", sorted(country_codes()))
def test_every_country_has_a_format_that_asks_for_what_it_shows(country: str) -> None:
    found = address_format(country)
    shown = {field for line in found.lines for field in line}
    assert {"name", "street"} <= shown
    assert found.required <= {"street", "city", "region", "postal_code"}
    assert all(found.takes(example) for example in found.examples if ":" not in example)
    codes = [region.code for region in regions_of(country)]
    assert all(codes)
    assert len(codes) == len(set(codes))


@pytest.mark.parametrize(
    ("country", "text", "code"),
    [
        ("US", "CA", "CA"),
        ("US", "us-ca", "CA"),
        ("US", " california ", "CA"),
        ("US", "AA", "AA"),
        ("CA", "Québec", "QC"),
        ("CA", "Quebec", "QC"),
        ("CA", "Colombie-Britannique", "BC"),
        ("JP", "東京都", "13"),
        ("JP", "Tokyo", "13"),
        ("ES", "Álava", "VI"),
        ("DE", "Bayern", "BY"),
        ("GB", "Scotland", "SCT"),
        ("US", "Bavaria", None),
        ("VA", "anything", None),
        ("US", "", None),
    ],
)
def test_regions_are_found_by_code_and_name(country: str, text: str, code: str | None) -> None:
    found = region_of(country, text)
    assert (None if found is None else found.code) == code


@pytest.mark.parametrize(
    ("country", "code", "language", "name"),
    [
        ("JP", "13", "ja", "東京都"),
        ("JP", "13", "en", "Tokyo"),
        ("CA", "QC", "fr", "Québec"),
        ("CA", "QC", "en", "Quebec"),
        ("US", "CA", "de", "California"),
        ("HK", "Kowloon", "zh", "九龍"),
        ("HK", "Kowloon", "en", "Kowloon"),
    ],
)
def test_regions_have_names_in_the_languages_of_their_country(
    country: str, code: str, language: str, name: str
) -> None:
    (found,) = (region for region in regions_of(country) if region.code == code)
    assert found.called(language) == name
