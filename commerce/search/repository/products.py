"""Products by filter, order and words."""

from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import DateTime, Row, Select, bindparam
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


# Building a statement costs several times what running it does, and shops show the same lists
# again and again. The time is a parameter: all else that a statement says, it is kept under.
KEPT: Final = 512
AT: Any = bindparam("at", type_=DateTime(timezone=True))


class ProductListRepository:
    """Each of them is one statement. `at` says when: prices are those in force then."""

    def __init__(self, uow: UnitOfWork, viewer: Viewer) -> None:
        self._uow = uow
        self._viewer = viewer

    async def page(self, listing: ProductListing, args: PageArgs, at: datetime) -> Page[ProductRow]:
        statement, key_count = page_statement(listing, self._viewer, args)
        return page_of(await self._uow.rows(statement, {"at": at}), key_count, args)

    async def count(self, listing: ProductListing, limit: int | None, at: datetime) -> Count:
        statement = count_statement(listing, self._viewer, limit)
        rows = await self._uow.rows(statement, {"at": at})
        return count_of(rows[0][0], limit)


@lru_cache(KEPT)
def page_statement(
    listing: ProductListing, viewer: Viewer, args: PageArgs
) -> tuple[Select[Any], int]:
    """The statement of a page, and how many of its last columns are sort values."""
    rows = ProductRows(listing, viewer, AT)
    statement, keys = rows.ordered(*PRODUCT_COLUMNS)
    return paged(statement, keys, args, filtered=rows.filtered), len(keys)


@lru_cache(KEPT)
def count_statement(listing: ProductListing, viewer: Viewer, limit: int | None) -> Select[Any]:
    return counted(ProductRows(listing, viewer, AT).matching(col(Product.id)), limit)
