"""Reading and changing shipping methods."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from commerce.core.paging import Count, Page, PageArgs
from commerce.core.problems import Invalid, NotFound, Problem, version_conflict
from commerce.core.text import slug_flaw, slug_of, text_flaw
from commerce.shipping.kinds import ShippingKind
from commerce.shipping.repository.methods import MethodRepository, MethodRow
from commerce.shipping.rules.methods import MAX_NAME, checked_method, method_flaw
from commerce.shipping.rules.prices import checked_prices
from commerce.store.service import StoreService

MISSING: Final = NotFound("There is no shipping method with this id.", ("id",))
NO_PRICES: Final = Invalid("Say what it costs.", ("prices",))
Prices = Sequence[Mapping[str, Any]]


class MethodService:
    def __init__(self, methods: MethodRepository, store: StoreService) -> None:
        self._methods = methods
        self._store = store

    async def page(self, args: PageArgs) -> Page[MethodRow]:
        return await self._methods.page(args)

    async def count(self, limit: int | None) -> Count:
        return await self._methods.count(limit)

    async def upsert(
        self,
        id_: int | None,
        values: dict[str, Any],
        prices: Prices | None,
        expected_version: int | None = None,
    ) -> MethodRow | Problem:
        """Add a method, or change the one with this id or, without an id, with this external id or,
        without that too, with this code. Only the given values are written; `prices` None keeps
        what it costs.
        """
        code = slug_of(values.get("name") or "") if id_ is None else ""
        cleaned = checked_method({"code": code, **values} if code else values)
        if isinstance(cleaned, Invalid):
            return cleaned
        stored = await self._methods.to_change(id_, cleaned)
        if stored is None and id_ is not None:
            return MISSING
        if stored is not None and "code" not in values:
            cleaned.pop("code", None)
        kind = cleaned.get("kind", ShippingKind.FLAT if stored is None else stored.kind)
        wanted = await self._checked(prices, kind)
        if isinstance(wanted, Invalid):
            return wanted
        missing = await self._methods.missing(cleaned)
        if missing is not None:
            return missing
        if stored is None:
            return await self._add(cleaned, wanted)
        return await self._change(stored, cleaned, wanted, expected_version)

    async def delete(self, id_: int, expected_version: int | None = None) -> Problem | None:
        stored = await self._methods.to_change(id_, {})
        if stored is None:
            return MISSING
        conflict = version_conflict("method", stored.version, expected_version)
        if conflict is None:
            await self._methods.remove(id_)
        return conflict

    async def _checked(
        self, prices: Prices | None, kind: ShippingKind
    ) -> list[dict[str, Any]] | Invalid | None:
        if prices is None:
            return None
        return checked_prices(prices, (await self._store.settings()).currency, kind)

    async def _add(
        self, values: dict[str, Any], prices: list[dict[str, Any]] | None
    ) -> MethodRow | Problem:
        flaw = (
            text_flaw(values.get("name", ""), MAX_NAME, "name")
            or slug_flaw(values.get("code", ""), "code")
            or method_flaw(values)
        )
        if flaw is not None or prices is None:
            return flaw or NO_PRICES
        added = await self._methods.add(values)
        if not isinstance(added, Problem):
            await self._methods.price(added.id, prices)
        return added

    async def _change(
        self,
        stored: MethodRow,
        values: dict[str, Any],
        prices: list[dict[str, Any]] | None,
        expected_version: int | None,
    ) -> MethodRow | Problem:
        conflict = version_conflict("method", stored.version, expected_version)
        if conflict is not None:
            return conflict
        changes = {name: new for name, new in values.items() if new != getattr(stored, name)}
        if changes.get("kind") is ShippingKind.TABLE and prices is None:
            return NO_PRICES
        flaw = method_flaw({**stored._mapping, **changes})
        if flaw is not None:
            return flaw
        priced = prices is not None and prices != await self._prices(stored.id)
        if not changes and not priced:
            return stored
        changed = await self._methods.change(stored.id, changes)
        if priced and not isinstance(changed, Problem):
            await self._methods.price(stored.id, prices or [])
        return changed

    async def _prices(self, id_: int) -> list[dict[str, Any]]:
        rows = (await self._methods.prices_by_method([id_])).get(id_, ())
        return [
            {name: value for name, value in row._mapping.items() if name != "method_id"}
            for row in rows
        ]
