"""Pages of the store."""

from collections.abc import Collection as Keys
from typing import Any, Final

from sqlalchemy import Row, Select, delete, func, insert, select, update
from sqlmodel import col

from commerce.core.columns import columns_of
from commerce.core.db import UnitOfWork, among
from commerce.core.keyset import SortKey, count_of, counted, page_of, paged
from commerce.core.locks import Rank
from commerce.core.paging import Count, Page, PageArgs
from commerce.core.problems import Taken
from commerce.core.unique import row_or_taken
from commerce.core.viewer import Viewer
from commerce.store.kinds import PageKind
from commerce.store.models import StorePage
from commerce.store.visibility import visible_pages

PageRow = Row[Any]
Changes = dict[str, Any]

COLUMNS: Final = tuple(columns_of(StorePage))
BY_POSITION: Final = (SortKey(col(StorePage.position)), SortKey(col(StorePage.id)))
TAKEN: Final = {
    "uq_store_pages_slug": Taken("Another page has this slug.", ("slug",)),
    "uq_store_pages_external_id": Taken("Another page has this id.", ("external_id",)),
}


class PageRepository:
    def __init__(self, uow: UnitOfWork, viewer: Viewer) -> None:
        self._uow = uow
        self._viewer = viewer

    async def by_ids(self, ids: Keys[int]) -> dict[int, PageRow]:
        statement = self._visible().where(among(col(StorePage.id), ids))
        return {row.id: row for row in await self._uow.rows(statement)}

    async def by_slug(self, slug: str) -> PageRow | None:
        return await self._uow.row(self._visible().where(col(StorePage.slug) == slug))

    async def page(self, kind: PageKind | None, args: PageArgs) -> Page[PageRow]:
        """By position."""
        rows = await self._uow.rows(paged(self._of(kind), BY_POSITION, args))
        return page_of(rows, len(BY_POSITION), args)

    async def count(self, kind: PageKind | None, limit: int | None) -> Count:
        return count_of(await self._uow.scalar(counted(self._of(kind), limit)), limit)

    async def to_change(self, id_: int | None, values: Changes) -> PageRow | None:
        """The page with this id, else with the `external_id` of `values`, else with their slug;
        locked.
        """
        if id_ is not None:
            which = col(StorePage.id) == id_
        elif values.get("external_id") is not None:
            which = col(StorePage.external_id) == values["external_id"]
        else:
            which = col(StorePage.slug) == values.get("slug")
        rows = await self._uow.locked(Rank.SETTINGS, self._visible().where(which))
        return next(iter(rows), None)

    async def add(self, values: Changes) -> PageRow | Taken:
        return await row_or_taken(
            self._uow, insert(StorePage).values(**values).returning(*COLUMNS), TAKEN
        )

    async def change(self, id_: int, changes: Changes) -> PageRow | Taken:
        """The changed row of a page that is locked."""
        version = col(StorePage.version) + 1
        return await row_or_taken(
            self._uow,
            update(StorePage)
            .where(col(StorePage.id) == id_)
            .values(**changes, version=version, updated_at=func.now())
            .returning(*COLUMNS),
            TAKEN,
        )

    async def remove(self, id_: int) -> None:
        await self._uow.change(delete(StorePage).where(col(StorePage.id) == id_))

    def _of(self, kind: PageKind | None) -> Select[Any]:
        return (
            self._visible() if kind is None else self._visible().where(col(StorePage.kind) == kind)
        )

    def _visible(self) -> Select[Any]:
        return select(*COLUMNS).where(visible_pages(self._viewer))
