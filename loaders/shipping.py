"""Edges to how shipping is set up."""

from functools import cached_property

from commerce.wiring import Repositories
from loaders.batch import ByKeyLoader


class ShippingLoaders:
    def __init__(self, repositories: Repositories) -> None:
        self._repositories = repositories

    @cached_property
    def zone_by_id(self) -> ByKeyLoader:
        return ByKeyLoader(self._repositories.shipping_zones.by_ids)

    @cached_property
    def areas_by_zone(self) -> ByKeyLoader:
        return ByKeyLoader(self._repositories.shipping_zones.areas_by_zone, ())

    @cached_property
    def method_by_id(self) -> ByKeyLoader:
        return ByKeyLoader(self._repositories.shipping_methods.by_ids)

    @cached_property
    def prices_by_method(self) -> ByKeyLoader:
        return ByKeyLoader(self._repositories.shipping_methods.prices_by_method, ())
