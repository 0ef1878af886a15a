"""Tombstones: what tells sync clients that something is gone."""

from collections.abc import Collection as Keys
from datetime import datetime
from typing import Any

from sqlalchemy import ARRAY, BigInteger, Row, Select, Text, func, literal, select
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from commerce.catalog.kinds import DeletedKind
from commerce.catalog.models import Tombstone
from commerce.core.columns import columns_of
from commerce.core.db import UnitOfWork, among
from commerce.core.keyset import SortKey, count_of, counted, page_of, paged
from commerce.core.paging import Count, Page, PageArgs

TombstoneRow = Row[Any]

IN_ORDER = (SortKey(col(Tombstone.occurred_at)), SortKey(col(Tombstone.id)))


class TombstoneRepository:
    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def add(self, kind: DeletedKind, ids: Keys[int]) -> None:
        """Say that these are archived or deleted. One statement, none without ids."""
        if not ids:
            return
        gone = func.unnest(literal(sorted(ids), ARRAY(BigInteger()))).column_valued("resource_id")
        kinds = literal(kind, columns_of(Tombstone)["kind"].type)
        await self._uow.change(
            insert(Tombstone).from_select(["kind", "resource_id"], select(kinds, gone))
        )

    async def page(
        self, since: datetime, kinds: Keys[DeletedKind], args: PageArgs
    ) -> Page[TombstoneRow]:
        """In the order in which they became known; `kinds` empty means all."""
        rows = await self._uow.rows(paged(_since(since, kinds), IN_ORDER, args))
        return page_of(rows, len(IN_ORDER), args)

    async def count(self, since: datetime, kinds: Keys[DeletedKind], limit: int | None) -> Count:
        return count_of(await self._uow.scalar(counted(_since(since, kinds), limit)), limit)


def _since(since: datetime, kinds: Keys[DeletedKind]) -> Select[Any]:
    known = select(*columns_of(Tombstone)).where(col(Tombstone.occurred_at) >= since)
    if not kinds:
        return known
    return known.where(among(col(Tombstone.kind), [kind.value for kind in kinds], Text()))
