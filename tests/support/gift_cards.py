"""Builders of gift cards, and what is on them."""

from decimal import Decimal
from typing import Any

from sqlalchemy import Row, func, insert, select
from sqlmodel import col

from commerce.core.columns import columns_of
from commerce.core.db import UnitOfWork
from commerce.gift_cards.kinds import EntryKind
from commerce.gift_cards.models import GiftCard, GiftCardEntry
from commerce.gift_cards.rules.codes import digest_of, last_characters
from commerce.pricing.rules.gift_cards import GiftCardUse


async def make_gift_card(
    uow: UnitOfWork, balance: str = "50", code: str = "ABCD-EFGH-JKLM", **values: Any
) -> Row[Any]:
    """A card with its first entry in the ledger."""
    amount = Decimal(balance)
    given = {
        "code_sha256": digest_of(code),
        "last_characters": last_characters(code),
        "currency": "EUR",
        "issued": amount,
        "balance": amount,
        **values,
    }
    card = await uow.row(insert(GiftCard).values(**given).returning(*columns_of(GiftCard)))
    assert card is not None
    entry = {"kind": EntryKind.ISSUE, "amount": amount, "balance": amount, "actor": "system"}
    await uow.change(insert(GiftCardEntry).values(gift_card_id=card.id, **entry))
    return card


def use_of(card: Any, amount: str) -> GiftCardUse:
    return GiftCardUse(card.id, Decimal(amount))


async def balances(uow: UnitOfWork) -> list[Decimal]:
    """What is on the cards; the ledgers say the same, or it raises."""
    cards = await uow.rows(
        select(col(GiftCard.id), col(GiftCard.balance)).order_by(col(GiftCard.id))
    )
    told = await uow.rows(
        select(col(GiftCardEntry.gift_card_id), func.sum(col(GiftCardEntry.amount)))
        .group_by(col(GiftCardEntry.gift_card_id))
        .order_by(col(GiftCardEntry.gift_card_id))
    )
    assert [tuple(row) for row in cards] == [tuple(row) for row in told]
    return [row.balance for row in cards]
