"""What products refer to, held so that it stays until the product is written."""

from collections.abc import Collection as Keys

from sqlalchemy import ColumnElement, select, true
from sqlmodel import SQLModel, col

from commerce.catalog.models import Brand, Category
from commerce.core.columns import columns_of
from commerce.core.db import UnitOfWork, among


class ReferenceRepository:
    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def brands(self, ids: Keys[int]) -> frozenset[int]:
        """Those of `ids` that are brands."""
        return await self._held(Brand, ids, true())

    async def categories(self, ids: Keys[int]) -> frozenset[int]:
        """Those of `ids` that are categories, archived ones apart."""
        return await self._held(Category, ids, col(Category.archived_at).is_(None))

    async def _held(
        self, model: type[SQLModel], ids: Keys[int], live: ColumnElement[bool]
    ) -> frozenset[int]:
        if not ids:
            return frozenset()
        id_ = columns_of(model)["id"]
        statement = select(id_).where(among(id_, ids), live).order_by(id_)
        held = statement.with_for_update(read=True, key_share=True)
        return frozenset(await self._uow.scalars(held))
