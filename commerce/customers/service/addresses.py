"""Address books: one's own, or anybody's for those who may write customers."""

from typing import Any, Final

from commerce.core.problems import Invalid, NotFound, Problem
from commerce.core.viewer import Viewer
from commerce.customers.repository.addresses import DEFAULTS, AddressRepository, AddressRow
from commerce.customers.rules.addresses import FIELDS_STORED, MAX_ADDRESSES, checked_address

NOT_FOUND: Final = NotFound("There is no CustomerAddress with this id.", ("id",))


class AddressService:
    def __init__(self, addresses: AddressRepository, viewer: Viewer) -> None:
        self._addresses = addresses
        self._viewer = viewer

    async def upsert(
        self, id_: int | None, customer_id: int | None, values: dict[str, Any]
    ) -> AddressRow | Problem:
        """Change the given parts of an address, or add one to a customer's book.

        Without `customer_id` it is the viewer's own. The whole address must be good afterwards.
        The first one becomes the default for both; the same one again is not added twice.
        """
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
        checked = checked_address(values)
        if isinstance(checked, Invalid):
            return checked
        book = await self._addresses.in_book(owner)
        flags = {name: values.get(name, False) or not book for name in DEFAULTS}
        same = next((row for row in book if _same(row, checked)), None)
        if same is not None:
            return await self._write(same, {name: True for name in DEFAULTS if flags[name]})
        if len(book) >= MAX_ADDRESSES:
            return Invalid(f"An address book has at most {MAX_ADDRESSES} addresses.", ())
        await self._take_defaults(owner, flags)
        added = await self._addresses.add({**checked, **flags, "customer_id": owner})
        await self._addresses.touch(owner)
        return added

    async def _change(self, stored: AddressRow, values: dict[str, Any]) -> AddressRow | Problem:
        whole = {name: getattr(stored, name) for name in FIELDS_STORED} | values
        checked = checked_address(whole)
        if isinstance(checked, Invalid):
            return checked
        flags = {name: values[name] for name in DEFAULTS if name in values}
        return await self._write(stored, checked | flags)

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
