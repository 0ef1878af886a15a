"""The taxes on goods where the store itself is, to be shown beside them."""

from collections.abc import Collection as Keys
from datetime import UTC, datetime
from decimal import Decimal

from commerce.core.db import UnitOfWork
from commerce.core.places import Place
from commerce.store.repository import StoreRepository
from commerce.taxes.repository.rates import TaxRateRepository
from commerce.taxes.rules.percents import together
from commerce.taxes.rules.table import TaxChoices, tax_table, zone_at

NO_PLACE = ""
NEVER = datetime.max.replace(tzinfo=UTC)


class HomeTaxRepository:
    """By the store's own zones alone: what a tax service says is for carts."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._rates = TaxRateRepository(uow)
        self._store = StoreRepository(uow)

    async def percents(self, class_ids: Keys[int]) -> dict[int, Decimal]:
        """All taxes together, by tax class; 0 is the default class. Three statements."""
        store = await self._store.settings()
        place = Place() if store is None else Place(store.country, store.region or None)
        classes = await self._rates.classes(NO_PLACE, NEVER)
        default = next((row.id for row in classes if row.is_default), None)
        zone = zone_at(await self._rates.zones(place), place)
        choices = TaxChoices([row.id for row in classes], default)
        table = tax_table(choices, () if zone is None else zone.rates)
        return {id_: together(table.of(id_)) for id_ in class_ids}
