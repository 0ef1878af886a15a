"""Variants by filter and order."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row
from sqlmodel import col

from commerce.catalog.models import Variant
from commerce.core.columns import columns_of
from commerce.core.db import UnitOfWork
from commerce.core.keyset import count_of, counted, page_of, paged
from commerce.core.paging import Count, Page, PageArgs
from commerce.core.viewer import Viewer
from commerce.search.criteria import VariantListing
from commerce.search.repository.variant_rows import VariantRows

VariantRow = Row[Any]

COLUMNS = tuple(columns_of(Variant))


class VariantListRepository:
    """Each of them is one statement. `at` says when: prices are those in force then."""

    def __init__(self, uow: UnitOfWork, viewer: Viewer) -> None:
        self._uow = uow
        self._viewer = viewer

    async def page(self, listing: VariantListing, args: PageArgs, at: datetime) -> Page[VariantRow]:
        rows = VariantRows(listing, self._viewer, at)
        statement, keys = rows.ordered(*COLUMNS)
        cut = paged(statement, keys, args, filtered=rows.filtered)
        return page_of(await self._uow.rows(cut), len(keys), args)

    async def count(self, listing: VariantListing, limit: int | None, at: datetime) -> Count:
        statement = VariantRows(listing, self._viewer, at).matching(col(Variant.id))
        return count_of(await self._uow.scalar(counted(statement, limit)), limit)
