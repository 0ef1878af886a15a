"""The words of payments as GraphQL enums; types import them from here, so that they are."""

from commerce.payments.kinds import (
    AttemptKind,
    AttemptState,
    CaptureMode,
    MethodKind,
    PaymentState,
    TransactionKind,
)
from resolvers.enums import described

described(
    MethodKind,
    "How a buyer pays with a method.",
    called="PaymentMethodKind",
    CARD="With a card, or whatever else the provider's form takes.",
    BANK_TRANSFER="By bank transfer.",
    CASH_ON_DELIVERY="To whoever brings the goods.",
    PAY_AT_PICKUP="When fetching the goods.",
    INVOICE="After an invoice.",
    OTHER="Some other way.",
)
described(
    CaptureMode,
    "When money is taken.",
    AT_ONCE="When the order is placed.",
    LATER="It is set aside when the order is placed, and captured later.",
)
described(
    PaymentState,
    "What a payment's sums come to.",
    PENDING="No money is set aside, and none was taken.",
    AUTHORIZED="Money is set aside.",
    PARTIALLY_CAPTURED="Some of the money set aside was taken.",
    CAPTURED="The money was taken.",
    PARTIALLY_REFUNDED="Some of the money was given back.",
    REFUNDED="All of the money was given back.",
    VOIDED="What was set aside was let go; no money will come.",
)
described(
    AttemptKind,
    "What a provider is asked for.",
    called="PaymentAttemptKind",
    AUTHORIZE="To set money aside.",
    CHARGE="To take money at once.",
    CAPTURE="To take what was set aside.",
    VOID="To let go of what was set aside.",
    REFUND="To give money back.",
)
described(
    AttemptState,
    "What has come of it.",
    called="PaymentAttemptState",
    PENDING="There is no answer yet.",
    ACTION_REQUIRED="The buyer has to confirm it.",
    SUCCEEDED="The money moved.",
    FAILED="No money moved.",
)
described(
    TransactionKind,
    "What moved.",
    AUTHORIZATION="Money was set aside.",
    CAPTURE="Money was taken.",
    VOID="Money that was set aside was let go.",
    REFUND="Money was given back; a negative amount came back from the bank.",
)

__all__ = [
    "AttemptKind",
    "AttemptState",
    "CaptureMode",
    "MethodKind",
    "PaymentState",
    "TransactionKind",
]
