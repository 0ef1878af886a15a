"""Days of the shop's calendar as moments: its clocks are put forward and back."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from commerce.core.criteria import Times

DAY: Final = timedelta(days=1)


def day_of(moment: datetime, zone: ZoneInfo) -> date:
    """Which day it is in the shop."""
    return moment.astimezone(zone).date()


def start_of(day: date, zone: ZoneInfo) -> datetime | None:
    """The first moment of a day there, in UTC; None at the ends of the calendar.

    Where clocks skip midnight it is the moment they do, where it comes twice the first one.
    """
    try:
        return datetime.combine(day, time.min, zone).astimezone(UTC)
    except OverflowError:
        return None


def moments_of(first: date | None, last: date | None, zone: ZoneInfo) -> Times:
    """From the beginning of the `first` day up to, and without, the end of the `last` one.

    None is unbounded. A day is 23 or 25 hours long when clocks change.
    """
    begins = None if first is None else start_of(first, zone)
    if last is None or last == date.max:
        return Times(gte=begins)
    return Times(gte=begins, lt=start_of(last + DAY, zone))
