from decimal import Decimal
from typing import Any

import pytest

from commerce.core.problems import Invalid
from commerce.store.kinds import WeightUnit
from commerce.store.rules.formats import date_format_flaw, time_format_flaw
from commerce.store.rules.settings import checked_settings


@pytest.mark.parametrize(
    ("given", "stored"),
    [
        ({"name": " Shop "}, {"name": "Shop"}),
        ({"email": "Me@BÜCHER.example"}, {"email": "Me@xn--bcher-kva.example"}),
        ({"email": "", "website": ""}, {"email": "", "website": ""}),
        ({"timezone": "America/Argentina/Ushuaia"}, None),
        ({"country": "de"}, {"country": "DE"}),
        ({"country": None, "latitude": None}, None),
        (
            {"locale": "de-AT", "locales": ["de", "pt-BR", "de"]},
            {"locale": "de-AT", "locales": ["de", "pt-BR"]},
        ),
        ({"currencies": ["EUR", "JPY"], "countries": ["DE", "XK"]}, None),
        ({"weight_unit": WeightUnit.POUND}, {"weight_unit": "lb"}),
        ({"latitude": Decimal(-90), "longitude": Decimal("13.377704")}, None),
        ({"date_format": "EEEE, d. MMMM yyyy", "time_format": "h:mm a"}, None),
        ({"social_links": {"instagram": "https://instagram.com/shop"}}, None),
        ({"design": {"color": "#db0a5b", "rows": [1, 2.5, None, True]}}, None),
    ],
)
def test_settings_are_stored_in_one_form(given: dict[str, Any], stored: Any) -> None:
    assert checked_settings(given) == (stored or given)


NESTED: Any = {}
for _ in range(9):
    NESTED = {"x": NESTED}


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ({"name": " "}, "name"),
        ({"name": "n" * 81}, "name"),
        ({"description": "\0"}, "description"),
        ({"order_prefix": "x" * 21}, "order_prefix"),
        ({"website": "javascript:alert(1)"}, "website"),
        ({"logo_url": "//elsewhere.example/x.png"}, "logo_url"),
        ({"email": "nobody"}, "email"),
        ({"notification_emails": ["a@b.example", "\ud800"]}, "notification_emails.1"),
        ({"notification_emails": [f"a{n}@b.example" for n in range(21)]}, "notification_emails"),
        ({"timezone": "Europe/Atlantis"}, "timezone"),
        ({"timezone": "../../etc/passwd"}, "timezone"),
        ({"timezone": "localtime"}, "timezone"),
        ({"country": "ZZ"}, "country"),
        ({"locale": "klingon"}, "locale"),
        ({"locale": "d\0"}, "locale"),
        ({"locales": ["de", "x" * 100]}, "locales.1"),
        ({"currencies": ["EUR", "EURO"]}, "currencies.1"),
        ({"countries": ["Germany"]}, "countries.0"),
        ({"countries": [str(n) for n in range(301)]}, "countries"),
        ({"latitude": Decimal("90.000001")}, "latitude"),
        ({"longitude": Decimal("1.0000001")}, "longitude"),
        ({"order_digits": 0}, "order_digits"),
        ({"cart_days": 366}, "cart_days"),
        ({"reservation_minutes": 0}, "reservation_minutes"),
        ({"abandoned_hours": 721}, "abandoned_hours"),
        ({"date_format": "HH:mm"}, "date_format"),
        ({"time_format": ""}, "time_format"),
        ({"social_links": {"In stagram": "https://a.example"}}, "social_links.0.name"),
        ({"social_links": {"instagram": "javascript:x"}}, "social_links.0.url"),
        ({"social_links": {f"a{n}": "https://a.example" for n in range(31)}}, "social_links"),
        ({"design": []}, "design"),
        ({"design": {"x": float("nan")}}, "design"),
        ({"design": {"x": 10**400}}, "design"),
        ({"design": {"\0": 1}}, "design"),
        ({"design": {"x": "\ud800"}}, "design"),
        ({"design": NESTED}, "design"),
        ({"design": {"x": "y" * 70_000}}, "design"),
    ],
)
def test_what_no_store_can_be_set_to(given: dict[str, Any], path: str) -> None:
    refused = checked_settings(given)
    assert isinstance(refused, Invalid)
    assert ".".join(refused.path) == path


@pytest.mark.parametrize(
    "pattern", ["dd.MM.yyyy", "yyyy-MM-dd", "d 'de' MMMM 'de' yyyy", "EEEE, MMMM d"]
)
def test_patterns_of_dates(pattern: str) -> None:
    assert date_format_flaw(pattern) is None


@pytest.mark.parametrize("pattern", ["", "'", "ss", "ddddd", "Q" * 9, "yyyy" * 20, "dd HH"])
def test_what_is_no_pattern_of_dates(pattern: str) -> None:
    assert date_format_flaw(pattern) is not None


@pytest.mark.parametrize(("pattern", "good"), [("HH:mm", True), ("h:mm:ss a", True), ("dd", False)])
def test_patterns_of_times(pattern: str, good: bool) -> None:
    assert (time_format_flaw(pattern) is None) is good
