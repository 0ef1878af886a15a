"""What products refer to, held so that it stays until the product is written."""

from collections.abc import Collection as Keys
from typing import Final

from sqlalchemy import BigInteger, ColumnElement, column, select, table, true
from sqlmodel import col

from commerce.catalog.models import Brand, Category
from commerce.core.columns import columns_of
from commerce.core.db import UnitOfWork, among

# The table is that of a domain above, which products name without knowing it.
TAX_CLASSES: Final = table("tax_classes", column("id", BigInteger())).c.id


class ReferenceRepository:
    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def brands(self, ids: Keys[int]) -> frozenset[int]:
        """Those of `ids` that are brands."""
        return await self._held(columns_of(Brand)["id"], ids, true())

    async def tax_classes(self, ids: Keys[int]) -> frozenset[int]:
        """Those of `ids` that are tax classes."""
        return await self._held(TAX_CLASSES, ids, true())

    async def categories(self, ids: Keys[int]) -> frozenset[int]:
        """Those of `ids` that are categories, archived ones apart."""
        return await self._held(
            columns_of(Category)["id"], ids, col(Category.archived_at).is_(None)
        )

    async def _held(
        self, id_: ColumnElement[int], ids: Keys[int], live: ColumnElement[bool]
    ) -> frozenset[int]:
        if not ids:
            return frozenset()
        statement = select(id_).where(among(id_, ids), live).order_by(id_)
        held = statement.with_for_update(read=True, key_share=True)
        return frozenset(await self._uow.scalars(held))
