"""What sync clients are told of things that are gone."""

from collections.abc import Collection
from datetime import datetime

from commerce.catalog.kinds import DeletedKind
from commerce.catalog.repository.tombstones import TombstoneRepository, TombstoneRow
from commerce.core.paging import Count, Page, PageArgs


class DeletionService:
    def __init__(self, tombstones: TombstoneRepository) -> None:
        self._tombstones = tombstones

    async def page(
        self, since: datetime, kinds: Collection[DeletedKind], args: PageArgs
    ) -> Page[TombstoneRow]:
        return await self._tombstones.page(since, kinds, args)

    async def count(
        self, since: datetime, kinds: Collection[DeletedKind], limit: int | None
    ) -> Count:
        return await self._tombstones.count(since, kinds, limit)
