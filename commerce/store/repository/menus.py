"""Menus and their items."""

from collections import defaultdict
from collections.abc import Collection as Keys
from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Row, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from commerce.core.columns import columns_of
from commerce.core.db import UnitOfWork, among, violated_constraint
from commerce.core.keyset import SortKey, count_of, counted, page_of, paged
from commerce.core.locks import Rank
from commerce.core.paging import Count, Page, PageArgs
from commerce.core.problems import NotFound, Taken
from commerce.store.models import Menu, MenuItem

MenuRow = Row[Any]
Changes = dict[str, Any]

COLUMNS: Final = tuple(columns_of(Menu))
ITEM: Final = tuple(columns_of(MenuItem))
BY_CODE: Final = (SortKey(col(Menu.code)), SortKey(col(Menu.id)))
CODE_TAKEN: Final = Taken("Another menu has this code.", ("code",))
NO_TARGET: Final = {
    f"fk_menu_items_{name}_id": NotFound(f"There is no such {name} to link to.", ("items",))
    for name in ("product", "category", "collection", "page")
}


class MenuRepository:
    """The same for everybody; what items link to is seen by whoever may see it."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def by_ids(self, ids: Keys[int]) -> dict[int, MenuRow]:
        statement = select(*COLUMNS).where(among(col(Menu.id), ids))
        return {row.id: row for row in await self._uow.rows(statement)}

    async def by_code(self, code: str) -> MenuRow | None:
        return await self._uow.row(select(*COLUMNS).where(col(Menu.code) == code))

    async def page(self, args: PageArgs) -> Page[MenuRow]:
        """By code."""
        rows = await self._uow.rows(paged(select(*COLUMNS), BY_CODE, args))
        return page_of(rows, len(BY_CODE), args)

    async def count(self, limit: int | None) -> Count:
        return count_of(await self._uow.scalar(counted(select(*COLUMNS), limit)), limit)

    async def items_by_menu(self, ids: Keys[int]) -> dict[int, Sequence[Row[Any]]]:
        """From the top."""
        item = MenuItem
        statement = (
            select(*ITEM)
            .where(among(col(item.menu_id), ids))
            .order_by(col(item.menu_id), col(item.place))
        )
        found: defaultdict[int, list[Row[Any]]] = defaultdict(list)
        for row in await self._uow.rows(statement):
            found[row.menu_id].append(row)
        return dict(found)

    async def to_change(self, id_: int | None, code: str | None) -> MenuRow | None:
        """The menu with this id, else the one with this code, locked."""
        which = col(Menu.code) == code if id_ is None else col(Menu.id) == id_
        rows = await self._uow.locked(Rank.SETTINGS, select(*COLUMNS).where(which))
        return next(iter(rows), None)

    async def add(self, values: Changes) -> MenuRow | Taken:
        return await self._written(insert(Menu).values(**values).returning(*COLUMNS))

    async def change(self, id_: int, changes: Changes) -> MenuRow | Taken:
        """The changed row of a menu that is locked."""
        version = col(Menu.version) + 1
        return await self._written(
            update(Menu)
            .where(col(Menu.id) == id_)
            .values(**changes, version=version, updated_at=func.now())
            .returning(*COLUMNS)
        )

    async def fill(self, id_: int, rows: Sequence[Mapping[str, Any]]) -> NotFound | None:
        """Let a menu that is locked have these items and no others."""
        await self._uow.change(delete(MenuItem).where(col(MenuItem.menu_id) == id_))
        if not rows:
            return None
        try:
            await self._uow.change(
                insert(MenuItem).values([{**row, "menu_id": id_} for row in rows])
            )
        except IntegrityError as error:
            missing = NO_TARGET.get(violated_constraint(error) or "")
            if missing is None:
                raise
            return missing
        return None

    async def remove(self, id_: int) -> None:
        await self._uow.change(delete(Menu).where(col(Menu.id) == id_))

    async def _written(self, statement: Any) -> MenuRow | Taken:
        try:
            return await self._uow.row(statement)  # type: ignore[return-value]  # new, or locked
        except IntegrityError as error:
            if violated_constraint(error) == "uq_menus_code":
                return CODE_TAKEN
            raise
