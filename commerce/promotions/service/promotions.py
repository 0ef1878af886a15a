"""Reading and changing promotions."""

from collections.abc import Mapping
from typing import Any, Final

from commerce.core.clock import Clock
from commerce.core.criteria import check_leaves
from commerce.core.paging import Count, Page, PageArgs
from commerce.core.problems import NotFound, Problem, version_conflict
from commerce.promotions.criteria import PromotionWhere
from commerce.promotions.repository.promotions import PromotionRepository, PromotionRow
from commerce.promotions.rules.changes import USUAL, Values, chosen_in, columns_of, whole_of
from commerce.promotions.rules.checks import has_amounts, promotion_flaw
from commerce.promotions.rules.spans import day_flaw, end_of, start_of
from commerce.store.service import StoreService

MISSING: Final = NotFound("There is no promotion with this id.", ("id",))


class PromotionService:
    def __init__(self, promotions: PromotionRepository, store: StoreService, clock: Clock) -> None:
        self._promotions = promotions
        self._store = store
        self._clock = clock

    async def by_external_id(self, external_id: str) -> PromotionRow | None:
        check_leaves(external_id)
        return await self._promotions.by_external_id(external_id)

    async def page(self, where: PromotionWhere, args: PageArgs) -> Page[PromotionRow]:
        check_leaves(where)
        return await self._promotions.page(where, args)

    async def count(self, where: PromotionWhere, limit: int | None) -> Count:
        check_leaves(where)
        return await self._promotions.count(where, limit)

    async def add(self, values: Values) -> PromotionRow | Problem:
        """Add a promotion; what is not given is as usual.

        `value`, `target` and `conditions` are those of the calculation. `first_day` and `last_day`
        are days of the shop, in place of `starts_at` and `ends_at`.
        """
        given = await self._timed(values)
        if isinstance(given, Problem):
            return given
        whole = await self._with_currency(whole_of(USUAL, given))
        flaw = promotion_flaw(whole) or await self._missing(given)
        return flaw or await self._promotions.add(columns_of(whole))

    async def change(
        self, id_: int, values: Values, expected_version: int | None = None
    ) -> PromotionRow | Problem:
        """Write the given values; what was used and claimed stays."""
        given = await self._timed(values)
        if isinstance(given, Problem):
            return given
        stored = await self._to_change(id_, expected_version)
        if isinstance(stored, Problem):
            return stored
        whole = await self._with_currency(whole_of(stored._asdict(), given))
        flaw = promotion_flaw(whole) or await self._missing(given)
        if flaw is not None:
            return flaw
        written = columns_of(whole)
        changes = {name: new for name, new in written.items() if new != getattr(stored, name)}
        return await self._promotions.change(id_, changes) if changes else stored

    async def archive(self, id_: int, expected_version: int | None = None) -> int | Problem:
        """Have it give nothing more, nor its coupons; orders that used it keep what it was."""
        stored = await self._to_change(id_, expected_version)
        if isinstance(stored, Problem):
            return stored
        if stored.archived_at is None:
            await self._promotions.change(id_, {"archived_at": self._clock()})
        return id_

    async def _to_change(self, id_: int, expected_version: int | None) -> PromotionRow | Problem:
        stored = await self._promotions.to_change(id_)
        if stored is None:
            return MISSING
        return version_conflict("promotion", stored.version, expected_version) or stored

    async def _timed(self, values: Values) -> Values | Problem:
        """With moments in the place of days."""
        given = dict(values)
        for name, column, moment_of in (
            ("first_day", "starts_at", start_of),
            ("last_day", "ends_at", end_of),
        ):
            if name not in given:
                continue
            day = given.pop(name)
            flaw = day_flaw(day, name)
            if flaw is not None:
                return flaw
            given[column] = None if day is None else moment_of(day, await self._store.zone())
        return given

    async def _with_currency(self, whole: Mapping[str, Any]) -> Values:
        """Amounts are in the store's currency unless it is said otherwise."""
        if not has_amounts(whole):
            return {**whole, "currency": None}
        return {**whole, "currency": whole["currency"] or (await self._store.settings()).currency}

    async def _missing(self, given: Values) -> NotFound | None:
        """Of what is chosen anew all must be there."""
        chosen = chosen_in(given)
        ids = {choice.kind: set[int]() for choice in chosen}
        for choice in chosen:
            ids[choice.kind] |= choice.ids
        gone = await self._promotions.missing(ids)
        if gone is None:
            return None
        kind, id_ = gone
        path = next(one.path for one in chosen if one.kind == kind and id_ in one.ids)
        return NotFound(f"There is no {kind} with the number {id_}.", path)
