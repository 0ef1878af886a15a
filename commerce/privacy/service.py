"""All that is held about a customer: handed out, and forgotten."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from commerce.audit.service import AuditService
from commerce.core.batches import in_batches
from commerce.core.clock import Clock
from commerce.core.db import UnitOfWork
from commerce.core.problems import Invalid, NotFound, Problem
from commerce.core.viewer import Viewer
from commerce.privacy.kinds import ErasureReason
from commerce.privacy.ports import ProvesPassword
from commerce.privacy.repository import HeldDataRepository
from commerce.privacy.rules import Retention, exported
from commerce.privacy.tables import HeldTable, meaning
from commerce.store.service import StoreService

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Erasure:
    customer_id: int
    erased_at: datetime


class PrivacyService:
    def __init__(
        self,
        uow: UnitOfWork,
        held: HeldDataRepository,
        proves_password: ProvesPassword,
        audit: AuditService,
        store: StoreService,
        retention: Retention,
        viewer: Viewer,
        clock: Clock,
    ) -> None:
        self._uow = uow
        self._held = held
        self._proves_password = proves_password
        self._audit = audit
        self._store = store
        self._retention = retention
        self._viewer = viewer
        self._clock = clock

    async def export(self, customer_id: int | None) -> Json | NotFound:
        """Everything held about a customer; None means the caller. One statement per table."""
        id_ = self._meant(customer_id)
        if await self._held.locked(id_) is None:
            return _nobody()
        await self._audit.note("customerDataExport", "Customer", id_)
        records = [await self._record(held, id_) for held in self._held.tables]
        return {
            "customerId": id_,
            "exportedAt": exported(self._clock()),
            "records": records,
        }

    async def erase(
        self, customer_id: int | None, password: str | None, reason: ErasureReason
    ) -> Erasure | Problem:
        """Forget a customer, in one transaction; None means the caller, who gives the password.

        Whoever is erased already is answered the same. Call it outside of transactions.
        """
        id_ = self._meant(customer_id)
        if id_ == self._viewer.customer_id:
            flaw = await self._wrong_password(id_, password)
            if flaw is not None:
                return flaw
        return await self._uow.transact(
            lambda: self._erase(id_, reason), keep=lambda done: not isinstance(done, Problem)
        )

    async def blank_kept(self) -> int:
        """Blank what was kept of the erased for the law, and has to be no more: how many rows."""
        since, blanked = await self._kept_since(), 0
        for held in self._held.tables:
            if held.kept_since is not None:
                blanked += await in_batches(partial(self._held.blank_kept, held, since))
        return blanked

    async def _kept_since(self) -> datetime | None:
        return self._retention.kept_since(self._clock(), await self._store.zone())

    async def _wrong_password(self, own: int, password: str | None) -> Problem | None:
        if password is None:
            return Invalid("Say your password, to show that it is you.", ("password",))
        return await self._proves_password(own, password)

    async def _erase(self, id_: int, reason: ErasureReason) -> Erasure | NotFound:
        found = await self._held.locked(id_)
        if found is None:
            return _nobody()
        if found.erased_at is not None:
            return Erasure(id_, found.erased_at)
        now = self._clock()
        await self._held.erase(id_, now, await self._kept_since())
        await self._audit.note("customerErase", "Customer", id_, reason=reason.value)
        return Erasure(id_, now)

    async def _record(self, held: HeldTable, id_: int) -> Json:
        rows = await self._held.rows(held, id_)
        return {
            "name": held.name,
            "columns": {column.name: meaning(column) for column in held.exported},
            "rows": [
                {name: exported(value) for name, value in row._mapping.items()} for row in rows
            ],
        }

    def _meant(self, customer_id: int | None) -> int:
        own = self._viewer.customer_id
        return customer_id if customer_id is not None else 0 if own is None else own


def _nobody() -> NotFound:
    return NotFound("There is no customer with this id.", ("id",))
