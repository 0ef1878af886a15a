"""The test provider's own book."""

from typing import Any

from sqlalchemy import Row, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from commerce.core.columns import columns_of
from commerce.core.db import UnitOfWork
from commerce.core.locks import Rank
from commerce.payments.kinds import OPENING, AttemptKind, AttemptState
from commerce.payments.models import BookedCharge

BookRow = Row[Any]

COLUMNS = tuple(columns_of(BookedCharge))
TAKING = (AttemptKind.CHARGE, AttemptKind.CAPTURE)


class PretendBook:
    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def enter(self, page: dict[str, Any]) -> BookRow:
        """The page of this key: what was entered first stays. More than a payment has fails."""
        self._uow.hold(Rank.PAYMENT)
        reference = page["payment_reference"]
        await self._uow.row(select(func.pg_advisory_xact_lock(func.hashtextextended(reference, 0))))
        succeeds = page["state"] is not AttemptState.FAILED
        if succeeds and page["kind"] not in OPENING and not await self._fits(page):
            page = {**page, "state": AttemptState.FAILED, "decline_code": "too_much"}
        entered = (
            insert(BookedCharge)
            .values(**page)
            .on_conflict_do_update(
                index_elements=[col(BookedCharge.key)], set_={"asked": col(BookedCharge.asked) + 1}
            )
            .returning(*COLUMNS)
        )
        return (await self._uow.rows(entered))[0]

    async def cancel(self, key: str) -> BookRow:
        """The page of this key; one that still waits for its buyer has failed from now on."""
        self._uow.hold(Rank.PAYMENT)
        canceled = (
            update(BookedCharge)
            .where(
                col(BookedCharge.key) == key,
                col(BookedCharge.state) == AttemptState.ACTION_REQUIRED,
            )
            .values(state=AttemptState.FAILED, decline_code="canceled")
        )
        await self._uow.change(canceled)
        return (await self._uow.rows(select(*COLUMNS).where(col(BookedCharge.key) == key)))[0]

    async def _fits(self, page: dict[str, Any]) -> bool:
        kinds = {
            AttemptKind.REFUND: (TAKING, (AttemptKind.REFUND,)),
        }.get(page["kind"], (OPENING, (AttemptKind.CAPTURE, AttemptKind.VOID)))
        there, spent = [await self._sum(page, *those) for those in kinds]
        return bool(spent + page["amount"] <= there)

    async def _sum(self, page: dict[str, Any], *kinds: AttemptKind) -> Any:
        """What was booked of these kinds for the same payment by other keys."""
        return await self._uow.scalar(
            select(func.coalesce(func.sum(col(BookedCharge.amount)), 0)).where(
                col(BookedCharge.payment_reference) == page["payment_reference"],
                col(BookedCharge.kind).in_(kinds),
                col(BookedCharge.state) != AttemptState.FAILED,
                col(BookedCharge.key) != page["key"],
            )
        )
