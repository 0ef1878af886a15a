import pytest

from commerce.core.places import Area, Place, closest, fits


@pytest.mark.parametrize(
    ("pattern", "code", "found"),
    [
        ("10115", "10115", True),
        ("SW1A1AA", "sw1a 1aa", True),
        ("101*", "10115", True),
        ("101*", "20115", False),
        ("10000-19999", "19999", True),
        ("10000-19999", "20000", False),
        ("10000-19999", "1٢٢٢٢", True),  # digits of another script are digits
        ("10000-19999", "²", False),  # a power is none
        ("10000-19999", "", False),
    ],
)
def test_patterns_of_postal_codes(pattern: str, code: str, found: bool) -> None:
    assert fits(pattern, code) is found


def test_the_areas_drawn_most_closely_are_closest() -> None:
    areas = [
        ("world", Area()),
        ("country", Area("US")),
        ("state", Area("US", "CA")),
        ("district", Area("US", None, ("902*",))),
        ("also the state", Area("US", "CA")),
    ]
    assert closest(areas, Place("US", "CA", "90210")) == {"district"}
    assert closest(areas, Place("US", "CA", "10001")) == {"state", "also the state"}
    assert closest(areas, Place("US", "NY", "10001")) == {"country"}
    assert closest(areas, Place("DE")) == closest(areas, Place()) == {"world"}
    assert closest(areas[1:], Place("DE")) == set()
