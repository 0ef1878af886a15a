"""Pictures and films of products."""

from collections.abc import Collection as Keys
from collections.abc import Mapping, Sequence
from enum import Enum
from functools import cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    Integer,
    Row,
    Select,
    Text,
    delete,
    func,
    insert,
    literal,
    or_,
    select,
    union_all,
    update,
)
from sqlalchemy.types import TypeEngine
from sqlmodel import col

from commerce.catalog.models import Brand, Category, Collection, Media, Product
from commerce.catalog.visibility import visible_products
from commerce.core.arrays import table_of
from commerce.core.columns import columns_of
from commerce.core.db import UnitOfWork, among
from commerce.core.keyset import (
    SortKey,
    count_of,
    counted,
    page_of,
    paged,
)
from commerce.core.nested import NestedList
from commerce.core.paging import Count, Page, PageArgs
from commerce.core.viewer import Viewer

MediaRow = Row[Any]

BY_POSITION = (SortKey(col(Media.position)), SortKey(col(Media.id)))
BY_AGE = (SortKey(col(Media.id)),)
FIRST = PageArgs(1)
Types = dict[str, TypeEngine[Any]]
# What callers say of a record.
SAID: Types = {"url": Text(), "alt": Text(), "kind": Text()}


class MediaRepository:
    def __init__(self, uow: UnitOfWork, viewer: Viewer) -> None:
        self._uow = uow
        self._viewer = viewer

    async def by_ids(self, ids: Keys[int]) -> dict[int, MediaRow]:
        statement = self._visible().where(among(col(Media.id), ids))
        return {row.id: row for row in await self._uow.rows(statement)}

    async def page(self, product_id: int | None, args: PageArgs) -> Page[MediaRow]:
        """Of one product, in its order; of all products, by age."""
        keys = BY_AGE if product_id is None else BY_POSITION
        rows = await self._uow.rows(paged(self._listed(product_id), keys, args))
        return page_of(rows, len(keys), args)

    async def count(self, product_id: int | None, limit: int | None) -> Count:
        return count_of(await self._uow.scalar(counted(self._listed(product_id), limit)), limit)

    async def first_by_product(self, ids: Keys[int]) -> dict[int, MediaRow]:
        """Each product's first picture; products without any are left out."""
        pages = await _under_products().pages(self._uow, ids, FIRST)
        return {id_: page.rows[0] for id_, page in pages.items() if page.rows}

    async def pages_by_product(self, ids: Keys[int], args: PageArgs) -> dict[int, Page[MediaRow]]:
        return await _under_products().pages(self._uow, ids, args)

    async def counts_by_product(self, ids: Keys[int], limit: int | None) -> dict[int, Count]:
        return await _under_products().counts(self._uow, ids, limit)

    async def gallery(self, product_id: int) -> Sequence[MediaRow]:
        own = self._every().where(col(Media.product_id) == product_id)
        return await self._uow.rows(own.order_by(col(Media.position), col(Media.id)))

    async def stored(self, ids: Sequence[int]) -> list[MediaRow]:
        """The records, in the order of `ids`."""
        rows = await self._uow.rows(self._every().where(among(col(Media.id), ids)))
        by_id = {row.id: row for row in rows}
        return [by_id[id_] for id_ in ids]

    async def owners(self, ids: Keys[int]) -> dict[int, int]:
        """The product of each record; those not there are left out."""
        statement = select(col(Media.id), col(Media.product_id)).where(among(col(Media.id), ids))
        return {row.id: row.product_id for row in await self._uow.rows(statement)}

    async def add(
        self, product_id: int, items: Sequence[Mapping[str, Any]], start: int
    ) -> dict[str, int]:
        """The ids of the new records by their addresses, in the order of `items`."""
        if not items:
            return {}
        types = {**SAID, "position": Integer()}
        rows = [
            (*(_plain(item[name]) for name in SAID), start + place)
            for place, item in enumerate(items)
        ]
        chosen = select(literal(product_id, BigInteger()), *table_of("given", types, rows).c)
        statement = insert(Media).from_select(["product_id", *types], chosen)
        added = await self._uow.rows(statement.returning(col(Media.url), col(Media.id)))
        ids = {row.url: row.id for row in added}
        return {item["url"]: ids[item["url"]] for item in items}

    async def edit(self, items: Sequence[Mapping[str, Any]]) -> int:
        """Write what differs; how many records did."""
        if not items:
            return 0
        rows = [(item["id"], *(_plain(item[name]) for name in SAID)) for item in items]
        given = table_of("given", {"id": BigInteger(), **SAID}, rows)
        columns = columns_of(Media)
        differs = or_(*(columns[name] != given.c[name] for name in SAID))
        statement = update(Media).where(columns["id"] == given.c.id, differs)
        return await self._uow.change(statement.values({name: given.c[name] for name in SAID}))

    async def place(self, ids: Sequence[int]) -> int:
        """Number a gallery in this order; how many got another place."""
        types: Types = {"id": BigInteger(), "place": Integer()}
        given = table_of("given", types, [(id_, place) for place, id_ in enumerate(ids)])
        moved = (col(Media.id) == given.c.id, col(Media.position) != given.c.place)
        return await self._uow.change(update(Media).where(*moved).values(position=given.c.place))

    async def remove(self, ids: Keys[int]) -> Sequence[int]:
        """Those that were there. Variants they belonged to have no picture of their own then."""
        gone = delete(Media).where(among(col(Media.id), ids)).returning(col(Media.id))
        return sorted(await self._uow.scalars(gone))

    async def shown_files(self, keys: Keys[str]) -> Sequence[str]:
        """Those of these files of the store that the catalogue shows, by their keys."""
        addresses = union_all(
            select(col(Media.url).label("url")),
            select(col(Brand.logo_url)),
            select(col(Category.image_url)),
            select(col(Collection.image_url)),
        ).subquery("addresses")
        key = func.split_part(addresses.c.url, "/", 3)
        own = addresses.c.url.like("/media/%")
        return await self._uow.scalars(select(key).where(own, among(key, keys, Text())).distinct())

    async def close_gaps(self, product_ids: Keys[int]) -> None:
        """Number the galleries of these products anew, in the order they have."""
        own = (col(Media.position), col(Media.id))
        place = func.row_number().over(partition_by=col(Media.product_id), order_by=own) - 1
        places = (
            select(col(Media.id), place.label("place"))
            .where(among(col(Media.product_id), product_ids))
            .subquery("places")
        )
        moved = (col(Media.id) == places.c.id, col(Media.position) != places.c.place)
        await self._uow.change(update(Media).where(*moved).values(position=places.c.place))

    def _listed(self, product_id: int | None) -> Select[Any]:
        seen = self._visible()
        return seen if product_id is None else seen.where(col(Media.product_id) == product_id)

    def _every(self) -> Select[Any]:
        """For walks that start at products the viewer has already been shown."""
        return select(*columns_of(Media))

    def _visible(self) -> Select[Any]:
        product = col(Product.id) == col(Media.product_id)
        return self._every().join(Product, product).where(visible_products(self._viewer))


def _plain(value: Any) -> Any:
    return value.value if isinstance(value, Enum) else value


@cache
def _under_products() -> NestedList:
    """For walks that start at products the viewer has already been shown."""
    return NestedList(col(Media.product_id), select(*columns_of(Media)), BY_POSITION)
