"""What a buyer at a place is charged."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

import structlog

from commerce.core.clock import Clock
from commerce.core.db import UnitOfWork
from commerce.core.places import Place
from commerce.core.setup import UNKNOWN, Setup
from commerce.taxes.kinds import ShippingTax
from commerce.taxes.ports import ProvidedRates, TaxProvider, TaxServiceError
from commerce.taxes.repository.rates import ClassRows, TaxRateRepository
from commerce.taxes.rules.answers import place_key, provided_rates, stored_rates
from commerce.taxes.rules.table import TaxChoices, TaxTable, ZoneRate, tax_table, zone_at

log: Final = structlog.get_logger("commerce.taxes")


class TaxRateService:
    """Reads rates from the database alone; `prepare` asks the tax service, if there is one."""

    def __init__(
        self,
        uow: UnitOfWork,
        rates: TaxRateRepository,
        clock: Clock,
        provider: TaxProvider | None,
    ) -> None:
        self._uow = uow
        self._rates = rates
        self._clock = clock
        self._provider = provider

    @property
    def asks_service(self) -> bool:
        """Whether rates may have to be asked for elsewhere."""
        return self._provider is not None

    async def prepare(self, place: Place) -> None:
        """Have the service's answer for `place` at hand. To be called outside transactions.

        Without an answer `table` goes by the store's own zones.
        """
        if self._provider is None or place.country is None:
            return
        key = place_key(place)
        classes = await self._rates.classes(key, self._clock())
        if not classes or _answered(classes):
            return
        await self._uow.release()
        try:
            said = await self._provider.rates(place, [row.code for row in classes])
        except TaxServiceError as error:
            log.warning("tax_service_failed", reason=str(error))
            return
        await self._keep(key, classes, said)

    async def table(self, place: Place, setup: Setup = UNKNOWN) -> TaxTable:
        """The rates that hold at `place`: two statements, one where the service answered, none
        where they are kept.
        """
        if self._provider is None:
            choices = await setup.of("tax choices", lambda: self._choices(place))
        else:
            rows = await self._rates.classes(place_key(place), self._clock())
            choices = _choices(rows)
            if _answered(rows):
                return tax_table(choices, provided_rates({row.id: row.rates for row in rows}))
        return tax_table(choices, await self._zone_rates(place, setup))

    async def forget_expired(self) -> int:
        """How many answers of the tax service were too old."""
        return await self._rates.forget_expired(self._clock())

    async def _choices(self, place: Place) -> TaxChoices:
        return _choices(await self._rates.classes(place_key(place), self._clock()))

    async def _zone_rates(self, place: Place, setup: Setup) -> Sequence[ZoneRate]:
        around = ("tax zones", place.country, place.region)
        zone = zone_at(await setup.of(around, lambda: self._rates.zones(place)), place)
        return () if zone is None else zone.rates

    async def _keep(self, key: str, classes: ClassRows, said: ProvidedRates) -> None:
        until = self._clock() + timedelta(seconds=said.seconds)
        rates = {row.id: stored_rates(said.by_code[row.code]) for row in classes}
        await self._uow.transact(lambda: self._rates.keep(key, rates, until))


def _answered(rows: ClassRows) -> bool:
    return bool(rows) and all(row.rates is not None for row in rows)


def _choices(rows: ClassRows) -> TaxChoices:
    default = next((row.id for row in rows if row.is_default), None)
    first = rows[0] if rows else None
    if first is None or first.shipping_tax is None:
        return TaxChoices([row.id for row in rows], default)
    kind = ShippingTax(first.shipping_tax)
    return TaxChoices([row.id for row in rows], default, kind, first.shipping_class_id)
