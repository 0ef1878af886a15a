"""Brands."""

from collections.abc import Collection as Keys
from typing import Any

from sqlalchemy import Row, Select, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from commerce.catalog.models import Brand
from commerce.catalog.problems import SlugTaken
from commerce.catalog.visibility import visible_brands
from commerce.core.columns import columns_of
from commerce.core.db import UnitOfWork, among, violated_constraint
from commerce.core.keyset import SortKey, count_of, counted, page_of, paged
from commerce.core.paging import Count, Page, PageArgs
from commerce.core.viewer import Viewer

BrandRow = Row[Any]
Changes = dict[str, Any]

BY_NAME = (SortKey(col(Brand.position)), SortKey(col(Brand.name)), SortKey(col(Brand.id)))
COLUMNS = tuple(columns_of(Brand))


class BrandRepository:
    def __init__(self, uow: UnitOfWork, viewer: Viewer) -> None:
        self._uow = uow
        self._viewer = viewer

    async def by_ids(self, ids: Keys[int]) -> dict[int, BrandRow]:
        statement = self._visible().where(among(col(Brand.id), ids))
        return {row.id: row for row in await self._uow.rows(statement)}

    async def page(self, args: PageArgs) -> Page[BrandRow]:
        """By position, then name."""
        return page_of(
            await self._uow.rows(paged(self._visible(), BY_NAME, args)), len(BY_NAME), args
        )

    async def count(self, limit: int | None) -> Count:
        return count_of(await self._uow.scalar(counted(self._visible(), limit)), limit)

    async def add(self, values: Changes) -> BrandRow | SlugTaken:
        """A new brand; nothing is written when the slug is in use."""
        statement = insert(Brand).values(**values).on_conflict_do_nothing().returning(*COLUMNS)
        added = await self._uow.row(statement)
        return SlugTaken("Another brand has this slug.", ("slug",)) if added is None else added

    async def change(
        self, id_: int, changes: Changes, expected_version: int | None
    ) -> BrandRow | SlugTaken | None:
        """The changed row; None when it isn't there, or not in the expected version."""
        statement = (
            update(Brand)
            .where(
                col(Brand.id) == id_,
                or_(expected_version is None, col(Brand.version) == expected_version),
            )
            .values(**changes, version=col(Brand.version) + 1, updated_at=func.now())
            .returning(*COLUMNS)
        )
        try:
            return await self._uow.row(statement)
        except IntegrityError as error:
            if violated_constraint(error) == "uq_brands_slug":
                return SlugTaken("Another brand has this slug.", ("slug",))
            raise

    async def version(self, id_: int) -> int | None:
        found: int | None = await self._uow.scalar(
            select(Brand.version).where(col(Brand.id) == id_)
        )
        return found

    def _visible(self) -> Select[Any]:
        return select(*COLUMNS).where(visible_brands(self._viewer))
