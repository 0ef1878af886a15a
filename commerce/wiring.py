"""Repositories and services of one unit of work, each built when it is first used."""

from functools import cached_property

from commerce.catalog.repository.brands import BrandRepository
from commerce.catalog.repository.media import MediaRepository
from commerce.catalog.repository.options import OptionRepository
from commerce.catalog.repository.products import ProductRepository
from commerce.catalog.repository.slugs import SlugRepository
from commerce.catalog.repository.tombstones import TombstoneRepository
from commerce.catalog.repository.variants import VariantRepository
from commerce.catalog.service.brands import BrandService
from commerce.catalog.service.products import ProductService
from commerce.catalog.service.variants import VariantService
from commerce.core.clock import Clock
from commerce.core.db import UnitOfWork
from commerce.core.viewer import Viewer
from commerce.inventory.repository.levels import LevelRepository
from commerce.inventory.repository.locations import LocationRepository
from commerce.inventory.service import StockService
from commerce.pricing.repository.lists import PriceListRepository
from commerce.pricing.repository.prices import PriceRepository
from commerce.pricing.service import PriceService
from commerce.staff.repository import ApiKeyRepository
from commerce.staff.service import ApiKeyService


class Repositories:
    """SQL, as one viewer sees the data."""

    def __init__(self, uow: UnitOfWork, viewer: Viewer, clock: Clock) -> None:
        self.viewer = viewer
        self.clock = clock
        self._uow = uow

    @cached_property
    def products(self) -> ProductRepository:
        return ProductRepository(self._uow, self.viewer)

    @cached_property
    def variants(self) -> VariantRepository:
        return VariantRepository(self._uow, self.viewer)

    @cached_property
    def options(self) -> OptionRepository:
        return OptionRepository(self._uow)

    @cached_property
    def media(self) -> MediaRepository:
        return MediaRepository(self._uow, self.viewer)

    @cached_property
    def brands(self) -> BrandRepository:
        return BrandRepository(self._uow, self.viewer)

    @cached_property
    def slugs(self) -> SlugRepository:
        return SlugRepository(self._uow)

    @cached_property
    def tombstones(self) -> TombstoneRepository:
        return TombstoneRepository(self._uow)

    @cached_property
    def price_lists(self) -> PriceListRepository:
        return PriceListRepository(self._uow, self.viewer)

    @cached_property
    def prices(self) -> PriceRepository:
        return PriceRepository(self._uow, self.viewer)

    @cached_property
    def locations(self) -> LocationRepository:
        return LocationRepository(self._uow, self.viewer)

    @cached_property
    def levels(self) -> LevelRepository:
        return LevelRepository(self._uow, self.viewer)

    @cached_property
    def api_keys(self) -> ApiKeyRepository:
        return ApiKeyRepository(self._uow)


class Services:
    """What resolvers call: the rules, over the repositories of the same unit of work."""

    def __init__(self, uow: UnitOfWork, viewer: Viewer, clock: Clock) -> None:
        self.uow = uow
        self.viewer = viewer
        self.clock = clock
        self.repositories = Repositories(uow, viewer, clock)

    @cached_property
    def products(self) -> ProductService:
        return ProductService(self.repositories.products)

    @cached_property
    def variants(self) -> VariantService:
        return VariantService(self.repositories.variants)

    @cached_property
    def prices(self) -> PriceService:
        return PriceService(self.repositories.price_lists, self.repositories.prices)

    @cached_property
    def stock(self) -> StockService:
        return StockService(self.repositories.locations, self.repositories.levels)

    @cached_property
    def brands(self) -> BrandService:
        return BrandService(self.repositories.brands)

    @cached_property
    def api_keys(self) -> ApiKeyService:
        return ApiKeyService(self.repositories.api_keys, self.clock)
