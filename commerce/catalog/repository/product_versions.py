"""Products as the owners of what is changed beside them: media and attribute values."""

from collections.abc import Collection as Keys

from sqlalchemy import func, select, update
from sqlmodel import col

from commerce.catalog.models import Product
from commerce.catalog.rules.events import changed_product
from commerce.core.db import UnitOfWork, among


class ProductVersionRepository:
    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def locked(self, ids: Keys[int]) -> dict[int, int]:
        """The version of each product, all of them held by this transaction, in order of id."""
        statement = (
            select(col(Product.id), col(Product.version))
            .where(among(col(Product.id), ids))
            .order_by(col(Product.id))
            .with_for_update(key_share=True)
        )
        return {row.id: row.version for row in await self._uow.rows(statement)}

    async def touch(self, ids: Keys[int], part: str) -> None:
        """Count a change of a part of these products."""
        statement = (
            update(Product)
            .where(among(col(Product.id), ids))
            .values(version=col(Product.version) + 1, updated_at=func.now())
        )
        await self._uow.change(statement)
        for id_ in sorted(ids):
            self._uow.record(changed_product(id_, part))
