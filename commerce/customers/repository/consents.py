"""What customers agreed to: a ledger, and its last line beside the customer."""

from collections.abc import Collection as Keys
from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Row, Select, func, insert, select, update
from sqlmodel import col

from commerce.core.columns import columns_of
from commerce.core.db import UnitOfWork
from commerce.core.keyset import SortKey, counted_by, counts_of, paged_by, pages_of
from commerce.core.paging import Count, Page, PageArgs
from commerce.core.viewer import Viewer
from commerce.customers.kinds import MarketingChannel
from commerce.customers.models import Customer, MarketingConsent
from commerce.customers.repository import shown
from commerce.customers.rules.events import changed_customer, said
from commerce.customers.visibility import visible_customers

ConsentRow = Row[Any]
CustomerRow = Row[Any]

COLUMNS = tuple(columns_of(MarketingConsent))
NEWEST = (SortKey(col(MarketingConsent.id), descending=True),)
# The column of the customer that holds the last word on each channel.
FLAGS: Final = {MarketingChannel.EMAIL: "accepts_email", MarketingChannel.SMS: "accepts_sms"}


class ConsentRepository:
    def __init__(self, uow: UnitOfWork, viewer: Viewer) -> None:
        self._uow = uow
        self._viewer = viewer

    async def pages_by_customer(
        self, ids: Keys[int], args: PageArgs
    ) -> dict[int, Page[ConsentRow]]:
        """The newest first."""
        statement = paged_by(ids, col(MarketingConsent.customer_id), self._visible(), NEWEST, args)
        return pages_of(await self._uow.rows(statement), ids, len(NEWEST), args)

    async def counts_by_customer(self, ids: Keys[int], limit: int | None) -> dict[int, Count]:
        statement = counted_by(ids, col(MarketingConsent.customer_id), self._visible(), limit)
        return counts_of(await self._uow.rows(statement), limit)

    async def note(
        self, customer_id: int, words: dict[MarketingChannel, bool], source: str
    ) -> None:
        """Add lines to the ledger of a customer that is locked."""
        lines = [(customer_id, channel, granted) for channel, granted in words.items()]
        await self.note_all(lines, source)

    async def note_all(
        self, lines: Sequence[tuple[int, MarketingChannel, bool]], source: str
    ) -> None:
        """The same for several customers."""
        names = ("customer_id", "channel", "granted")
        rows = [{**dict(zip(names, line, strict=True)), "source": source} for line in lines]
        await self._uow.change(insert(MarketingConsent).values(rows))
        for line in lines:
            self._uow.record(said(*line))

    async def show(self, customer_id: int, channel: MarketingChannel, granted: bool) -> CustomerRow:
        """Write beside the customer, who is locked, what the ledger says last."""
        flag = {FLAGS[channel]: granted}
        statement = (
            update(Customer)
            .where(col(Customer.id) == customer_id)
            .values(**flag, version=col(Customer.version) + 1, updated_at=func.now())
            .returning(*shown.CUSTOMER)
        )
        changed = (await self._uow.rows(statement))[0]
        self._uow.record(changed_customer(customer_id, flag))
        return changed

    def _visible(self) -> Select[Any]:
        owner = col(MarketingConsent.customer_id)
        return select(*COLUMNS).where(visible_customers(self._viewer, owner))
