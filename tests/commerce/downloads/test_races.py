"""The last download of a file, asked for twice at once; a twin shows what the guard is for."""

from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import insert, select, update
from sqlmodel import col

from commerce.core.db import UnitOfWork, units_on
from commerce.core.pool import Database
from commerce.downloads.models import FileDownload, VariantFile
from commerce.downloads.repository import DownloadRepository
from commerce.downloads.service import UsedUp
from commerce.files.kinds import FileKind
from commerce.files.models import File
from commerce.orders.kinds import PaymentStatus
from commerce.orders.models import OrderLine
from commerce.wiring import Services
from tests.support.catalog import make_product, make_variant
from tests.support.orders import Item, place_order
from tests.support.races import Meeting
from tests.support.services import side_by_side

MOST = 3


@dataclass(frozen=True)
class Bought:
    line_id: int
    file_id: int


async def bought(uow: UnitOfWork) -> Bought:
    """A paid line whose file was downloaded as often as it may be, but for once."""
    variant = await make_variant(uow, await make_product(uow))
    order = await place_order(uow, Item("9.99"), values={"payment_status": PaymentStatus.PAID})
    kept = {"key": "k", "filename": "a.pdf", "mime_type": "application/pdf", "size": 1}
    file_id = await uow.scalar(
        insert(File).values(kind=FileKind.DOCUMENT, **kept).returning(col(File.id))
    )
    line = col(OrderLine.order_id) == order.id
    await uow.change(update(OrderLine).where(line).values(variant_id=variant.id))
    line_id = await uow.scalar(select(col(OrderLine.id)).where(line))
    owns = {"variant_id": variant.id, "file_id": file_id, "max_downloads": MOST}
    await uow.change(insert(VariantFile).values(**owns))
    used = {"order_line_id": line_id, "file_id": file_id, "used": MOST - 1}
    await uow.change(insert(FileDownload).values(**used))
    return Bought(line_id, file_id)


async def take_twice(database: Database, patch: pytest.MonkeyPatch) -> tuple[list[bool], int]:
    """Who of two was refused, and what is counted; they meet when both have seen one left."""
    meeting, look = Meeting(), DownloadRepository.one

    async def seen(self: DownloadRepository, line_id: int, file_id: int) -> Any:
        found = await look(self, line_id, file_id)
        await meeting.arrive()
        return found

    patch.setattr(DownloadRepository, "one", seen)
    async with units_on(database)() as uow:
        mine = await bought(uow)

    async def take(services: Services) -> Any:
        return await services.downloads.take(mine.line_id, mine.file_id)

    answers = await side_by_side(database, [take, take])
    assert [each for each in answers if isinstance(each, Exception)] == []
    async with units_on(database)() as uow:
        used = await uow.scalar(select(col(FileDownload.used)))
    return sorted(isinstance(answer, UsedUp) for answer in answers), used


async def test_the_last_download_is_had_once(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert await take_twice(database, monkeypatch) == ([False, True], MOST)


async def test_who_counts_what_was_seen_before_gives_it_twice(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The guard removed: it is looked first, and counted then."""
    looked = Meeting(patience=10)

    async def take(
        self: DownloadRepository, line_id: int, file_id: int, at_most: int
    ) -> int | None:
        own = (col(FileDownload.order_line_id) == line_id, col(FileDownload.file_id) == file_id)
        used = await self._uow.scalar(select(col(FileDownload.used)).where(*own))
        await looked.arrive()
        if used >= at_most:
            return None
        counted = update(FileDownload).where(*own).values(used=col(FileDownload.used) + 1)
        found: int = await self._uow.scalar(counted.returning(col(FileDownload.used)))
        return found

    monkeypatch.setattr(DownloadRepository, "take", take)
    assert await take_twice(database, monkeypatch) == ([False, False], MOST + 1)
