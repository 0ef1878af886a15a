"""Expected failures of buying, and of what is done with orders."""

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from commerce.core.problems import Problem


@dataclass(frozen=True, slots=True)
class CheckoutIncomplete(Problem):
    """Something must be known before the cart can be bought: `path` says what."""

    code: ClassVar[str] = "CHECKOUT_INCOMPLETE"


@dataclass(frozen=True, slots=True)
class PriceChanged(Problem):
    """The cart comes to something else than the buyer agreed to. Nothing was charged."""

    code: ClassVar[str] = "PRICE_CHANGED"

    currency: str = ""
    expected: Decimal = Decimal(0)
    actual: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class PaymentDeclined(Problem):
    """The provider said no, in its own `reason`. No money has moved."""

    code: ClassVar[str] = "PAYMENT_DECLINED"

    reason: str = ""


@dataclass(frozen=True, slots=True)
class PaymentInProgress(Problem):
    """What came of the payment is not known yet. Asking again tells, and charges nothing twice."""

    code: ClassVar[str] = "PAYMENT_IN_PROGRESS"
    retryable: ClassVar[bool] = True


@dataclass(frozen=True, slots=True)
class RefundIncomplete(Problem):
    """Some of the money went back, and some payments refused. Asking again asks those again."""

    code: ClassVar[str] = "REFUND_INCOMPLETE"
    retryable: ClassVar[bool] = True


@dataclass(frozen=True, slots=True)
class InvalidTransition(Problem):
    """An order, or a part of one, cannot go there from where it is."""

    code: ClassVar[str] = "INVALID_TRANSITION"

    current: str = ""
    allowed: tuple[str, ...] = ()
