from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from commerce.core.criteria import Times
from commerce.core.days import day_of, moments_of, start_of

BERLIN = ZoneInfo("Europe/Berlin")


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("zone", "day", "starts", "hours"),
    [
        ("UTC", "2026-06-01", "2026-06-01T00:00Z", 24),
        ("Europe/Berlin", "2026-03-29", "2026-03-28T23:00Z", 23),
        ("Europe/Berlin", "2026-10-25", "2026-10-24T22:00Z", 25),
        ("Pacific/Kiritimati", "2026-01-01", "2025-12-31T10:00Z", 24),  # 14 hours ahead
        ("Etc/GMT+12", "2026-01-01", "2026-01-01T12:00Z", 24),
        ("America/Santiago", "2026-09-06", "2026-09-06T04:00Z", 23),  # clocks skip midnight
        ("America/Havana", "2026-11-01", "2026-11-01T04:00Z", 25),  # midnight comes twice
        ("Pacific/Apia", "2011-12-30", "2011-12-30T10:00Z", 0),  # the day that was left out
    ],
)
def test_a_day_is_as_long_as_its_clocks_say(zone: str, day: str, starts: str, hours: int) -> None:
    asked = date.fromisoformat(day)
    found = moments_of(asked, asked, ZoneInfo(zone))
    assert found.gte == _at(starts)
    assert found.lt is not None
    assert found.lt - _at(starts) == timedelta(hours=hours)


@pytest.mark.parametrize("zone", ["Europe/Berlin", "Pacific/Kiritimati", "Etc/GMT+12"])
def test_the_days_of_a_year_follow_each_other_without_gap_or_overlap(zone: str) -> None:
    there, ends = ZoneInfo(zone), start_of(date(2026, 1, 1), ZoneInfo(zone))
    for number in range(365):
        day = date(2026, 1, 1) + timedelta(days=number)
        span = moments_of(day, day, there)
        assert span.gte == ends
        assert span.gte is not None
        assert day_of(span.gte, there) == day
        ends = span.lt
    year = moments_of(date(2026, 1, 1), date(2026, 12, 31), there)
    assert (year.gte, year.lt) == (start_of(date(2026, 1, 1), there), ends)


def test_the_same_moment_is_another_day_elsewhere() -> None:
    moment = _at("2026-01-01T10:30:00Z")
    zones = ("Pacific/Kiritimati", "Europe/Berlin", "Etc/GMT+12")
    assert [day_of(moment, ZoneInfo(zone)).isoformat() for zone in zones] == [
        "2026-01-02",
        "2026-01-01",
        "2025-12-31",
    ]


def test_what_is_not_bounded_has_no_bound() -> None:
    assert moments_of(None, None, BERLIN) == Times()
    assert moments_of(date.min, date.max, BERLIN) == Times()
    assert moments_of(date(2026, 1, 1), None, BERLIN) == Times(
        gte=datetime(2025, 12, 31, 23, tzinfo=UTC)
    )
