"""Giving out the next number of a series, in the transaction that writes the invoice down."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from commerce.core.clock import Clock
from commerce.core.days import day_of
from commerce.core.problems import Invalid, NotFound, Problem, Taken
from commerce.invoices.kinds import InvoiceKind
from commerce.invoices.repository.invoices import InvoiceRepository, InvoiceRow
from commerce.invoices.repository.series import SeriesRepository, SeriesRow
from commerce.invoices.rules.series import number_text
from commerce.store.service import StoreService

NO_SERIES: Final = NotFound("There is no such series.", ("series",))
NO_DEFAULT: Final = Invalid("No series is the default: name one.", ("series",))
USED: Final = Taken(
    "The next number of the series is in use: change its prefix or suffix.", ("series",)
)


class IssuingService:
    """Runs in the transaction that holds the order."""

    def __init__(
        self,
        invoices: InvoiceRepository,
        series: SeriesRepository,
        store: StoreService,
        clock: Clock,
    ) -> None:
        self._invoices = invoices
        self._series = series
        self._store = store
        self._clock = clock

    async def series(self, kind: InvoiceKind, code: str | None) -> SeriesRow | Problem:
        """The series with this code, else the default one of the kind."""
        if code is not None:
            found = await self._series.by_code(code)
            return NO_SERIES if found is None or found.kind is not kind else found
        found = await self._series.default(kind)
        if found is None:
            await self._series.ensure_default(kind)
            found = await self._series.default(kind)
        return found or NO_DEFAULT

    async def automatic(self) -> SeriesRow | None:
        """The series whose invoices are issued when orders are paid, if there is one."""
        found = await self._series.default(InvoiceKind.INVOICE)
        return found if found is not None and found.on_payment else None

    async def issue(self, series: SeriesRow, values: Mapping[str, Any]) -> InvoiceRow | Problem:
        """The row with its number; a number that is taken already is left to the next one."""
        settings = await self._store.settings()
        zone = await self._store.zone()
        taken = await self._series.take(series.id, day_of(self._clock(), zone).year)
        now: datetime = self._clock()  # after the one who had the number before
        issued = await self._invoices.add(
            {
                **values,
                "series_id": series.id,
                "kind": series.kind,
                "year": taken.year,
                "number_value": taken.value,
                "number": number_text(series, taken.value, taken.year, settings),
                "issued_at": now,
            }
        )
        if issued is None:
            await self._series.put_back(series.id)
            return USED
        return issued
