"""When goods arrive that are ordered now, by the shop's own days and hours. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

DAY: Final = timedelta(days=1)
FARTHEST: Final = 1100  # days to look for business days, before the shop counts as closed for good


@dataclass(frozen=True, slots=True)
class Days:
    """The days on which something is done: those of the week (1 is Monday) without closures.

    A closure is `{"from": "2026-12-24", "to": "2026-12-26", "yearly": True}`, both days included.
    """

    of_week: frozenset[int]
    closures: Sequence[Mapping[str, Any]] = ()

    def counts(self, day: date) -> bool:
        return day.isoweekday() in self.of_week and not any(
            _is_closed(closure, day) for closure in self.closures
        )


def estimate(
    method: Any, ordered_at: datetime, zone: ZoneInfo, days: tuple[int | None, int | None]
) -> tuple[date, date] | None:
    """The first and the last day the goods may arrive, `days` (least, most) after they are sent.

    None when nothing is known, or when the shop never opens.
    """
    least, most = days
    if least is None and most is None:
        return None
    open_days = Days(frozenset(method.business_days), method.closures)
    sent = _sent(method, ordered_at.astimezone(zone), open_days)
    first = _after(sent, _either(least, most), open_days)
    last = _after(sent, _either(most, least), open_days)
    return None if first is None or last is None else (first, last)


def _sent(method: Any, local: datetime, days: Days) -> date | None:
    """The day the goods leave: orders after the cut-off, or on a day off, are the next day's."""
    today = local.date()
    missed = method.cut_off is not None and local.time() >= time.fromisoformat(method.cut_off)
    late = days.counts(today) and missed
    taken = _after(today + DAY if late else today, 0, days)
    return _after(taken, method.handling_days, days)


def _after(start: date | None, count: int, days: Days) -> date | None:
    """The business day `count` of them after `start`; for none, `start` itself or the next one."""
    day = start
    for _ in range(FARTHEST):
        if day is None:
            return None
        if days.counts(day):
            if count == 0:
                return day
            count -= 1
        day = None if day == date.max else day + DAY
    return None


def _either(wanted: int | None, other: int | None) -> int:
    return (other or 0) if wanted is None else wanted


def _is_closed(closure: Mapping[str, Any], day: date) -> bool:
    first, last = date.fromisoformat(closure["from"]), date.fromisoformat(closure["to"])
    if not closure["yearly"]:
        return first <= day <= last
    start, end, today = ((at.month, at.day) for at in (first, last, day))
    return start <= today <= end if start <= end else today >= start or today <= end
