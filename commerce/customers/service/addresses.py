"""Address books: one's own, or anybody's for those who may write customers."""

from typing import Any, Final

from commerce.core.clock import Clock
from commerce.core.problems import Invalid, NotFound, Problem
from commerce.core.viewer import Scope, Viewer
from commerce.customers.repository.addresses import DEFAULTS, AddressRepository, AddressRow
from commerce.customers.rules.addresses import (
    BESIDE,
    ENTRY,
    FIELDS_STORED,
    MAX_ADDRESSES,
    PLACE,
    checked_entry,
)

NOT_FOUND: Final = NotFound("There is no CustomerAddress with this id.", ("id",))


class AddressService:
    def __init__(self, addresses: AddressRepository, clock: Clock, viewer: Viewer) -> None:
        self._addresses = addresses
        self._clock = clock
        self._viewer = viewer

    async def upsert(
        self, id_: int | None, customer_id: int | None, values: dict[str, Any]
    ) -> AddressRow | Problem:
        """Change the given parts of an address, or add one to a customer's book.

        Without `customer_id` it is the viewer's own. The whole address must be good afterwards.
        The first one becomes the default for both; the same one again is not added twice. Whether
        it was found to be right (`verified`), the shop's people alone say.
        """
        if "verified" in values and not self._viewer.may(Scope.WRITE_CUSTOMERS):
            return Invalid("Only the shop says whether an address is right.", ("verified",))
        if id_ is None:
            return await self._add(customer_id, values)
        owner = await self._addresses.lock_book_of(id_)
        if owner is None or customer_id not in (None, owner):
            return NOT_FOUND
        book = await self._addresses.in_book(owner)
        stored = next((row for row in book if row.id == id_), None)
        return NOT_FOUND if stored is None else await self._change(stored, values)

    async def delete(self, id_: int) -> int | Problem:
        """The id of what is gone; no other address takes its place as a default."""
        owner = await self._addresses.lock_book_of(id_)
        if owner is None:
            return NOT_FOUND
        await self._addresses.remove(id_)
        await self._addresses.touch(owner)
        return id_

    async def _add(self, customer_id: int | None, values: dict[str, Any]) -> AddressRow | Problem:
        owner = self._viewer.customer_id if customer_id is None else customer_id
        if owner is None:
            return Invalid("Say whose address book it is.", ("customer_id",))
        if not await self._addresses.lock_book(owner):
            return NotFound("There is no Customer with this id.", ("customer_id",))
        checked = checked_entry(values)
        if isinstance(checked, Invalid):
            return checked
        book = await self._addresses.in_book(owner)
        flags = {name: values.get(name, False) or not book for name in DEFAULTS}
        same = next((row for row in book if _same(row, checked)), None)
        if same is not None:
            told = {name: checked[name] for name in BESIDE if name in values}
            set_ = {name: True for name in DEFAULTS if flags[name]}
            return await self._write(same, told | set_ | self._verified(same, values))
        if len(book) >= MAX_ADDRESSES:
            return Invalid(f"An address book has at most {MAX_ADDRESSES} addresses.", ())
        await self._take_defaults(owner, flags)
        found = self._verified(None, values)
        added = await self._addresses.add({**checked, **flags, **found, "customer_id": owner})
        await self._addresses.touch(owner)
        return added

    async def _change(self, stored: AddressRow, values: dict[str, Any]) -> AddressRow | Problem:
        whole = {name: getattr(stored, name) for name in ENTRY} | values
        checked = checked_entry(whole)
        if isinstance(checked, Invalid):
            return checked
        flags = {name: values[name] for name in DEFAULTS if name in values}
        moved = any(checked[name] != getattr(stored, name) for name in PLACE)
        found = {"verified_at": None} if moved else {}
        found |= self._verified(None if moved else stored, values)
        return await self._write(stored, checked | flags | found)

    def _verified(self, stored: AddressRow | None, values: dict[str, Any]) -> dict[str, Any]:
        """When it was found to be right, if that is said; what was known before keeps its time."""
        if "verified" not in values:
            return {}
        before = None if stored is None else stored.verified_at
        return {"verified_at": (before or self._clock()) if values["verified"] else None}

    async def _write(self, stored: AddressRow, values: dict[str, Any]) -> AddressRow:
        changes = {name: new for name, new in values.items() if new != getattr(stored, name)}
        if not changes:
            return stored
        await self._take_defaults(stored.customer_id, changes)
        changed = await self._addresses.change(stored.id, changes)
        await self._addresses.touch(stored.customer_id)
        return changed

    async def _take_defaults(self, customer_id: int, flags: dict[str, Any]) -> None:
        for name in DEFAULTS:
            if flags.get(name):
                await self._addresses.unset_default(customer_id, name)


def _same(row: AddressRow, values: dict[str, Any]) -> bool:
    return all(getattr(row, name) == values[name] for name in FIELDS_STORED)
