"""Which promotions a cart is priced with."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from commerce.core.criteria import MAX_TEXT, is_storable
from commerce.pricing.rules.eligible import normalised
from commerce.pricing.rules.promotions import Promotion
from commerce.promotions.repository.offers import OfferRepository, OfferRow
from commerce.promotions.rules.buyers import digest_of
from commerce.promotions.rules.stored import ending, promotion_of

MAX_CODES: Final = 50  # what is typed beyond it is of no promotion


class PromotionOfferService:
    def __init__(self, offers: OfferRepository) -> None:
        self._offers = offers

    async def offers(
        self, codes: Sequence[str], buyer: str | None, at: datetime
    ) -> tuple[Promotion, ...]:
        """The automatic ones of that time and those that the codes unlock, in one statement.

        `buyer` is an e-mail address. Codes that unlock nothing are left for the calculation to
        reject.
        """
        typed = (normalised(code) for code in codes if len(code) <= MAX_TEXT and is_storable(code))
        keys = sorted(set(typed))[:MAX_CODES]
        rows = await self._offers.offered(keys, digest_of(buyer), at)
        return tuple(map(_offer, rows))


def _offer(row: OfferRow) -> Promotion:
    used_up = any(
        limit is not None and used >= limit
        for used, limit in (
            (row.used, row.usage_limit),
            (row.bought, row.per_customer_limit),
            (row.coupon_used, row.coupon_limit),
        )
    )
    unlocked = ending(promotion_of(row), row.coupon_expires_at)
    return replace(unlocked, code=row.coupon_code, used_up=used_up)
