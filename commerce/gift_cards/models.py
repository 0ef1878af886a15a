"""Gift cards, what was paid with them, and the ledger of both.

A card knows a digest of its code and the last characters. Who it was sent to is not kept.
"""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import SQLModel

from commerce.core.columns import (
    choice,
    default_text,
    key,
    moment,
    money,
    number_of,
    optional_number_of,
    refers_to,
    required_bytes,
    required_text,
    sum_of_money,
    version,
    whole,
)
from commerce.gift_cards.kinds import EntryKind, UseState


class GiftCardBatch(SQLModel, table=True):
    """Cards that one request issued: sent again under its reference, it issues no others."""

    __tablename__ = "gift_card_batches"
    __table_args__ = (UniqueConstraint("actor", "reference"),)

    id: int = key()
    actor: str = required_text()
    reference: str = required_text()
    digest: bytes = required_bytes()
    created_at: datetime = moment()


class GiftCard(SQLModel, table=True):
    """Money of the store's that whoever has the code may spend. `issued` is what was on it first.

    `place` is the card's place among those of its batch.
    """

    __tablename__ = "gift_cards"
    __table_args__ = (
        CheckConstraint("balance >= 0", name="balance_not_negative"),
        CheckConstraint("currency ~ '^[A-Z]{3}$'", name="currency_code"),
        Index("ix_gift_cards_created_at_id", "created_at", "id"),
        Index("ix_gift_cards_last_characters_id", "last_characters", "id"),
    )

    id: int = key()
    batch_id: int | None = refers_to("gift_card_batches.id", on_delete="SET NULL", nullable=True)
    place: int = whole()
    code_sha256: bytes = required_bytes(unique=True)
    last_characters: str = required_text()
    currency: str = required_text()
    issued: Decimal = money()
    balance: Decimal = money()
    expires_at: datetime | None = moment(nullable=True)
    disabled_at: datetime | None = moment(nullable=True)
    note: str = default_text()
    version: int = version()
    created_at: datetime = moment()
    updated_at: datetime = moment()


class GiftCardUse(SQLModel, table=True):
    """What a cart, and then its order, was paid with; `returned` of it went back on the card."""

    __tablename__ = "gift_card_uses"
    __table_args__ = (
        UniqueConstraint("cart_id", "gift_card_id"),
        CheckConstraint("returned BETWEEN 0 AND amount", name="returned_of_amount"),
    )

    id: int = key()
    gift_card_id: int = refers_to("gift_cards.id", on_delete="RESTRICT")
    cart_id: int = number_of()
    order_id: int | None = optional_number_of(index=True)
    amount: Decimal = money()
    returned: Decimal = sum_of_money()
    state: UseState = choice(UseState, UseState.HELD)
    created_at: datetime = moment()
    updated_at: datetime = moment()


class GiftCardEntry(SQLModel, table=True):
    """A change of a card's balance, which was `balance` after it. Rows are only ever added."""

    __tablename__ = "gift_card_entries"
    __table_args__ = (Index("ix_gift_card_entries_gift_card_id_id", "gift_card_id", "id"),)

    id: int = key()
    gift_card_id: int = refers_to("gift_cards.id", on_delete="RESTRICT", index=False)
    kind: EntryKind = choice(EntryKind, EntryKind.ADJUST)
    amount: Decimal = money()
    balance: Decimal = money()
    cart_id: int | None = optional_number_of()
    order_id: int | None = optional_number_of()
    reason: str = default_text()
    actor: str = required_text()
    created_at: datetime = moment()
