"""Tombstones: what tells sync clients that something is gone."""

from collections.abc import Collection

from sqlalchemy import ARRAY, BigInteger, func, literal, select
from sqlalchemy.dialects.postgresql import insert

from commerce.catalog.kinds import DeletedKind
from commerce.catalog.models import Tombstone
from commerce.core.columns import columns_of
from commerce.core.db import UnitOfWork


class TombstoneRepository:
    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def add(self, kind: DeletedKind, ids: Collection[int]) -> None:
        """Say that these are archived or deleted. One statement, none without ids."""
        if not ids:
            return
        gone = func.unnest(literal(sorted(ids), ARRAY(BigInteger()))).column_valued("resource_id")
        kinds = literal(kind, columns_of(Tombstone)["kind"].type)
        await self._uow.change(
            insert(Tombstone).from_select(["kind", "resource_id"], select(kinds, gone))
        )
