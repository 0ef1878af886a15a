"""What must hold of promotions."""

from typing import Final

from commerce.core.invariants import Invariant


def _counted(table: str, key: str) -> str:
    """Rows whose counter is not the number of uses that were not returned."""
    return f"""
        SELECT id, used, coalesce(count, 0) AS uses, usage_limit FROM {table} LEFT JOIN (
            SELECT {key}, count(*) FROM promotion_redemptions
            WHERE state <> 'returned' GROUP BY 1
        ) AS redeemed ON {key} = id
        WHERE used <> coalesce(count, 0)
        """  # noqa: S608  # both are words of this module


INVARIANTS: Final = (
    Invariant(
        "promotions count their redemptions",
        _counted("promotions", "promotion_id"),
        "A use was counted that was not made, or made and not counted.",
    ),
    Invariant(
        "coupons count their redemptions",
        _counted("coupons", "coupon_id"),
        "A use was counted that was not made, or made and not counted.",
    ),
)
