from datetime import datetime
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from commerce.shipping.rules.estimates import estimate

BERLIN = ZoneInfo("Europe/Berlin")


def _method(**values: Any) -> Any:
    given = {"business_days": [1, 2, 3, 4, 5], "closures": [], "cut_off": None, "handling_days": 0}
    return SimpleNamespace(**{**given, **values})


def _found(method: Any, at: str, days: Any = (1, 3), zone: ZoneInfo = BERLIN) -> list[str] | None:
    found = estimate(method, datetime.fromisoformat(at), zone, days)
    return None if found is None else [day.isoformat() for day in found]


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2026-11-23T08:00Z", ["2026-11-24", "2026-11-26"]),  # a Monday
        ("2026-11-26T08:00Z", ["2026-11-27", "2026-12-01"]),  # over the weekend
        ("2026-11-28T08:00Z", ["2026-12-01", "2026-12-03"]),  # Saturdays count as Monday
        ("2026-11-22T22:59Z", ["2026-11-24", "2026-11-26"]),  # still Sunday in the shop
        ("2026-11-22T23:00Z", ["2026-11-24", "2026-11-26"]),  # Monday there
        ("2026-11-23T22:59Z", ["2026-11-24", "2026-11-26"]),
        ("2026-11-23T23:00Z", ["2026-11-25", "2026-11-27"]),  # Tuesday there
    ],
)
def test_days_are_those_of_the_shop(at: str, expected: list[str]) -> None:
    assert _found(_method(), at) == expected


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2026-11-23T12:59:59Z", "2026-11-24"),  # 13:59:59 in winter
        ("2026-11-23T13:00Z", "2026-11-25"),
        ("2026-07-06T11:59:59Z", "2026-07-07"),  # 13:59:59 in summer
        ("2026-07-06T12:00Z", "2026-07-08"),
        ("2026-11-21T23:00Z", "2026-11-24"),  # no cut-off on days off
        ("2026-11-20T15:00Z", "2026-11-24"),  # late on Friday is Monday
    ],
)
def test_orders_after_the_cut_off_are_the_next_days(at: str, expected: str) -> None:
    assert _found(_method(cut_off="14:00"), at, (1, 1)) == [expected, expected]


@pytest.mark.parametrize(
    ("at", "sent"),
    [
        ("2026-03-29T00:59Z", "2026-03-29"),  # 01:59, then 03:00
        ("2026-03-29T01:00Z", "2026-03-30"),
        ("2026-10-25T00:00Z", "2026-10-25"),  # 02:00 for the first time
        ("2026-10-25T00:30Z", "2026-10-26"),
        ("2026-10-25T01:00Z", "2026-10-25"),  # 02:00 again: clocks went back
        ("2026-10-25T01:30Z", "2026-10-26"),
    ],
)
def test_the_cut_off_goes_by_the_shops_clock_when_clocks_change(at: str, sent: str) -> None:
    cut_off = "02:30" if at.startswith("2026-10") else "03:00"
    method = _method(cut_off=cut_off, business_days=[1, 2, 3, 4, 5, 6, 7])
    assert _found(method, at, (0, 0)) == [sent, sent]


@pytest.mark.parametrize(
    ("zone", "expected"),
    [("Pacific/Kiritimati", "2026-11-25"), ("Etc/GMT+12", "2026-11-23"), ("UTC", "2026-11-24")],
)
def test_the_same_moment_is_another_day_on_the_other_side(zone: str, expected: str) -> None:
    found = _found(_method(), "2026-11-24T11:00Z", (0, None), ZoneInfo(zone))
    assert found == [expected, expected]


def test_handling_comes_before_sending() -> None:
    method = _method(handling_days=2)
    assert _found(method, "2026-11-26T08:00Z") == ["2026-12-01", "2026-12-03"]


def test_closed_days_do_not_count_and_yearly_ones_come_again() -> None:
    holidays = {"from": "2020-12-24", "to": "2020-01-01", "yearly": True}
    trade_fair = {"from": "2026-11-24", "to": "2026-11-25", "yearly": False}
    method = _method(closures=[holidays, trade_fair])
    assert _found(method, "2026-11-23T08:00Z", (1, 2)) == ["2026-11-26", "2026-11-27"]
    assert _found(method, "2026-12-23T08:00Z", (1, 1)) == ["2027-01-04", "2027-01-04"]


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ((None, None), None),
        ((2, None), ["2026-11-25", "2026-11-25"]),
        ((None, 2), ["2026-11-25", "2026-11-25"]),
        ((0, 0), ["2026-11-23", "2026-11-23"]),
    ],
)
def test_what_is_not_said_is_not_promised(days: Any, expected: Any) -> None:
    assert _found(_method(), "2026-11-23T08:00Z", days) == expected


def test_a_shop_that_never_opens_promises_nothing() -> None:
    always = {"from": "2026-01-01", "to": "2026-12-31", "yearly": True}
    assert _found(_method(closures=[always]), "2026-11-23T08:00Z") is None
    assert _found(_method(), "9999-12-31T08:00Z", (5, 5)) is None
