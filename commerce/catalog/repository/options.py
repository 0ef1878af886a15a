"""Option groups with their values."""

from collections import defaultdict
from collections.abc import Collection as Keys
from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import Row, select
from sqlmodel import col

from commerce.catalog.models import OptionGroup, OptionValue
from commerce.core.arrays import among_ids
from commerce.core.db import UnitOfWork

OptionRow = Row[Any]


class OptionRepository:
    """Options have no visibility of their own: they are read through a product."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def by_products(self, ids: Keys[int]) -> dict[int, Sequence[OptionRow]]:
        """A row per value: `product_id, group_id, name, value_id, value`, in the products' order.

        A group without values has one row with `value_id` None.
        """
        found: defaultdict[int, list[OptionRow]] = defaultdict(list)
        for row in await self._uow.rows(of_products(), {"ids": list(ids)}):
            found[row.product_id].append(row)
        return dict(found)


@cache
def of_products() -> Any:
    return (
        select(
            col(OptionGroup.product_id),
            col(OptionGroup.id).label("group_id"),
            col(OptionGroup.name),
            col(OptionValue.id).label("value_id"),
            col(OptionValue.name).label("value"),
        )
        .outerjoin(OptionValue, col(OptionValue.group_id) == col(OptionGroup.id))
        .where(among_ids(col(OptionGroup.product_id)))
        .order_by(
            col(OptionGroup.position),
            col(OptionGroup.id),
            col(OptionValue.position),
            col(OptionValue.id),
        )
    )
