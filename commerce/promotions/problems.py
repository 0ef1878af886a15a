"""Expected failures of promotions."""

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from commerce.core.problems import Problem
from commerce.pricing.rules.eligible import Reason


@dataclass(frozen=True, slots=True)
class CouponRejected(Problem):
    """A coupon or promotion that gives nothing; `limit` is what was not reached, or exceeded."""

    code: ClassVar[str] = "COUPON_REJECTED"

    reason: Reason = Reason.UNKNOWN_CODE
    limit: Decimal | None = None
