"""Edges to tax classes, and to the parts of tax zones."""

from functools import cached_property

from commerce.wiring import Repositories
from loaders.batch import ByKeyLoader


class TaxesLoaders:
    def __init__(self, repositories: Repositories) -> None:
        self._repositories = repositories

    @cached_property
    def class_by_id(self) -> ByKeyLoader:
        return ByKeyLoader(self._repositories.tax_classes.by_ids)

    @cached_property
    def zone_by_id(self) -> ByKeyLoader:
        return ByKeyLoader(self._repositories.tax_zones.by_ids)

    @cached_property
    def zone_areas(self) -> ByKeyLoader:
        """zone id -> what it covers."""
        return ByKeyLoader(self._repositories.tax_zones.areas, ())

    @cached_property
    def zone_rates(self) -> ByKeyLoader:
        """zone id -> its taxes, in order."""
        return ByKeyLoader(self._repositories.tax_zones.rates, ())

    @cached_property
    def percent_at_home(self) -> ByKeyLoader:
        """tax class id, or 0 -> how much tax there is on its goods where the store is."""
        return ByKeyLoader(self._repositories.home_taxes.percents)
