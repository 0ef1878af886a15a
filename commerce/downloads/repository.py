"""Files of variants, and downloads of those who have paid for one."""

from collections import defaultdict
from collections.abc import Collection as Keys
from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, Select, and_, delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from commerce.core.arrays import among_ids
from commerce.core.columns import columns_of
from commerce.core.db import UnitOfWork, among
from commerce.downloads.models import FileDownload, VariantFile
from commerce.files.models import File
from commerce.orders.kinds import OrderStatus, PaymentStatus
from commerce.orders.models import Order, OrderLine

DownloadRow = Row[Any]

PAID: Final = (PaymentStatus.PAID, PaymentStatus.PARTIALLY_REFUNDED)
FILE: Final = (col(File.filename), col(File.mime_type), col(File.size), col(File.key))
USED: Final = func.coalesce(col(FileDownload.used), 0)


class DownloadRepository:
    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def by_variants(self, ids: Keys[int]) -> dict[int, list[DownloadRow]]:
        statement = (
            select(*columns_of(VariantFile), *FILE)
            .join(File, col(File.id) == col(VariantFile.file_id))
            .where(among_ids(col(VariantFile.variant_id)))
            .order_by(col(VariantFile.id))
        )
        return _by(await self._uow.rows(statement, {"ids": list(ids)}), "variant_id")

    async def attach(self, values: Mapping[str, Any]) -> None:
        """What is attached already gets these values."""
        adding = insert(VariantFile).values(**values)
        changed = {name: values[name] for name in ("title", "max_downloads")}
        await self._uow.change(
            adding.on_conflict_do_update(index_elements=["variant_id", "file_id"], set_=changed)
        )

    async def detach(self, variant_id: int, file_id: int) -> bool:
        own = (col(VariantFile.variant_id) == variant_id, col(VariantFile.file_id) == file_id)
        return bool(await self._uow.change(delete(VariantFile).where(*own)))

    async def sold(self, file_ids: Keys[int]) -> Sequence[int]:
        """Those of these files that come with a variant."""
        statement = select(col(VariantFile.file_id)).where(
            among(col(VariantFile.file_id), file_ids)
        )
        return await self._uow.scalars(statement)

    async def by_lines(self, ids: Keys[int]) -> dict[int, list[DownloadRow]]:
        """What the buyers of these lines can download; for walks from orders that are seen."""
        statement = _owed().where(among_ids(col(OrderLine.id))).order_by(col(VariantFile.id))
        return _by(await self._uow.rows(statement, {"ids": list(ids)}), "line_id")

    async def one(self, line_id: int, file_id: int) -> DownloadRow | None:
        """None when the line is not, or no longer, of an order that is paid for."""
        own = (col(OrderLine.id) == line_id, col(VariantFile.file_id) == file_id)
        return await self._uow.row(_owed().where(*own))

    async def take(self, line_id: int, file_id: int, at_most: int) -> int | None:
        """How many downloads there were, with this one; None when there were as many as may be.

        One statement decides and counts: of two at once for the last one, one gets it.
        """
        table = columns_of(FileDownload)
        first = insert(FileDownload).values(order_line_id=line_id, file_id=file_id, used=1)
        counted = first.on_conflict_do_update(
            index_elements=["order_line_id", "file_id"],
            set_={"used": table["used"] + 1, "last_at": func.now()},
            where=table["used"] < at_most,
        )
        used: int | None = await self._uow.scalar(counted.returning(table["used"]))
        return used


def _owed() -> Select[Any]:
    counted = and_(
        col(FileDownload.order_line_id) == col(OrderLine.id),
        col(FileDownload.file_id) == col(VariantFile.file_id),
    )
    shown: tuple[Any, ...] = (
        col(OrderLine.id).label("line_id"),
        col(VariantFile.file_id),
        col(VariantFile.title),
        col(VariantFile.max_downloads),
        USED.label("used"),
        *FILE,
    )
    return (
        select(*shown)
        .select_from(OrderLine)
        .join(Order, col(Order.id) == col(OrderLine.order_id))
        .join(VariantFile, col(VariantFile.variant_id) == col(OrderLine.variant_id))
        .join(File, col(File.id) == col(VariantFile.file_id))
        .outerjoin(FileDownload, counted)
        .where(*_paid())
    )


def _paid() -> tuple[ColumnElement[bool], ...]:
    """Placed, paid for, and not all of it given back."""
    return (
        col(Order.payment_status).in_(PAID),
        col(Order.status) != OrderStatus.CANCELED,
        col(Order.placed_at).is_not(None),
        col(OrderLine.canceled) + col(OrderLine.returned) < col(OrderLine.quantity),
        col(OrderLine.refunded) < col(OrderLine.quantity),
    )


def _by(rows: Sequence[DownloadRow], name: str) -> dict[int, list[DownloadRow]]:
    found: defaultdict[int, list[DownloadRow]] = defaultdict(list)
    for row in rows:
        found[row._mapping[name]].append(row)
    return found
