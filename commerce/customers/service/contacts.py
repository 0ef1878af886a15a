"""Keeping other ways to reach a customer. One of each kind can be the default."""

from collections.abc import Sequence
from typing import Any, Final

from commerce.core.problems import Invalid, NotFound, Problem
from commerce.customers.repository.contacts import ContactRepository, ContactRow
from commerce.customers.repository.customers import CustomerRepository
from commerce.customers.rules.contacts import MAX_CONTACTS, NEW, checked_contact

MISSING: Final = NotFound("There is no CustomerContact with this id.", ("id",))


class ContactService:
    """Each change locks the customer first: two of them cannot both name a default."""

    def __init__(self, customers: CustomerRepository, contacts: ContactRepository) -> None:
        self._customers = customers
        self._contacts = contacts

    async def upsert(
        self, id_: int | None, customer_id: int | None, values: dict[str, Any]
    ) -> ContactRow | Problem:
        """Change the given parts of a contact, or add one to a customer.

        The same kind and value again is the same contact.
        """
        if id_ is None:
            return await self._put(customer_id, values)
        owner = await self._contacts.owner_of(id_)
        if owner is None or customer_id not in (None, owner):
            return MISSING
        await self._customers.to_change(owner)
        stored = next(
            (row for row in await self._contacts.of_customer(owner) if row.id == id_), None
        )
        return MISSING if stored is None else await self._change(stored, values)

    async def _put(self, customer_id: int | None, values: dict[str, Any]) -> ContactRow | Problem:
        if customer_id is None:
            return Invalid("Say whose contact it is.", ("customer_id",))
        if await self._customers.to_change(customer_id) is None:
            return NotFound("There is no Customer with this id.", ("customer_id",))
        return await self._add(customer_id, await self._contacts.of_customer(customer_id), values)

    async def _add(
        self, owner: int, known: Sequence[ContactRow], values: dict[str, Any]
    ) -> ContactRow | Problem:
        checked = checked_contact({**NEW, **values})
        if isinstance(checked, Invalid):
            return checked
        same = next((row for row in known if _is(row, checked)), None)
        if same is not None:
            return await self._change(same, values)
        if len(known) >= MAX_CONTACTS:
            return Invalid(f"A customer has at most {MAX_CONTACTS} contacts.", ())
        await self._make_room(owner, checked)
        return await self._contacts.add({**checked, "customer_id": owner})

    async def _change(self, stored: ContactRow, values: dict[str, Any]) -> ContactRow | Problem:
        checked = checked_contact({name: getattr(stored, name) for name in NEW} | values)
        if isinstance(checked, Invalid):
            return checked
        changes = {name: new for name, new in checked.items() if new != getattr(stored, name)}
        if not changes:
            return stored
        await self._make_room(stored.customer_id, checked)
        return await self._contacts.change(stored.id, changes)

    async def _make_room(self, customer_id: int, whole: dict[str, Any]) -> None:
        if whole["is_default"]:
            await self._contacts.unset_default(customer_id, whole["kind"])

    async def delete(self, id_: int) -> int | Problem:
        """The id of what is gone; no other contact takes its place as a default."""
        owner = await self._contacts.owner_of(id_)
        if owner is None:
            return MISSING
        await self._contacts.remove(id_)
        return id_


def _is(row: ContactRow, values: dict[str, Any]) -> bool:
    return row.kind is values["kind"] and row.value == values["value"]
