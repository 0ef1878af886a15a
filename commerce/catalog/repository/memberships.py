"""Products in a category or a collection, in an order made by hand."""

from collections.abc import Collection as Keys
from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Integer,
    and_,
    case,
    cast,
    delete,
    func,
    literal,
    not_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import SQLModel, col

from commerce.catalog.models import (
    CollectionProduct,
    Product,
    ProductCategory,
)
from commerce.core.columns import columns_of
from commerce.core.db import UnitOfWork, among


class MembershipRepository:
    """The owner (category or collection) must be locked before its list is changed."""

    def __init__(self, uow: UnitOfWork, model: type[SQLModel], owner: str) -> None:
        self._uow = uow
        self._model = model
        self._owner_name = owner
        columns = columns_of(model)
        self._owner = columns[owner]
        self._product = columns["product_id"]
        self._position = columns["position"]

    async def unknown(self, product_ids: Keys[int]) -> set[int]:
        """Those that are no product."""
        known = select(col(Product.id)).where(among(col(Product.id), product_ids))
        return set(product_ids).difference(await self._uow.scalars(known))

    async def outside(self, owner_id: int, product_ids: Keys[int]) -> set[int]:
        """Those that are not in the list."""
        inside = select(self._product).where(self._of(owner_id), among(self._product, product_ids))
        return set(product_ids).difference(await self._uow.scalars(inside))

    async def append(self, owner_id: int, product_ids: Sequence[int]) -> int:
        """Put those at the end that are not in the list yet; how many those were."""
        end = select(func.coalesce(func.max(self._position) + 1, 0)).where(self._of(owner_id))
        given = _numbered(product_ids)
        place = cast(given.c.place, Integer) - 1 + end.scalar_subquery()
        rows = select(literal(owner_id, BigInteger()), given.c.product_id, place)
        statement = insert(self._model).from_select(
            [self._owner_name, "product_id", "position"], rows
        )
        return await self._uow.change(statement.on_conflict_do_nothing())

    async def remove(self, owner_id: int, product_ids: Keys[int]) -> int:
        """How many of them were in the list."""
        named = among(self._product, product_ids)
        return await self._uow.change(delete(self._model).where(self._of(owner_id), named))

    async def keep_only(self, owner_id: int, product_ids: Keys[int]) -> int:
        """Take all others out of the list; how many those were."""
        named = among(self._product, product_ids)
        return await self._uow.change(delete(self._model).where(self._of(owner_id), not_(named)))

    async def arrange(self, owner_id: int, product_ids: Sequence[int], start: int) -> int:
        """Bring these together, in their order, from place `start` on; the places count from 0.

        The others keep their order around them. How many got another place. One statement,
        however long the list is.
        """
        places = self._places(owner_id, product_ids, start)
        same = and_(self._of(owner_id), self._product == places.c.product_id)
        statement = (
            update(self._model)
            .where(same, self._position != places.c.place)
            .values(position=places.c.place)
        )
        return await self._uow.change(statement)

    def _places(self, owner_id: int, product_ids: Sequence[int], start: int) -> Any:
        """`product_id` and new `place` of everything in the list."""
        before = func.row_number().over(order_by=(self._position, self._product)) - 1
        rest = (
            select(self._product, before.label("place"))
            .where(self._of(owner_id), not_(among(self._product, product_ids)))
            .subquery("rest")
        )
        count = select(func.count()).select_from(rest).scalar_subquery()
        first = func.least(literal(max(start, 0)), count)
        beyond = case((rest.c.place >= first, len(product_ids)), else_=0)
        given = _numbered(product_ids)
        return (
            select(rest.c.product_id, (rest.c.place + beyond).label("place"))
            .union_all(select(given.c.product_id, given.c.place - 1 + first))
            .subquery("places")
        )

    def _of(self, owner_id: int) -> ColumnElement[bool]:
        return self._owner == owner_id


def in_categories(uow: UnitOfWork) -> MembershipRepository:
    return MembershipRepository(uow, ProductCategory, "category_id")


def in_collections(uow: UnitOfWork) -> MembershipRepository:
    return MembershipRepository(uow, CollectionProduct, "collection_id")


def _numbered(product_ids: Sequence[int]) -> Any:
    """The products with their `place` in the list, from 1."""
    ids = literal(list(product_ids), ARRAY(BigInteger()))
    given = func.unnest(ids).table_valued("product_id", with_ordinality="place")
    return given.render_derived(name="given")
