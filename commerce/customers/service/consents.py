"""What a customer agrees to: marketing by mail or text message."""

from collections.abc import Iterable, Iterator
from typing import Any, Final

from commerce.core.problems import Invalid, NotFound, Problem
from commerce.core.text import words_flaw
from commerce.core.viewer import Viewer
from commerce.customers.kinds import MarketingChannel
from commerce.customers.repository.consents import FLAGS, ConsentRepository
from commerce.customers.repository.customers import CustomerRepository, CustomerRow

MAX_SOURCE: Final = 200
OF_THE_SHOP: Final = "shop"
OF_THE_CUSTOMER: Final = "storefront"


class ConsentService:
    def __init__(
        self, viewer: Viewer, customers: CustomerRepository, consents: ConsentRepository
    ) -> None:
        self._viewer = viewer
        self._customers = customers
        self._consents = consents

    async def set(
        self,
        customer_id: int | None,
        channel: MarketingChannel,
        granted: bool,
        source: str | None = None,
    ) -> CustomerRow | Problem:
        """A customer's last word on a channel; without an id the viewer's own.

        What is so already is not written again.
        """
        own = self._viewer.customer_id
        owner = own if customer_id is None else customer_id
        if owner is None:
            return Invalid("Say whose consent it is.", ("customer_id",))
        told = source or (OF_THE_SHOP if own is None else OF_THE_CUSTOMER)
        flaw = words_flaw(told, MAX_SOURCE, "source")
        if flaw is not None:
            return flaw
        stored = await self._customers.to_change(owner)
        if stored is None:
            return NotFound("There is no Customer with this id.", ("customer_id",))
        if getattr(stored, FLAGS[channel]) is granted:
            return stored
        await self._consents.note(owner, {channel: granted}, told)
        return await self._consents.show(owner, channel, granted)

    async def note_changes(
        self, customer_id: int, stored: CustomerRow | None, columns: dict[str, Any]
    ) -> None:
        """Add to the ledger what `columns` say anew of a customer that is locked."""
        await self.note_all_changes([(customer_id, stored, columns)])

    async def note_all_changes(
        self, changes: Iterable[tuple[int, CustomerRow | None, dict[str, Any]]]
    ) -> None:
        """The same for several customers, in one statement."""
        lines = [
            (id_, channel, granted)
            for id_, stored, columns in changes
            for channel, granted in _said(stored, columns)
        ]
        if lines:
            await self._consents.note_all(lines, OF_THE_SHOP)


def _said(
    stored: CustomerRow | None, columns: dict[str, Any]
) -> Iterator[tuple[MarketingChannel, bool]]:
    """What is another word than before."""
    for channel, name in FLAGS.items():
        word = columns.get(name)
        if word is not None and (stored is None or getattr(stored, name) is not word):
            yield channel, word
