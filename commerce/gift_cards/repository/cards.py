"""Gift cards, and the ledger as it is read."""

from collections.abc import Callable, Mapping, Sequence
from collections.abc import Collection as Keys
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from commerce.core.columns import columns_of
from commerce.core.comparisons import range_is, text_is
from commerce.core.criteria import given
from commerce.core.db import UnitOfWork, among
from commerce.core.events import Event, EventType
from commerce.core.keyset import (
    SortKey,
    count_of,
    counted,
    counted_by,
    counts_of,
    page_of,
    paged,
    paged_by,
    pages_of,
)
from commerce.core.paging import Count, Page, PageArgs
from commerce.core.problems import IdempotencyConflict
from commerce.core.references import Claimed, claim
from commerce.core.viewer import Viewer
from commerce.gift_cards.criteria import GiftCardWhere
from commerce.gift_cards.models import GiftCard, GiftCardBatch, GiftCardEntry
from commerce.gift_cards.visibility import visible_gift_cards

GiftCardRow = Row[Any]
EntryRow = Row[Any]
Values = dict[str, Any]

COLUMNS = tuple(columns_of(GiftCard))
NEWEST_FIRST = (
    SortKey(col(GiftCard.created_at), descending=True),
    SortKey(col(GiftCard.id), descending=True),
)
NEWEST_ENTRY_FIRST = (SortKey(col(GiftCardEntry.id), descending=True),)


class GiftCardRepository:
    def __init__(self, uow: UnitOfWork, viewer: Viewer) -> None:
        self._uow = uow
        self._viewer = viewer

    async def by_ids(self, ids: Keys[int]) -> dict[int, GiftCardRow]:
        statement = self._visible().where(among(col(GiftCard.id), ids))
        return {row.id: row for row in await self._uow.rows(statement)}

    async def by_code(self, digest: bytes) -> GiftCardRow | None:
        """Whoever has the code may see the card."""
        return await self._uow.row(select(*COLUMNS).where(col(GiftCard.code_sha256) == digest))

    async def page(self, where: GiftCardWhere, args: PageArgs) -> Page[GiftCardRow]:
        """The newest first."""
        found = self._visible().where(*_conditions(where))
        filtered = where != GiftCardWhere()
        rows = await self._uow.rows(paged(found, NEWEST_FIRST, args, filtered=filtered))
        return page_of(rows, len(NEWEST_FIRST), args)

    async def count(self, where: GiftCardWhere, limit: int | None) -> Count:
        found = self._visible().where(*_conditions(where))
        return count_of(await self._uow.scalar(counted(found, limit)), limit)

    async def entry_pages(self, ids: Keys[int], args: PageArgs) -> dict[int, Page[EntryRow]]:
        """The newest first."""
        statement = paged_by(
            ids, col(GiftCardEntry.gift_card_id), self._entries(), NEWEST_ENTRY_FIRST, args
        )
        rows = await self._uow.rows(statement)
        return pages_of(rows, ids, len(NEWEST_ENTRY_FIRST), args)

    async def entry_counts(self, ids: Keys[int], limit: int | None) -> dict[int, Count]:
        statement = counted_by(ids, col(GiftCardEntry.gift_card_id), self._entries(), limit)
        return counts_of(await self._uow.rows(statement), limit)

    async def add(self, cards: Sequence[Values]) -> Sequence[GiftCardRow]:
        """In the order given; those whose codes are taken are left out."""
        statement = insert(GiftCard).values(list(cards)).on_conflict_do_nothing()
        rows = await self._uow.rows(statement.returning(*COLUMNS))
        for row in rows:
            self._uow.record(Event(EventType.GIFT_CARD_CREATED, "GiftCard", row.id))
        return sorted(rows, key=lambda row: row.place)

    async def change(self, id_: int, changes: Values) -> GiftCardRow:
        """The changed row of a card that is locked."""
        statement = (
            update(GiftCard)
            .where(col(GiftCard.id) == id_)
            .values(**changes, version=col(GiftCard.version) + 1, updated_at=func.now())
            .returning(*COLUMNS)
        )
        changed = (await self._uow.rows(statement))[0]
        fields = sorted(changes.keys() - {"balance"})  # the ledger tells of balances
        if fields:
            data = {"changed": fields}
            self._uow.record(Event(EventType.GIFT_CARD_UPDATED, "GiftCard", id_, data))
        return changed

    async def claim(
        self, actor: str, reference: str, digest: bytes
    ) -> Claimed | IdempotencyConflict:
        """The batch under this reference: made now, unless it was before."""
        return await claim(self._uow, GiftCardBatch, actor, reference, digest)

    async def of_batch(self, batch_id: int) -> Sequence[GiftCardRow]:
        statement = select(*COLUMNS).where(col(GiftCard.batch_id) == batch_id)
        return await self._uow.rows(statement.order_by(col(GiftCard.place)))

    def _visible(self) -> Select[Any]:
        return select(*COLUMNS).where(visible_gift_cards(self._viewer))

    def _entries(self) -> Select[Any]:
        return select(*columns_of(GiftCardEntry)).where(visible_gift_cards(self._viewer))


def _conditions(where: GiftCardWhere) -> list[ColumnElement[bool]]:
    return [CONDITIONS[name](value) for name, value in given(where).items()]


def _spendable(at: datetime) -> ColumnElement[bool]:
    """`rules.cards.is_spendable` in SQL."""
    expires = col(GiftCard.expires_at)
    return and_(
        col(GiftCard.disabled_at).is_(None),
        or_(expires.is_(None), expires > at),
        col(GiftCard.balance) > 0,
    )


CONDITIONS: Mapping[str, Callable[[Any], ColumnElement[bool]]] = {
    "ids": lambda ids: among(col(GiftCard.id), ids),
    "last_characters": lambda wanted: text_is(col(GiftCard.last_characters), wanted),
    "note": lambda wanted: text_is(col(GiftCard.note), wanted),
    "currency": lambda code: col(GiftCard.currency) == code,
    "balance": lambda bounds: range_is(col(GiftCard.balance), bounds),
    "disabled": lambda wanted: (
        col(GiftCard.disabled_at).is_not(None) if wanted else col(GiftCard.disabled_at).is_(None)
    ),
    "spendable_at": _spendable,
    "expires_at": lambda bounds: range_is(col(GiftCard.expires_at), bounds),
    "created_at": lambda bounds: range_is(col(GiftCard.created_at), bounds),
}
