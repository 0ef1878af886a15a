"""The audit log: reading it, noting events, and letting go of what is old."""

from collections.abc import Collection as Keys
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import BigInteger, Row, Select, exists, func, insert, literal, select
from sqlmodel import col

from commerce.audit.kinds import AuditOperation
from commerce.audit.models import AuditEntry
from commerce.audit.rules import AuditFilter, Fact, Target
from commerce.audit.visibility import visible_entries
from commerce.core.columns import columns_of
from commerce.core.comparisons import range_is
from commerce.core.db import UnitOfWork, among
from commerce.core.keyset import SortKey, count_of, counted, page_of, paged
from commerce.core.paging import Count, Page, PageArgs
from commerce.core.viewer import Viewer

AuditRow = Row[Any]

KEY_USE: Final = "apiKeyUse"

NEWEST_FIRST: Final = (
    SortKey(col(AuditEntry.occurred_at), descending=True),
    SortKey(col(AuditEntry.id), descending=True),
)


class AuditRepository:
    def __init__(self, uow: UnitOfWork, viewer: Viewer) -> None:
        self._uow = uow
        self._viewer = viewer

    async def by_ids(self, ids: Keys[int]) -> dict[int, AuditRow]:
        statement = self._visible(AuditFilter()).where(among(col(AuditEntry.id), ids))
        return {row.id: row for row in await self._uow.rows(statement)}

    async def page(self, where: AuditFilter, args: PageArgs) -> Page[AuditRow]:
        """The newest first."""
        rows = await self._uow.rows(paged(self._visible(where), NEWEST_FIRST, args, filtered=True))
        return page_of(rows, len(NEWEST_FIRST), args)

    async def count(self, where: AuditFilter, limit: int | None) -> Count:
        return count_of(await self._uow.scalar(counted(self._visible(where), limit)), limit)

    async def note(self, action: str | None, target: Target, facts: Mapping[str, Fact]) -> None:
        """Write an event down, by whoever this unit of work is stamped with."""
        stamp = self._uow.stamp
        await self._uow.change(
            insert(AuditEntry).values(
                occurred_at=func.clock_timestamp(),
                actor=stamp.actor,
                action=stamp.action if action is None else action,
                request_id=stamp.request_id,
                operation=AuditOperation.NOTED,
                target_kind=target.kind,
                target_id=literal(target.id, BigInteger()),
                after=dict(facts),
            )
        )

    async def note_address(self, key_id: int, address: str) -> None:
        """Write down that a key came from here, unless it is written already."""
        stamp, table = self._uow.stamp, columns_of(AuditEntry)
        here = {"address": address}
        known = exists().where(
            table.target_kind == "ApiKey",
            table.target_id == key_id,
            table.action == KEY_USE,
            table.after == here,
        )
        values = {
            "occurred_at": func.clock_timestamp(),
            "actor": literal(stamp.actor),
            "action": literal(KEY_USE),
            "operation": literal(AuditOperation.NOTED, table.operation.type),
            "target_kind": literal("ApiKey"),
            "target_id": literal(key_id, BigInteger()),
            "after": literal(here, table.after.type),
        }
        await self._uow.change(
            insert(AuditEntry).from_select([*values], select(*values.values()).where(~known))
        )

    async def prune(self, older_than: datetime, at_most: int) -> int:
        """How many of the oldest entries are gone; the database notes it."""
        pruned: int = await self._uow.scalar(
            select(func.storegraph_prune_audit_log(older_than, at_most))
        )
        return pruned

    def _visible(self, where: AuditFilter) -> Select[Any]:
        statement = select(*columns_of(AuditEntry)).where(visible_entries(self._viewer))
        if where.target is not None:
            statement = statement.where(
                col(AuditEntry.target_kind) == where.target.kind,
                col(AuditEntry.target_id) == where.target.id,
            )
        if where.at is not None:
            statement = statement.where(range_is(col(AuditEntry.occurred_at), where.at))
        for column, wanted in (
            (AuditEntry.actor, where.actor),
            (AuditEntry.action, where.action),
            (AuditEntry.operation, where.operation),
            (AuditEntry.target_kind, where.kind),
            (AuditEntry.request_id, where.request_id),
        ):
            if wanted is not None:
                statement = statement.where(col(column) == wanted)
        return statement
