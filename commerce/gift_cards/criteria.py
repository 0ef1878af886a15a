"""What lists of gift cards are asked for, as plain values. None means that nothing is asked."""

from dataclasses import dataclass
from datetime import datetime

from commerce.core.criteria import Amounts, Ids, TextIs, Times


@dataclass(frozen=True, slots=True)
class GiftCardWhere:
    """`spendable_at` finds those that can be paid with at that time."""

    ids: Ids | None = None
    last_characters: TextIs | None = None
    note: TextIs | None = None
    currency: str | None = None
    balance: Amounts | None = None
    disabled: bool | None = None
    spendable_at: datetime | None = None
    expires_at: Times | None = None
    created_at: Times | None = None
