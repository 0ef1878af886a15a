"""Edges to stock."""

from functools import cached_property

from commerce.wiring import Repositories
from loaders.batch import ByKeyLoader, CountByParentLoader, PageByParentLoader


class InventoryLoaders:
    def __init__(self, repositories: Repositories) -> None:
        self._repositories = repositories

    @cached_property
    def availability(self) -> ByKeyLoader:
        """variant id -> what is available of it at active locations."""
        return ByKeyLoader(self._repositories.availability.by_variants)

    @cached_property
    def in_stock(self) -> ByKeyLoader:
        """product id -> whether any variant can be bought."""
        return ByKeyLoader(self._repositories.availability.by_products, False)

    @cached_property
    def location_by_id(self) -> ByKeyLoader:
        return ByKeyLoader(self._repositories.locations.by_ids)

    @cached_property
    def movement_by_id(self) -> ByKeyLoader:
        return ByKeyLoader(self._repositories.movements.by_ids)

    @cached_property
    def level_by_id(self) -> ByKeyLoader:
        return ByKeyLoader(self._repositories.levels.by_ids)

    @cached_property
    def level_pages(self) -> PageByParentLoader:
        """(variant id, page) -> its levels."""
        return PageByParentLoader(self._repositories.levels.pages_by_variant)

    @cached_property
    def level_counts(self) -> CountByParentLoader:
        return CountByParentLoader(self._repositories.levels.counts_by_variant)

    @cached_property
    def movement_pages(self) -> PageByParentLoader:
        """(variant id, page) -> its movements."""
        return PageByParentLoader(self._repositories.movements.pages_by_variant)

    @cached_property
    def movement_counts(self) -> CountByParentLoader:
        return CountByParentLoader(self._repositories.movements.counts_by_variant)
