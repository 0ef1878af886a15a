"""What can be done with a gift card."""

from datetime import datetime
from typing import Any


def is_spendable(card: Any, now: datetime) -> bool:
    if card.disabled_at is not None or (card.expires_at is not None and card.expires_at <= now):
        return False
    return bool(card.balance > 0)
