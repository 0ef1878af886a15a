"""Expected failures of payments."""

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from commerce.core.problems import Problem


@dataclass(frozen=True, slots=True)
class AmountTooLarge(Problem):
    """More was to be captured, voided or refunded than there is; `available` is what there is."""

    code: ClassVar[str] = "AMOUNT_TOO_LARGE"

    available: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class AmountNotPayable(Problem):
    """The provider of a payment method can never take just so much; another one may."""

    code: ClassVar[str] = "AMOUNT_NOT_PAYABLE"


@dataclass(frozen=True, slots=True)
class PaymentKeyConflict(Problem):
    """The key was used before, for another amount."""

    code: ClassVar[str] = "IDEMPOTENCY_CONFLICT"


@dataclass(frozen=True, slots=True)
class CardNumberRefused(Problem):
    """The numbers of cards belong to the provider's own form; nothing here may hold them."""

    code: ClassVar[str] = "CARD_NUMBER_REFUSED"
