"""Price lists and the prices in them."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Row

from commerce.core.paging import Count, Page, PageArgs
from commerce.core.problems import Invalid, NotFound, Problem, Taken, version_conflict
from commerce.core.text import slug_flaw, slug_of, text_flaw
from commerce.pricing.repository.lists import PriceListRepository, PriceListRow
from commerce.pricing.repository.prices import PriceRepository
from commerce.pricing.rules.prices import PriceEntry, entries_flaw, list_flaw

MAX_NAME: Final = 200
DEFAULT_CODE: Final = "default"
# What a list is when nothing else is said, for the rules; the database has the same defaults.
NEW_LIST: Final = {"is_default": False, "active": True}


class PriceService:
    def __init__(self, lists: PriceListRepository, prices: PriceRepository) -> None:
        self._lists = lists
        self._prices = prices

    async def lists(self, args: PageArgs) -> Page[PriceListRow]:
        return await self._lists.page(args)

    async def count_lists(self, limit: int | None) -> Count:
        return await self._lists.count(limit)

    async def set_prices(
        self, entries: Sequence[PriceEntry], price_list_id: int | None = None
    ) -> list[Row[Any]] | Problem:
        """Write prices into a list (None: the default one); answers the rows as they are now.

        Rows that are the same already are not touched. Either all are written or, when any of them
        cannot be, none. Five statements, however many there are.
        """
        price_list = await self._lists.to_write_into(price_list_id)
        if price_list is None:
            return NotFound("There is no such price list.", ("price_list_id",))
        flaw = entries_flaw(entries, price_list.currency) or await self._unknown(entries)
        if flaw is not None:
            return flaw
        return await self._write(price_list.id, entries)

    async def _write(self, list_id: int, entries: Sequence[PriceEntry]) -> list[Row[Any]]:
        removed = [_slot(entry) for entry in entries if entry.amount is None]
        written = [entry for entry in entries if entry.amount is not None]
        if removed:
            await self._prices.remove(list_id, removed)
        if not written:
            return []
        await self._prices.write(list_id, written)
        stored = await self._prices.by_slots(list_id, [_slot(entry) for entry in written])
        return [stored[_slot(entry)] for entry in written]

    async def _unknown(self, entries: Sequence[PriceEntry]) -> NotFound | None:
        unknown = await self._prices.unknown_variants({entry.variant_id for entry in entries})
        for place, entry in enumerate(entries):
            if entry.variant_id in unknown:
                return NotFound(
                    "There is no variant with this id.", ("prices", str(place), "variant_id")
                )
        return None

    async def ensure_default_list(self, currency: str) -> PriceListRow:
        """The default list; one in `currency` is made when there is none yet.

        Safe to call from several processes at once: the database lets one of them add it.
        """
        for code in (DEFAULT_CODE, f"{DEFAULT_CODE}-{currency.lower()}"):
            found = await self._lists.default()
            if found is not None:
                return found
            values = {"code": code, "name": "Default", "currency": currency, "is_default": True}
            added = await self._lists.add(values)
            if added is not None and not isinstance(added, Problem):
                return added
        found = await self._lists.default()
        if found is None:
            raise RuntimeError(f"other price lists have the codes {DEFAULT_CODE} and {code}")
        return found

    async def upsert(
        self, id_: int | None, values: dict[str, Any], expected_version: int | None = None
    ) -> PriceListRow | Problem:
        """Add a list, or change the one with this id or, without an id, with this code.

        Only the given values are written. Making a list the default one takes that from another.
        """
        cleaned = dict(values)
        if id_ is None and not cleaned.get("code"):
            cleaned["code"] = slug_of(cleaned.get("name") or "")
        if cleaned.get("is_default"):
            await self._lists.lock_default()
        stored = await self._lists.to_change(id_, cleaned.get("code"))
        if stored is None:
            return await self._add(id_, cleaned)
        return await self._change(stored, cleaned, expected_version)

    async def _add(self, id_: int | None, values: dict[str, Any]) -> PriceListRow | Problem:
        if id_ is not None:
            return NotFound("There is no price list with this id.", ("id",))
        flaw = _text_flaw({"name": "", "code": "", **values}) or list_flaw({**NEW_LIST, **values})
        if flaw is not None:
            return flaw
        if values.get("is_default"):
            await self._lists.unset_default()
        added = await self._lists.add(values)
        return Taken("Another price list has this code.", ("code",)) if added is None else added

    async def _change(
        self, stored: PriceListRow, values: dict[str, Any], expected_version: int | None
    ) -> PriceListRow | Problem:
        changes = {name: new for name, new in values.items() if new != getattr(stored, name)}
        conflict = version_conflict("price list", stored.version, expected_version)
        if conflict is not None:
            return conflict
        flaw = await self._change_flaw(stored, changes)
        if flaw is not None or not changes:
            return stored if flaw is None else flaw
        if changes.get("is_default"):
            await self._lists.unset_default()
        return await self._lists.change(stored.id, changes)

    async def _change_flaw(self, stored: PriceListRow, changes: dict[str, Any]) -> Invalid | None:
        if changes.get("is_default") is False:
            return Invalid("Make another list the default one instead.", ("is_default",))
        flaw = _text_flaw(changes) or list_flaw({**stored._mapping, **changes})
        if flaw is None and "currency" in changes and await self._lists.has_prices(stored.id):
            return Invalid(
                "The currency of a list that has prices cannot be changed.", ("currency_code",)
            )
        return flaw


def _slot(entry: PriceEntry) -> tuple[int, int]:
    return entry.variant_id, entry.min_quantity


def _text_flaw(values: dict[str, Any]) -> Invalid | None:
    """Of those among `values` that are texts."""
    if "name" in values:
        flaw = text_flaw(values["name"], MAX_NAME, "name")
        if flaw is not None:
            return flaw
    return slug_flaw(values["code"], "code") if "code" in values else None
