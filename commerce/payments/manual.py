"""The provider of everything that is paid outside: nobody is asked, people write it down."""

from collections.abc import Mapping
from decimal import Decimal

from commerce.payments.kinds import OFFLINE
from commerce.payments.ports import EventRefusedError, Outcome, ProviderCall, ProviderEvent


class ManualPayments:
    """Bank transfer, cash on delivery, payment at pickup, invoice."""

    name = OFFLINE

    def takes(self, amount: Decimal, currency: str) -> bool:
        return True

    async def authorize(self, call: ProviderCall) -> Outcome:
        return Outcome.unknown()

    async def charge(self, call: ProviderCall) -> Outcome:
        return Outcome.unknown()

    async def capture(self, call: ProviderCall) -> Outcome:
        return _by_hand()

    async def void(self, call: ProviderCall) -> Outcome:
        return _by_hand()

    async def refund(self, call: ProviderCall) -> Outcome:
        return _by_hand()

    async def look_up(self, call: ProviderCall) -> Outcome:
        return Outcome.unknown()

    async def abandon(self, call: ProviderCall) -> Outcome:
        return Outcome.failed("voided", closed=True)

    def read_event(self, headers: Mapping[str, str], body: bytes) -> ProviderEvent | None:
        raise EventRefusedError("nobody reports offline payments")

    async def close(self) -> None:
        pass


def _by_hand() -> Outcome:
    return Outcome.failed("by_hand", "This payment is recorded by hand.")
