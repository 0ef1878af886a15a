"""What a cart claims of promotions, and what it has claimed before."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from commerce.pricing.rules.eligible import normalised


@dataclass(frozen=True, slots=True)
class CouponUse:
    """A promotion that a cart uses, by a code or, with `code` None, by itself."""

    promotion_id: int
    code: str | None
    amount: Decimal

    @property
    def code_key(self) -> str | None:
        return None if self.code is None else normalised(self.code)


@dataclass(frozen=True, slots=True)
class Claims:
    """Uses that are not counted yet, and redemptions that the cart holds for nothing now."""

    fresh: Sequence[CouponUse]
    stale: Sequence[Any]


def claims_of(held: Iterable[Any], uses: Sequence[CouponUse], buyer: bytes | None) -> Claims:
    """Of what is held that stays which is used again, by the same code and buyer."""
    kept: set[tuple[int, str | None]] = set()
    stale = []
    wanted = {(use.promotion_id, use.code_key) for use in uses}
    for row in held:
        name = (row.promotion_id, normalised(row.code) if row.code else None)
        if name in wanted and row.buyer_sha256 == buyer:
            kept.add(name)
        else:
            stale.append(row)
    fresh = [use for use in uses if (use.promotion_id, use.code_key) not in kept]
    return Claims(fresh, stale)
