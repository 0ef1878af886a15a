"""Methods and their prices."""

from collections import defaultdict
from collections.abc import Collection as Keys
from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Row, Select, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import SQLModel, col

from commerce.catalog.models import Category, Product
from commerce.core.columns import columns_of
from commerce.core.db import UnitOfWork, among, violated_constraint
from commerce.core.keyset import SortKey, count_of, counted, page_of, paged
from commerce.core.locks import Rank
from commerce.core.paging import Count, Page, PageArgs
from commerce.core.problems import NotFound, Problem, Taken
from commerce.core.viewer import Viewer
from commerce.customers.models import CustomerGroup
from commerce.shipping.models import ShippingMethod, ShippingPrice
from commerce.shipping.visibility import visible_shipping

MethodRow = Row[Any]
Changes = dict[str, Any]

COLUMNS: Final = tuple(columns_of(ShippingMethod))
PRICE: Final = tuple(columns_of(ShippingPrice))
BY_POSITION: Final = (SortKey(col(ShippingMethod.position)), SortKey(col(ShippingMethod.id)))
REFUSED: Final[Mapping[str, Problem]] = {
    "uq_shipping_methods_code": Taken("Another method has this code.", ("code",)),
    "uq_shipping_methods_external_id": Taken("Another method has this id.", ("external_id",)),
    "fk_shipping_methods_zone_id": NotFound("There is no ShippingZone with this id.", ("zone_id",)),
    "fk_shipping_methods_tax_class_id": NotFound(
        "There is no TaxClass with this id.", ("tax_class_id",)
    ),
}
NAMED: Final[Mapping[str, type[SQLModel]]] = {
    "customer_group_ids": CustomerGroup,
    "excluded_product_ids": Product,
    "excluded_category_ids": Category,
}


class MethodRepository:
    def __init__(self, uow: UnitOfWork, viewer: Viewer) -> None:
        self._uow = uow
        self._viewer = viewer

    async def by_ids(self, ids: Keys[int]) -> dict[int, MethodRow]:
        statement = self._visible().where(among(col(ShippingMethod.id), ids))
        return {row.id: row for row in await self._uow.rows(statement)}

    async def id_of(self, code: str) -> int | None:
        """Whoever asks: codes are in quotes for everybody."""
        named = select(col(ShippingMethod.id)).where(col(ShippingMethod.code) == code)
        found: int | None = await self._uow.scalar(named)
        return found

    async def page(self, args: PageArgs) -> Page[MethodRow]:
        """In the order they are offered in."""
        rows = await self._uow.rows(paged(self._visible(), BY_POSITION, args))
        return page_of(rows, len(BY_POSITION), args)

    async def count(self, limit: int | None) -> Count:
        return count_of(await self._uow.scalar(counted(self._visible(), limit)), limit)

    async def prices_by_method(self, ids: Keys[int]) -> dict[int, Sequence[Row[Any]]]:
        """By currency."""
        price = ShippingPrice
        statement = (
            select(*PRICE)
            .where(among(col(price.method_id), ids), visible_shipping(self._viewer))
            .order_by(col(price.method_id), col(price.currency))
        )
        found: defaultdict[int, list[Row[Any]]] = defaultdict(list)
        for row in await self._uow.rows(statement):
            found[row.method_id].append(row)
        return dict(found)

    async def to_change(self, id_: int | None, values: Changes) -> MethodRow | None:
        """The method with this id, else with the `external_id` of `values`, else with their code;
        locked.
        """
        if id_ is not None:
            which = col(ShippingMethod.id) == id_
        elif values.get("external_id") is not None:
            which = col(ShippingMethod.external_id) == values["external_id"]
        else:
            which = col(ShippingMethod.code) == values.get("code")
        rows = await self._uow.locked(Rank.SETTINGS, self._visible().where(which))
        return next(iter(rows), None)

    async def missing(self, values: Changes) -> NotFound | None:
        """The first of the customer groups, products and categories named that is not there."""
        for name, model in NAMED.items():
            ids = values.get(name)
            if ids:
                column = columns_of(model)["id"]
                found = set(await self._uow.scalars(select(column).where(among(column, ids))))
                if not found.issuperset(ids):
                    return NotFound(f"There is no {model.__name__} with this id.", (name,))
        return None

    async def add(self, values: Changes) -> MethodRow | Problem:
        return await self._written(insert(ShippingMethod).values(**values).returning(*COLUMNS))

    async def change(self, id_: int, changes: Changes) -> MethodRow | Problem:
        """The changed row of a method that is locked."""
        version = col(ShippingMethod.version) + 1
        return await self._written(
            update(ShippingMethod)
            .where(col(ShippingMethod.id) == id_)
            .values(**changes, version=version, updated_at=func.now())
            .returning(*COLUMNS)
        )

    async def price(self, id_: int, prices: Sequence[Mapping[str, Any]]) -> None:
        """Let a method that is locked cost this and nothing else."""
        price = ShippingPrice
        await self._uow.change(delete(price).where(col(price.method_id) == id_))
        rows = [{**one, "method_id": id_} for one in prices]
        await self._uow.change(insert(price).values(rows))

    async def remove(self, id_: int) -> None:
        await self._uow.change(delete(ShippingMethod).where(col(ShippingMethod.id) == id_))

    async def _written(self, statement: Any) -> MethodRow | Problem:
        try:
            return await self._uow.row(statement)  # type: ignore[return-value]  # new, or locked
        except IntegrityError as error:
            refused = REFUSED.get(violated_constraint(error) or "")
            if refused is None:
                raise
            return refused

    def _visible(self) -> Select[Any]:
        return select(*COLUMNS).where(visible_shipping(self._viewer))
