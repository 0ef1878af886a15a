"""Prices, stock, lists of products, whole products."""

from functools import cached_property

from commerce.interchange.lookups import LookupRepository
from commerce.interchange.service.product_sets import ProductSetService
from commerce.inventory.repository.allocations import AllocationRepository
from commerce.inventory.repository.availability import AvailabilityRepository
from commerce.inventory.repository.levels import LevelRepository
from commerce.inventory.repository.locations import LocationRepository
from commerce.inventory.repository.movements import MovementRepository
from commerce.inventory.repository.reservations import ReservationRepository
from commerce.inventory.service import StockService
from commerce.inventory.service.allocations import AllocationService
from commerce.inventory.service.backorders import BackorderService
from commerce.inventory.service.levels import LevelService
from commerce.inventory.service.locations import LocationService
from commerce.inventory.service.picking import PickingService
from commerce.inventory.service.reservations import ReservationService
from commerce.pricing.repository.lists import PriceListRepository
from commerce.pricing.repository.prices import PriceRepository
from commerce.pricing.service import PriceService
from commerce.search.repository.categories import BranchRepository
from commerce.search.repository.facets import FacetRepository
from commerce.search.repository.products import ProductListRepository
from commerce.search.repository.variants import VariantListRepository
from commerce.search.service import ListingService
from commerce.wiring.catalog import CatalogRepositories, CatalogServices


class SellingRepositories(CatalogRepositories):
    @cached_property
    def price_lists(self) -> PriceListRepository:
        return PriceListRepository(self._uow, self.sight)

    @cached_property
    def prices(self) -> PriceRepository:
        return PriceRepository(self._uow, self.sight)

    @cached_property
    def locations(self) -> LocationRepository:
        return LocationRepository(self._uow, self.sight)

    @cached_property
    def levels(self) -> LevelRepository:
        return LevelRepository(self._uow, self.sight, self.clock)

    @cached_property
    def movements(self) -> MovementRepository:
        return MovementRepository(self._uow, self.viewer)

    @cached_property
    def availability(self) -> AvailabilityRepository:
        return AvailabilityRepository(self._uow, self.clock)

    @cached_property
    def reservations(self) -> ReservationRepository:
        return ReservationRepository(self._uow, self.sight)

    @cached_property
    def allocations(self) -> AllocationRepository:
        return AllocationRepository(self._uow)

    @cached_property
    def product_lists(self) -> ProductListRepository:
        return ProductListRepository(self._uow, self.sight)

    @cached_property
    def variant_lists(self) -> VariantListRepository:
        return VariantListRepository(self._uow, self.sight)

    @cached_property
    def facets(self) -> FacetRepository:
        return FacetRepository(self._uow, self.sight)

    @cached_property
    def lookups(self) -> LookupRepository:
        return LookupRepository(self._uow)


class SellingServices(CatalogServices):
    repositories: SellingRepositories

    @cached_property
    def product_sets(self) -> ProductSetService:
        return ProductSetService(
            self.viewer, self.product_editor, self.repositories.lookups, self.prices, self.stock
        )

    @cached_property
    def prices(self) -> PriceService:
        return PriceService(self.repositories.price_lists, self.repositories.prices)

    @cached_property
    def stock(self) -> StockService:
        own = self.repositories
        return StockService(
            own.locations,
            own.levels,
            own.movements,
            own.reservations,
            self.backorders,
            self.clock,
        )

    @cached_property
    def levels(self) -> LevelService:
        return LevelService(self.repositories.levels, self.repositories.movements)

    @cached_property
    def locations(self) -> LocationService:
        return LocationService(self.repositories.locations)

    @cached_property
    def picking(self) -> PickingService:
        own = self.repositories
        return PickingService(own.levels, own.reservations, self.clock)

    @cached_property
    def reservations(self) -> ReservationService:
        return ReservationService(self.picking, self.repositories.reservations, self.clock)

    @cached_property
    def backorders(self) -> BackorderService:
        own = self.repositories
        return BackorderService(own.levels, own.reservations, own.allocations, self.clock)

    @cached_property
    def allocations(self) -> AllocationService:
        own = self.repositories
        return AllocationService(
            self.picking,
            self.backorders,
            own.locations,
            own.levels,
            own.reservations,
            own.allocations,
        )

    @cached_property
    def lists(self) -> ListingService:
        own = self.repositories
        branches = BranchRepository(self.uow, self.viewer)
        return ListingService(
            own.product_lists, own.variant_lists, own.facets, branches, self.clock
        )
