"""Days of the shop as moments: the first and the last day are whole ones."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from commerce.core.problems import Invalid

FIRST_YEAR: Final = 1970
LAST_YEAR: Final = 9000
A_DAY: Final = timedelta(days=1)


def start_of(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)


def end_of(day: date, zone: ZoneInfo) -> datetime:
    """The first moment that is not of the day any more."""
    return start_of(day + A_DAY, zone)


def first_day(starts_at: datetime | None, zone: ZoneInfo) -> date | None:
    return None if starts_at is None else starts_at.astimezone(zone).date()


def last_day(ends_at: datetime | None, zone: ZoneInfo) -> date | None:
    """The last day of which there is something."""
    if ends_at is None:
        return None
    return (ends_at - timedelta(microseconds=1)).astimezone(zone).date()


def day_flaw(day: date | None, *path: str) -> Invalid | None:
    if day is None or FIRST_YEAR <= day.year <= LAST_YEAR:
        return None
    return Invalid(f"This must be between the years {FIRST_YEAR} and {LAST_YEAR}.", path)
