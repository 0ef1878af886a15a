"""Files that are kept."""

from collections.abc import Collection as Keys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Row, Select, delete, func, insert, select
from sqlmodel import col

from commerce.core.columns import columns_of
from commerce.core.db import UnitOfWork, among
from commerce.core.keyset import SortKey, count_of, counted, page_of, paged
from commerce.core.paging import Count, Page, PageArgs
from commerce.core.viewer import Scope, Viewer
from commerce.files.kinds import FileKind
from commerce.files.models import File, FileLeftover

FileRow = Row[Any]

NEWEST: Final = (SortKey(col(File.id), descending=True),)


@dataclass(frozen=True, slots=True)
class FileWhere:
    """All that is given must hold; `md5` is that of what was uploaded."""

    kind: FileKind | None = None
    md5: str | None = None
    name_contains: str | None = None


class FileRepository:
    """For who may see every file: nothing here depends on the viewer."""

    def __init__(self, uow: UnitOfWork, viewer: Viewer) -> None:
        self._uow = uow
        self._viewer = viewer

    async def seen_by_ids(self, ids: Keys[int]) -> dict[int, FileRow]:
        """For whoever asks by an id: files are shown to those who may see all of them."""
        return await self.by_ids(ids) if self._viewer.may(Scope.READ_FILES) else {}

    async def by_ids(self, ids: Keys[int]) -> dict[int, FileRow]:
        statement = _every().where(among(col(File.id), ids))
        return {row.id: row for row in await self._uow.rows(statement)}

    async def one(self, id_: int) -> FileRow | None:
        return (await self.by_ids([id_])).get(id_)

    async def document(self, id_: int) -> FileRow | None:
        """None for a picture, which has addresses of its own."""
        file = await self.one(id_)
        return None if file is None or file.kind is not FileKind.DOCUMENT else file

    async def page(self, where: FileWhere, args: PageArgs) -> Page[FileRow]:
        """The newest first."""
        rows = await self._uow.rows(paged(_listed(where), NEWEST, args))
        return page_of(rows, len(NEWEST), args)

    async def count(self, where: FileWhere, limit: int | None) -> Count:
        return count_of(await self._uow.scalar(counted(_listed(where), limit)), limit)

    async def add(self, values: Mapping[str, Any]) -> FileRow:
        statement = insert(File).values(**values).returning(*columns_of(File))
        return await self._uow.row(statement)  # type: ignore[return-value]  # it returns its row

    async def remove(self, ids: Keys[int]) -> Sequence[int]:
        """Those that were there; what the storage has of them is written down to be removed."""
        gone = delete(File).where(among(col(File.id), ids))
        rows = await self._uow.rows(gone.returning(col(File.id), col(File.key)))
        if rows:
            left = [{"key": row.key} for row in rows]
            await self._uow.change(insert(FileLeftover).values(left))
        return sorted(row.id for row in rows)

    async def leftovers(self, at_most: int) -> Sequence[Row[Any]]:
        statement = select(*columns_of(FileLeftover)).order_by(col(FileLeftover.id))
        return await self._uow.rows(statement.limit(at_most))

    async def forget_leftovers(self, ids: Keys[int]) -> None:
        await self._uow.change(delete(FileLeftover).where(among(col(FileLeftover.id), ids)))

    async def bytes_kept(self) -> int:
        return int(await self._uow.scalar(select(func.coalesce(func.sum(col(File.size)), 0))))


def _every() -> Select[Any]:
    return select(*columns_of(File))


def _listed(where: FileWhere) -> Select[Any]:
    found = _every()
    if where.kind is not None:
        found = found.where(col(File.kind) == where.kind)
    if where.md5 is not None:
        found = found.where(col(File.md5) == where.md5)
    if where.name_contains is not None:
        found = found.where(col(File.filename).icontains(where.name_contains, autoescape=True))
    return found
