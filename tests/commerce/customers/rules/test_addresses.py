from typing import Any

import pytest

from commerce.core.problems import Invalid
from commerce.customers.rules.addresses import Address, address_lines, checked_address

BERLIN: dict[str, Any] = {
    "country": "DE",
    "street1": "Weg 1",
    "postal_code": "10115",
    "city": "Berlin",
}
ROME = {"country": "IT", "street1": "Via 1", "city": "Roma", "region": "RM", "postal_code": "00184"}
SPRINGFIELD = {
    "country": "US",
    "street1": "1 Main St",
    "city": "Springfield",
    "region": "IL",
    "postal_code": "62701",
}


def _checked(given: dict[str, Any]) -> dict[str, Any]:
    found = checked_address(given)
    assert not isinstance(found, Invalid), found
    return found


def test_what_is_stored_is_trimmed_and_has_codes_in_capitals() -> None:
    given = {
        **SPRINGFIELD,
        "country": " us ",
        "region": "illinois",
        "city": "  New   Springfield ",
        "phone": "(217) 555-0123",
    }
    assert _checked(given) == {
        "first_name": "",
        "last_name": "",
        "company": "",
        "phone": "+12175550123",
        "street1": "1 Main St",
        "street2": "",
        "postal_code": "62701",
        "city": "New Springfield",
        "region": "IL",
        "country": "US",
    }


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ({}, "country"),
        ({**BERLIN, "country": "XX"}, "country"),
        ({**BERLIN, "country": "GER"}, "country"),
        ({**BERLIN, "country": "ẞ"}, "country"),
        ({**BERLIN, "street1": " "}, "street1"),
        ({**BERLIN, "city": ""}, "city"),
        ({**BERLIN, "postal_code": ""}, "postal_code"),
        ({**BERLIN, "postal_code": "1011"}, "postal_code"),
        ({**BERLIN, "postal_code": "10115\n2"}, "postal_code"),
        ({**BERLIN, "postal_code": "\u0661\u0660\u0661\u0661\u0665"}, "postal_code"),
        ({**BERLIN, "phone": "hello"}, "phone"),
        ({**BERLIN, "phone": "030" + "1" * 60}, "phone"),
        ({**BERLIN, "street2": "x" * 201}, "street2"),
        ({**BERLIN, "last_name": "a\x00b"}, "last_name"),
        ({**SPRINGFIELD, "region": ""}, "region"),
        ({**SPRINGFIELD, "region": "Bavaria"}, "region"),
        ({**ROME, "region": "XX"}, "region"),
    ],
)
def test_a_flaw_names_its_field(given: dict[str, Any], path: str) -> None:
    found = checked_address(given)
    assert isinstance(found, Invalid)
    assert found.path == (path,)


def test_a_refused_postal_code_is_told_what_one_looks_like() -> None:
    found = checked_address({**SPRINGFIELD, "postal_code": "1"})
    assert isinstance(found, Invalid)
    assert "95014" in found.message


@pytest.mark.parametrize(
    ("given", "region"),
    [
        ({**BERLIN, "region": "Berlin"}, "BE"),
        ({**BERLIN, "region": "somewhere"}, "somewhere"),
        ({"country": "KZ", "street1": "x", "city": "y", "region": "Almaty oblysy"}, "19"),
        ({"country": "AQ", "street1": "x", "city": "y", "region": "ice"}, "ice"),
    ],
)
def test_where_the_post_does_without_regions_any_text_will_do(
    given: dict[str, Any], region: str
) -> None:
    assert _checked(given)["region"] == region


def test_a_checked_address_is_checked_the_same_again() -> None:
    for given in (BERLIN, ROME, SPRINGFIELD):
        assert _checked(_checked(given)) == _checked(given)


@pytest.mark.parametrize(
    ("values", "lines"),
    [
        (
            {**SPRINGFIELD, "first_name": "Ada", "last_name": "L.", "street2": "Apt 2"},
            ["Ada L.", "1 Main St", "Apt 2", "SPRINGFIELD, IL 62701", "UNITED STATES"],
        ),
        (BERLIN, ["Weg 1", "10115 BERLIN", "GERMANY"]),
        (
            {**BERLIN, "company": "Müller GmbH", "last_name": "M", "region": "BE"},
            ["M", "Müller GmbH", "Weg 1", "10115 BERLIN", "GERMANY"],
        ),
        (ROME, ["Via 1", "00184 ROMA RM", "ITALY"]),
        (
            {
                "country": "ES",
                "street1": "C 1",
                "city": "Vitoria",
                "region": "VI",
                "postal_code": "01001",
            },
            ["C 1", "01001 VITORIA ÁLAVA", "SPAIN"],
        ),
        (
            {
                "country": "JP",
                "last_name": "山田",
                "street1": "1-2-3",
                "city": "千代田区",
                "region": "13",
                "postal_code": "100-0001",
            },
            ["〒100-0001", "東京都", "千代田区", "1-2-3", "山田", "JAPAN"],
        ),
        (
            {"country": "SG", "street1": "1 Road", "city": "Singapore", "postal_code": "238801"},
            ["1 Road", "SINGAPORE 238801", "SINGAPORE"],
        ),
        (
            {"country": "HK", "street1": "100% %C%S", "region": "Kowloon"},
            ["KOWLOON", "100% %C%S", "HONG KONG SAR CHINA"],
        ),
    ],
)
def test_lines_are_written_as_is_usual_there(values: dict[str, Any], lines: list[str]) -> None:
    assert address_lines(Address(**values), "en") == lines


def test_the_country_is_named_in_the_reader_s_language() -> None:
    assert address_lines(Address(**BERLIN), "fr")[-1] == "ALLEMAGNE"
