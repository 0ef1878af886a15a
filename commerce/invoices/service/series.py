"""Reading and changing series of numbers."""

from typing import Any, Final

from commerce.core.paging import Count, Page, PageArgs
from commerce.core.problems import NotFound, Problem, version_conflict
from commerce.core.text import text_flaw
from commerce.invoices.kinds import InvoiceKind
from commerce.invoices.repository.series import SeriesRepository, SeriesRow
from commerce.invoices.rules.series import change_flaw, series_flaw

MISSING: Final = NotFound("There is no series with this id.", ("id",))
MAX_CODE: Final = 100


class InvoiceSeriesService:
    def __init__(self, series: SeriesRepository) -> None:
        self._series = series

    async def page(self, args: PageArgs) -> Page[SeriesRow]:
        return await self._series.page(args)

    async def count(self, limit: int | None) -> Count:
        return await self._series.count(limit)

    async def upsert(
        self, id_: int | None, values: dict[str, Any], expected_version: int | None = None
    ) -> SeriesRow | Problem:
        """Add a series, or change the one with this id or, without an id, with this code. Only the
        given values are written.
        """
        flaw = series_flaw(values)
        if flaw is not None:
            return flaw
        stored = await self._series.to_change(id_, values.get("code"))
        if stored is not None:
            return await self._change(stored, values, expected_version)
        return MISSING if id_ is not None else await self._add(values)

    async def _add(self, values: dict[str, Any]) -> SeriesRow | Problem:
        flaw = text_flaw(values.get("code", ""), MAX_CODE, "code")
        if flaw is not None:
            return flaw
        if values.get("is_default"):
            await self._series.no_default(values.get("kind", InvoiceKind.INVOICE))
        return await self._series.add(values)

    async def _change(
        self, stored: SeriesRow, values: dict[str, Any], expected_version: int | None
    ) -> SeriesRow | Problem:
        conflict = version_conflict("series", stored.version, expected_version)
        if conflict is not None:
            return conflict
        changes = {name: new for name, new in values.items() if new != getattr(stored, name)}
        flaw = change_flaw(stored, changes)
        if flaw is not None:
            return flaw
        if changes.get("is_default"):
            await self._series.no_default(changes.get("kind", stored.kind))
        return await self._series.change(stored.id, changes) if changes else stored
