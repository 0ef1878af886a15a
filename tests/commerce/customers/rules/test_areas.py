from typing import Any

import pytest

from commerce.core.places import Area
from commerce.core.problems import Invalid
from commerce.customers.rules.areas import checked_areas


@pytest.mark.parametrize(
    ("given", "area"),
    [
        ({}, Area()),
        ({"country": None, "region": " ", "postal_codes": []}, Area()),
        ({"country": " de "}, Area("DE")),
        ({"country": "US", "region": "California"}, Area("US", "CA")),
        ({"country": "US", "region": "us-ca"}, Area("US", "CA")),
        (
            {"country": "DE", "postal_codes": [" 10115", "101*", "10000-19999", "10115"]},
            Area("DE", None, ("10115", "101*", "10000-19999")),
        ),
        ({"country": "GB", "postal_codes": ["sw1a 1aa"]}, Area("GB", None, ("SW1A 1AA",))),
    ],
)
def test_an_area_is_stored_by_its_codes(given: dict[str, Any], area: Area) -> None:
    assert checked_areas([given, given], "areas") == [area]


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ({"country": "ZZ"}, "country"),
        ({"country": "\ud800"}, "country"),
        ({"region": "CA"}, "country"),
        ({"postal_codes": ["1"]}, "country"),
        ({"country": "US", "region": "Nowhere"}, "region"),
        ({"country": "DE", "postal_codes": [""]}, "postal_codes"),
        ({"country": "DE", "postal_codes": ["*"]}, "postal_codes"),
        ({"country": "DE", "postal_codes": ["1\x00"]}, "postal_codes"),
        ({"country": "DE", "postal_codes": ["²"]}, "postal_codes"),
        ({"country": "DE", "postal_codes": ["1" * 40]}, "postal_codes"),
        ({"country": "DE", "postal_codes": list(map(str, range(1001)))}, "postal_codes"),
    ],
)
def test_what_is_no_area(given: dict[str, Any], path: str) -> None:
    refused = checked_areas([{"country": "DE"}, given], "areas")
    assert isinstance(refused, Invalid)
    assert refused.path[:3] == ("areas", "1", path)


def test_there_are_not_more_areas_than_countries() -> None:
    assert isinstance(checked_areas([{}] * 301, "areas"), Invalid)
