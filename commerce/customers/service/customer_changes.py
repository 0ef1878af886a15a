"""What the shop's people do to customers."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from commerce.core.clock import Clock
from commerce.core.problems import Invalid, NotFound, Problem, version_conflict
from commerce.customers.kinds import GENERAL_GROUP
from commerce.customers.repository.contacts import ContactRepository
from commerce.customers.repository.customers import CustomerRepository, CustomerRow
from commerce.customers.rules.contacts import checked_contacts
from commerce.customers.rules.customers import checked_customer
from commerce.customers.rules.extra_fields import ExtraValue, filled
from commerce.customers.service.consents import ConsentService
from commerce.customers.service.extra_fields import ExtraFieldService
from commerce.identity.kinds import Audience, Holder
from commerce.identity.service.sessions import SessionService

MISSING: Final = NotFound("There is no Customer with this id.", ("id",))


class CustomerChangeService:
    def __init__(
        self,
        customers: CustomerRepository,
        contacts: ContactRepository,
        fields: ExtraFieldService,
        consents: ConsentService,
        clock: Clock,
    ) -> None:
        self._customers = customers
        self._contacts = contacts
        self._fields = fields
        self._consents = consents
        self._clock = clock

    async def create(
        self,
        values: dict[str, Any],
        extra: Sequence[ExtraValue] = (),
        contacts: Sequence[Mapping[str, Any]] = (),
    ) -> CustomerRow | Problem:
        """A customer without a password, who gets one by resetting it."""
        reached = checked_contacts(contacts)
        if isinstance(reached, Invalid):
            return reached
        columns = await self._columns(values, {}, extra)
        if isinstance(columns, Problem):
            return columns
        added = await self._customers.add(columns)
        if isinstance(added, Problem):
            return added
        await self._consents.note_changes(added.id, None, columns)
        if reached:
            await self._contacts.add_all(added.id, reached)
        return added

    async def update(
        self,
        id_: int,
        values: dict[str, Any],
        extra: Sequence[ExtraValue] = (),
        expected_version: int | None = None,
    ) -> CustomerRow | Problem:
        """Write the given values. Another e-mail address is one that nobody has proven yet."""
        stored = await self._customers.to_change(id_)
        if stored is None:
            return MISSING
        conflict = version_conflict("customer", stored.version, expected_version)
        if conflict is not None:
            return conflict
        columns = await self._columns(values, stored.extra_fields, extra)
        if isinstance(columns, Problem):
            return columns
        changes = {name: new for name, new in columns.items() if new != getattr(stored, name)}
        if not changes:
            return stored
        if "email" in changes and changes["email"].lower() != (stored.email or "").lower():
            changes["email_verified_at"] = None
        changed = await self._customers.change(stored, changes)
        if not isinstance(changed, Problem):
            await self._consents.note_changes(id_, stored, changes)
        return changed

    async def _columns(
        self, values: dict[str, Any], stored: dict[str, str], extra: Sequence[ExtraValue]
    ) -> dict[str, Any] | Problem:
        columns = checked_customer(values, self._clock().date())
        if isinstance(columns, Problem):
            return columns
        if columns.get("group_id", GENERAL_GROUP) is None:
            columns["group_id"] = GENERAL_GROUP
        if extra:
            held = filled(await self._fields.by_key(), stored, extra)
            if isinstance(held, Problem):
                return held
            columns["extra_fields"] = held
        return columns


class CustomerBlockService:
    def __init__(
        self, customers: CustomerRepository, sessions: SessionService, clock: Clock
    ) -> None:
        self._customers = customers
        self._sessions = sessions
        self._clock = clock

    async def block(self, id_: int) -> CustomerRow | Problem:
        """Keep a customer from signing in, and end its sessions."""
        stored = await self._customers.to_change(id_)
        if stored is None:
            return MISSING
        await self._sessions.revoke_all(Holder(Audience.STOREFRONT, id_))
        if stored.blocked_at is not None:
            return stored
        return await self._customers.change(stored, {"blocked_at": self._clock()})

    async def unblock(self, id_: int) -> CustomerRow | Problem:
        stored = await self._customers.to_change(id_)
        if stored is None or stored.blocked_at is None:
            return MISSING if stored is None else stored
        return await self._customers.change(stored, {"blocked_at": None})
