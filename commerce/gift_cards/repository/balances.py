"""The balances of gift cards and the ledger of their changes: none changes without the other."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, Row, insert, or_, select, update
from sqlalchemy.types import TypeEngine
from sqlmodel import col

from commerce.core.arrays import table_of
from commerce.core.columns import MONEY, columns_of
from commerce.core.db import UnitOfWork, among
from commerce.core.events import Event, EventType
from commerce.core.locks import Rank
from commerce.gift_cards.kinds import EntryKind
from commerce.gift_cards.models import GiftCard, GiftCardEntry

CardRow = Row[Any]
Amounts = Mapping[int, Decimal]


@dataclass(frozen=True, slots=True)
class Note:
    """What the ledger says of a change beside the amount."""

    kind: EntryKind
    actor: str
    reason: str = ""
    cart_id: int | None = None
    order_id: int | None = None


class BalanceRepository:
    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def by_ids(self, ids: Collection[int]) -> dict[int, CardRow]:
        """Whoever may see them: for carts that were shown the codes."""
        statement = select(*columns_of(GiftCard)).where(among(col(GiftCard.id), ids))
        return {row.id: row for row in await self._uow.rows(statement)}

    async def locked(self, ids: Collection[int]) -> dict[int, CardRow]:
        statement = (
            select(*columns_of(GiftCard))
            .where(among(col(GiftCard.id), ids))
            .order_by(col(GiftCard.id))
        )
        return {row.id: row for row in await self._uow.locked(Rank.GIFT_CARD, statement)}

    async def take(self, amounts: Amounts, at: datetime) -> dict[int, Decimal]:
        """Take the amounts off cards that are locked, have as much on them, and may be spent.

        Answers the new balances. One UPDATE looks and takes: no card can be drawn on twice for
        the same money.
        """
        wanted = _wanted(amounts)
        expires = col(GiftCard.expires_at)
        statement = (
            update(GiftCard)
            .where(
                col(GiftCard.id) == wanted.c.id,
                col(GiftCard.balance) >= wanted.c.amount,
                col(GiftCard.disabled_at).is_(None),
                or_(expires.is_(None), expires > at),
            )
            .values(balance=col(GiftCard.balance) - wanted.c.amount)
            .returning(col(GiftCard.id), col(GiftCard.balance))
        )
        return {row.id: row.balance for row in await self._uow.rows(statement)}

    async def put(self, amounts: Amounts) -> dict[int, Decimal]:
        """Put the amounts on cards that are locked, whatever their state; the new balances."""
        wanted = _wanted(amounts)
        statement = (
            update(GiftCard)
            .where(col(GiftCard.id) == wanted.c.id)
            .values(balance=col(GiftCard.balance) + wanted.c.amount)
            .returning(col(GiftCard.id), col(GiftCard.balance))
        )
        return {row.id: row.balance for row in await self._uow.rows(statement)}

    async def write_down(self, changes: Amounts, balances: Amounts, note: Note) -> None:
        """One entry of the ledger for each change, by card."""
        shared = {
            "kind": note.kind,
            "actor": note.actor,
            "reason": note.reason,
            "cart_id": note.cart_id,
            "order_id": note.order_id,
        }
        rows: Sequence[dict[str, Any]] = [
            {**shared, "gift_card_id": id_, "amount": changes[id_], "balance": balances[id_]}
            for id_ in sorted(changes)
        ]
        await self._uow.change(insert(GiftCardEntry).values(rows))
        for row in rows:
            self._uow.record(_told(row))


def _told(entry: Mapping[str, Any]) -> Event:
    plain = {name: format(entry[name], "f") for name in ("amount", "balance")}
    refs = {name: entry[name] for name in ("cart_id", "order_id")}
    data = {"kind": entry["kind"].value, **plain, **refs}
    return Event(EventType.GIFT_CARD_BALANCE_CHANGED, "GiftCard", entry["gift_card_id"], data)


def _wanted(amounts: Amounts) -> Any:
    types: Mapping[str, TypeEngine[Any]] = {"id": BigInteger(), "amount": MONEY}
    return table_of("wanted", types, sorted(amounts.items()))
