"""The kinds of things payments are made of."""

from enum import Enum
from typing import Final

# Where no other system is asked: money comes some other way and is written down by people.
OFFLINE: Final = "manual"


class MethodKind(Enum):
    """How a buyer pays with a method."""

    CARD = "card"
    BANK_TRANSFER = "bank_transfer"
    CASH_ON_DELIVERY = "cash_on_delivery"
    PAY_AT_PICKUP = "pay_at_pickup"
    INVOICE = "invoice"
    OTHER = "other"


class CaptureMode(Enum):
    AT_ONCE = "at_once"
    LATER = "later"


class AttemptKind(Enum):
    """What a provider is asked for. The first two open a payment."""

    AUTHORIZE = "authorize"
    CHARGE = "charge"
    CAPTURE = "capture"
    VOID = "void"
    REFUND = "refund"


class AttemptState(Enum):
    PENDING = "pending"
    ACTION_REQUIRED = "action_required"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


class TransactionKind(Enum):
    """What moved."""

    AUTHORIZATION = "authorization"
    CAPTURE = "capture"
    VOID = "void"
    REFUND = "refund"


class PaymentState(Enum):
    """What a payment's sums come to."""

    PENDING = "pending"
    AUTHORIZED = "authorized"
    PARTIALLY_CAPTURED = "partially_captured"
    CAPTURED = "captured"
    PARTIALLY_REFUNDED = "partially_refunded"
    REFUNDED = "refunded"
    VOIDED = "voided"


OPENING: Final = (AttemptKind.AUTHORIZE, AttemptKind.CHARGE)
IN_FLIGHT: Final = (AttemptState.PENDING, AttemptState.ACTION_REQUIRED)
