from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from commerce.core.problems import Invalid
from commerce.customers.kinds import ExtraFieldKind
from commerce.customers.rules.accounts import Registration, checked_profile, registration_of
from commerce.customers.rules.extra_fields import ExtraValue


@dataclass
class Field:
    """As much of one of the store's own fields as the rules look at."""

    title: str
    required: bool
    storefront: bool
    kind: ExtraFieldKind = ExtraFieldKind.TEXT


FIELDS = {
    "size": Field("Size", required=True, storefront=True),
    "rating": Field("Rating", required=True, storefront=False),
}
GOOD = {"email": "ada@shop.example", "password": "correct horse"}


def test_a_registration_is_brought_into_the_form_it_is_stored_in() -> None:
    given = {
        **GOOD,
        "email": " Ada@SHOP.example ",
        "first_name": "  Ada  Augusta ",
        "phone": "+49 170 1234567",
        "locale": "de_at",
        "accepts_marketing": True,
    }
    assert registration_of(given, {}, ()) == Registration(
        "Ada@shop.example",
        "correct horse",
        {
            "first_name": "Ada Augusta",
            "phone": "+491701234567",
            "locale": "de-AT",
            "extra_fields": {},
        },
        accepts_marketing=True,
    )


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ({"email": "ada"}, "email"),
        ({"email": "ada@" + "a" * 300 + ".example"}, "email"),
        ({"password": "short"}, "password"),
        ({"password": "x" * 129}, "password"),
        ({"first_name": "x" * 201}, "first_name"),
        ({"phone": "12"}, "phone"),
        ({"locale": "??"}, "locale"),
    ],
)
def test_a_flaw_names_its_field(given: dict[str, Any], path: str) -> None:
    found = registration_of({**GOOD, **given}, {}, ())
    assert isinstance(found, Invalid)
    assert found.path == (path,)


@pytest.mark.parametrize("day", [date(1899, 12, 31), date(2026, 3, 2), date(9999, 12, 31)])
def test_nobody_is_born_tomorrow_or_two_centuries_ago(day: date) -> None:
    found = checked_profile({"date_of_birth": day}, date(2026, 3, 1))
    assert isinstance(found, Invalid)
    assert found.path == ("date_of_birth",)


def test_only_what_is_given_is_checked_and_null_clears() -> None:
    given = {"phone": None, "date_of_birth": date(2026, 3, 1), "company": " Analytical  Engines "}
    assert checked_profile(given, date(2026, 3, 1)) == {
        "phone": None,
        "date_of_birth": date(2026, 3, 1),
        "company": "Analytical Engines",
    }


@pytest.mark.parametrize(
    ("extra", "path"),
    [
        ((), ("extra_fields",)),
        ((ExtraValue("size", None),), ("extra_fields", "0", "value")),
        ((ExtraValue("size", "M"), ExtraValue("rating", "good")), ("extra_fields", "1", "key")),
        ((ExtraValue("size", "M"), ExtraValue("other", "x")), ("extra_fields", "1", "key")),
    ],
)
def test_what_the_store_asks_for_must_be_told_and_nothing_else(
    extra: tuple[ExtraValue, ...], path: tuple[str, ...]
) -> None:
    found = registration_of(GOOD, FIELDS, extra)
    assert isinstance(found, Invalid)
    assert found.path == path


def test_what_the_store_asks_for_is_kept() -> None:
    found = registration_of(GOOD, FIELDS, [ExtraValue("size", "M")])
    assert isinstance(found, Registration)
    assert found.values == {"extra_fields": {"size": "M"}}
