"""From what is stored of an attempt to what its provider is asked."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from commerce.payments.ports import ProviderCall
from commerce.payments.repository.attempts import AttemptRow

NO_DATA: Final[Mapping[str, Any]] = MappingProxyType({})


def call_of(attempt: AttemptRow, data: Mapping[str, Any] = NO_DATA) -> ProviderCall:
    """`data` is what the buyer pays with, which is not stored: only the first call has it."""
    return ProviderCall(
        provider=attempt.provider,
        kind=attempt.kind,
        state=attempt.state,
        key=attempt.provider_key,
        amount=attempt.amount,
        currency=attempt.currency,
        created_at=attempt.created_at,
        payment_reference=attempt.payment_reference,
        provider_reference=attempt.provider_reference,
        by_client=attempt.by_client,
        data=data,
    )
