"""Whether a promotion gives anything at a time. Pure."""

from datetime import datetime
from typing import Any

from commerce.promotions.kinds import PromotionState


def state_of(promotion: Any, at: datetime) -> PromotionState:
    """Weekdays and hours aside. One that is archived has ended."""
    if promotion.archived_at is not None:
        return PromotionState.ENDED
    if promotion.ends_at is not None and promotion.ends_at <= at:
        return PromotionState.ENDED
    if not promotion.active:
        return PromotionState.PAUSED
    starts = promotion.starts_at
    soon = starts is not None and starts > at
    return PromotionState.SCHEDULED if soon else PromotionState.RUNNING
