"""Promotions."""

from collections.abc import Collection as Keys
from collections.abc import Mapping
from typing import Any

from sqlalchemy import (
    BigInteger,
    Row,
    Select,
    func,
    insert,
    literal,
    select,
    union_all,
    update,
)
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from commerce.catalog.models import Attribute, Brand, Category, Collection, Product, Variant
from commerce.core.arrays import table_of
from commerce.core.columns import columns_of
from commerce.core.db import UnitOfWork, among, violated_constraint
from commerce.core.events import Event, EventType
from commerce.core.keyset import SortKey, count_of, counted, page_of, paged
from commerce.core.locks import Rank
from commerce.core.paging import Count, Page, PageArgs
from commerce.core.problems import Taken
from commerce.core.viewer import Viewer
from commerce.customers.models import CustomerGroup
from commerce.promotions.criteria import PromotionWhere
from commerce.promotions.models import Promotion
from commerce.promotions.repository.filters import promotions_where
from commerce.promotions.visibility import visible_promotions

PromotionRow = Row[Any]
Changes = dict[str, Any]

COLUMNS = tuple(columns_of(Promotion))
NEWEST_FIRST = (
    SortKey(col(Promotion.created_at), descending=True),
    SortKey(col(Promotion.id), descending=True),
)
# What a promotion may be for, by how problems call it.
CHOSEN: Mapping[str, Any] = {
    "Attribute": Attribute,
    "Brand": Brand,
    "Category": Category,
    "Collection": Collection,
    "CustomerGroup": CustomerGroup,
    "Product": Product,
    "ProductVariant": Variant,
}


class PromotionRepository:
    def __init__(self, uow: UnitOfWork, viewer: Viewer) -> None:
        self._uow = uow
        self._viewer = viewer

    async def by_ids(self, ids: Keys[int]) -> dict[int, PromotionRow]:
        statement = self._visible().where(among(col(Promotion.id), ids))
        return {row.id: row for row in await self._uow.rows(statement)}

    async def by_external_id(self, external_id: str) -> PromotionRow | None:
        named = col(Promotion.external_id) == external_id
        return await self._uow.row(self._visible().where(named))

    async def page(self, where: PromotionWhere, args: PageArgs) -> Page[PromotionRow]:
        """The newest first."""
        found = self._visible().where(*promotions_where(where))
        filtered = where != PromotionWhere()
        rows = await self._uow.rows(paged(found, NEWEST_FIRST, args, filtered=filtered))
        return page_of(rows, len(NEWEST_FIRST), args)

    async def count(self, where: PromotionWhere, limit: int | None) -> Count:
        found = self._visible().where(*promotions_where(where))
        return count_of(await self._uow.scalar(counted(found, limit)), limit)

    async def to_change(self, id_: int) -> PromotionRow | None:
        """Locked."""
        statement = select(*COLUMNS).where(col(Promotion.id) == id_)
        rows = await self._uow.locked(Rank.PROMOTION, statement)
        return rows[0] if rows else None

    async def missing(self, chosen: Mapping[str, Keys[int]]) -> tuple[str, int] | None:
        """The first of the chosen things that is not there; one statement."""
        looks = [
            _missing(place, CHOSEN[kind], ids)
            for place, (kind, ids) in enumerate(chosen.items())
            if ids
        ]
        if not looks:
            return None
        gone = union_all(*looks).subquery()
        first = await self._uow.row(select(gone).order_by(gone.c.place, gone.c.id).limit(1))
        return None if first is None else (list(chosen)[first.place], first.id)

    async def add(self, values: Changes) -> PromotionRow | Taken:
        added = await self._written(insert(Promotion).values(**values).returning(*COLUMNS))
        if not isinstance(added, Taken):
            self._uow.record(Event(EventType.PROMOTION_CREATED, "Promotion", added.id))
        return added

    async def change(self, id_: int, changes: Changes) -> PromotionRow | Taken:
        """The changed row of a promotion that is locked."""
        version = col(Promotion.version) + 1
        changed = await self._written(
            update(Promotion)
            .where(col(Promotion.id) == id_)
            .values(**changes, version=version, updated_at=func.now())
            .returning(*COLUMNS)
        )
        if not isinstance(changed, Taken):
            gone = changes.get("archived_at") is not None
            type_ = EventType.PROMOTION_DELETED if gone else EventType.PROMOTION_UPDATED
            data = {} if gone else {"changed": sorted(changes)}
            self._uow.record(Event(type_, "Promotion", id_, data))
        return changed

    async def _written(self, statement: Any) -> PromotionRow | Taken:
        try:
            return await self._uow.row(statement)  # type: ignore[return-value]  # new, or locked
        except IntegrityError as error:
            if violated_constraint(error) != "uq_promotions_external_id":
                raise
            return Taken("Another promotion has this id.", ("external_id",))

    def _visible(self) -> Select[Any]:
        return select(*COLUMNS).where(visible_promotions(self._viewer))


def _missing(place: int, table: Any, ids: Keys[int]) -> Select[Any]:
    chosen = table_of("chosen", {"id": BigInteger()}, [(id_,) for id_ in sorted(ids)])
    return (
        select(literal(place).label("place"), chosen.c.id)
        .outerjoin_from(chosen, table, col(table.id) == chosen.c.id)
        .where(col(table.id).is_(None))
    )
