"""Products by filter, order and words."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row
from sqlmodel import col

from commerce.catalog.models import Product
from commerce.catalog.repository.products import PRODUCT_COLUMNS
from commerce.core.db import UnitOfWork
from commerce.core.keyset import count_of, counted, page_of, paged
from commerce.core.paging import Count, Page, PageArgs
from commerce.core.viewer import Viewer
from commerce.search.criteria import ProductListing
from commerce.search.repository.product_rows import ProductRows

ProductRow = Row[Any]


class ProductListRepository:
    """Each of them is one statement. `at` says when: prices are those in force then."""

    def __init__(self, uow: UnitOfWork, viewer: Viewer) -> None:
        self._uow = uow
        self._viewer = viewer

    async def page(self, listing: ProductListing, args: PageArgs, at: datetime) -> Page[ProductRow]:
        rows = ProductRows(listing, self._viewer, at)
        statement, keys = rows.ordered(*PRODUCT_COLUMNS)
        cut = paged(statement, keys, args, filtered=rows.filtered)
        return page_of(await self._uow.rows(cut), len(keys), args)

    async def count(self, listing: ProductListing, limit: int | None, at: datetime) -> Count:
        statement = ProductRows(listing, self._viewer, at).matching(col(Product.id))
        return count_of(await self._uow.scalar(counted(statement, limit)), limit)
