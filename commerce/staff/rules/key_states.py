"""What a key is good for at a moment."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any


class KeyState(Enum):
    ACTIVE = "active"
    EXPIRED = "expired"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class KeyFilter:
    """None asks for nothing. `now` is when `state` is looked at."""

    now: datetime
    state: KeyState | None = None
    dialect: str | None = None
    owner_id: int | None = None


def state_of(row: Any, now: datetime) -> KeyState:
    if row.revoked_at is not None:
        return KeyState.REVOKED
    expired = row.expires_at is not None and row.expires_at <= now
    return KeyState.EXPIRED if expired else KeyState.ACTIVE
