"""Reading the log, noting events that change no audited row, and letting go of what is old."""

from datetime import timedelta
from typing import Final

from commerce.audit.repository import AuditRepository, AuditRow
from commerce.audit.rules import LEAST_DAYS_KEPT, AuditFilter, Fact, Target, checked_facts
from commerce.core.clock import Clock
from commerce.core.criteria import check_leaves
from commerce.core.paging import Count, Page, PageArgs
from commerce.core.problems import Invalid

PRUNED_AT_ONCE: Final = 10_000


class AuditService:
    def __init__(self, entries: AuditRepository, clock: Clock) -> None:
        self._entries = entries
        self._clock = clock

    async def page(self, where: AuditFilter, args: PageArgs) -> Page[AuditRow]:
        check_leaves(where)
        return await self._entries.page(where, args)

    async def count(self, where: AuditFilter, limit: int | None) -> Count:
        return await self._entries.count(where, limit)

    async def note(
        self, action: str | None, kind: str, id_: int | None = None, **facts: Fact
    ) -> None:
        """Write down that something happened to a thing: `note("signIn", "StaffMember", 3)`.

        For events that change no audited row. Without an action it is the mutation that is at
        work. `facts` are never secrets and tell nothing about a person. One statement; it is undone
        with the transaction it is part of.
        """
        await self._entries.note(action, Target(kind, id_), checked_facts(facts))

    async def prune(self, days: int) -> int | Invalid:
        """Delete some of the entries older than `days`; 0 when there are none left.

        A call takes at most `PRUNED_AT_ONCE`, so that none takes long.
        """
        if days < LEAST_DAYS_KEPT:
            return Invalid(f"Entries are kept for {LEAST_DAYS_KEPT} days at least.", ("days",))
        return await self._entries.prune(self._clock() - timedelta(days=days), PRUNED_AT_ONCE)
