"""Repositories and services of one unit of work, each built when it is first used."""

from functools import cached_property

from commerce.catalog.repository.attributes import AttributeRepository
from commerce.catalog.repository.brands import BrandRepository
from commerce.catalog.repository.categories import CategoryRepository
from commerce.catalog.repository.category_tree import CategoryTreeRepository
from commerce.catalog.repository.collections import CollectionRepository
from commerce.catalog.repository.media import MediaRepository
from commerce.catalog.repository.memberships import in_categories, in_collections
from commerce.catalog.repository.metafields import MetafieldRepository
from commerce.catalog.repository.names import NameRepository
from commerce.catalog.repository.options import OptionRepository
from commerce.catalog.repository.product_versions import ProductVersionRepository
from commerce.catalog.repository.products import ProductRepository
from commerce.catalog.repository.references import ReferenceRepository
from commerce.catalog.repository.slugs import SlugRepository
from commerce.catalog.repository.tombstones import TombstoneRepository
from commerce.catalog.repository.trees import TreeRepository
from commerce.catalog.repository.variants import VariantRepository
from commerce.catalog.repository.writes import WriteRepository
from commerce.catalog.service.attributes import AttributeService
from commerce.catalog.service.brands import BrandService
from commerce.catalog.service.categories import CategoryService
from commerce.catalog.service.collections import CollectionService
from commerce.catalog.service.deletions import DeletionService
from commerce.catalog.service.editing import ProductEditor
from commerce.catalog.service.media import MediaService
from commerce.catalog.service.metafields import MetafieldService
from commerce.catalog.service.options import OptionService
from commerce.catalog.service.product_changes import ProductChangeService
from commerce.catalog.service.products import ProductService
from commerce.catalog.service.variant_changes import VariantChangeService
from commerce.catalog.service.variants import VariantService
from commerce.core.clock import Clock
from commerce.core.db import UnitOfWork
from commerce.core.viewer import Viewer
from commerce.interchange.lookups import LookupRepository
from commerce.interchange.service.product_sets import ProductSetService
from commerce.inventory.repository.availability import AvailabilityRepository
from commerce.inventory.repository.levels import LevelRepository
from commerce.inventory.repository.locations import LocationRepository
from commerce.inventory.repository.movements import MovementRepository
from commerce.inventory.service import StockService
from commerce.inventory.service.levels import LevelService
from commerce.inventory.service.locations import LocationService
from commerce.pricing.repository.lists import PriceListRepository
from commerce.pricing.repository.prices import PriceRepository
from commerce.pricing.service import PriceService
from commerce.search.repository.categories import BranchRepository
from commerce.search.repository.facets import FacetRepository
from commerce.search.repository.products import ProductListRepository
from commerce.search.repository.variants import VariantListRepository
from commerce.search.service import ListingService
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
    def categories(self) -> CategoryRepository:
        return CategoryRepository(self._uow, self.viewer)

    @cached_property
    def category_tree(self) -> CategoryTreeRepository:
        return CategoryTreeRepository(self._uow)

    @cached_property
    def collections(self) -> CollectionRepository:
        return CollectionRepository(self._uow, self.viewer)

    @cached_property
    def attributes(self) -> AttributeRepository:
        return AttributeRepository(self._uow)

    @cached_property
    def slugs(self) -> SlugRepository:
        return SlugRepository(self._uow)

    @cached_property
    def metafields(self) -> MetafieldRepository:
        return MetafieldRepository(self._uow, self.viewer)

    @cached_property
    def tombstones(self) -> TombstoneRepository:
        return TombstoneRepository(self._uow)

    @cached_property
    def names(self) -> NameRepository:
        return NameRepository(self._uow)

    @cached_property
    def trees(self) -> TreeRepository:
        return TreeRepository(self._uow)

    @cached_property
    def writes(self) -> WriteRepository:
        return WriteRepository(self._uow, self.slugs, self.tombstones)

    @cached_property
    def lookups(self) -> LookupRepository:
        return LookupRepository(self._uow)

    @cached_property
    def references(self) -> ReferenceRepository:
        return ReferenceRepository(self._uow)

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
    def movements(self) -> MovementRepository:
        return MovementRepository(self._uow, self.viewer)

    @cached_property
    def availability(self) -> AvailabilityRepository:
        return AvailabilityRepository(self._uow)

    @cached_property
    def product_lists(self) -> ProductListRepository:
        return ProductListRepository(self._uow, self.viewer)

    @cached_property
    def variant_lists(self) -> VariantListRepository:
        return VariantListRepository(self._uow, self.viewer)

    @cached_property
    def facets(self) -> FacetRepository:
        return FacetRepository(self._uow, self.viewer)

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
    def product_editor(self) -> ProductEditor:
        own = self.repositories
        return ProductEditor(own.names, own.trees, own.writes, self.clock)

    @cached_property
    def product_changes(self) -> ProductChangeService:
        return ProductChangeService(self.product_editor, self.repositories.references)

    @cached_property
    def product_sets(self) -> ProductSetService:
        return ProductSetService(
            self.viewer, self.product_editor, self.repositories.lookups, self.prices, self.stock
        )

    @cached_property
    def options(self) -> OptionService:
        return OptionService(self.product_editor)

    @cached_property
    def variant_changes(self) -> VariantChangeService:
        return VariantChangeService(self.product_editor)

    @cached_property
    def prices(self) -> PriceService:
        return PriceService(self.repositories.price_lists, self.repositories.prices)

    @cached_property
    def stock(self) -> StockService:
        own = self.repositories
        return StockService(own.locations, own.levels, own.movements)

    @cached_property
    def levels(self) -> LevelService:
        return LevelService(self.repositories.levels, self.repositories.movements)

    @cached_property
    def locations(self) -> LocationService:
        return LocationService(self.repositories.locations)

    @cached_property
    def brands(self) -> BrandService:
        own = self.repositories
        return BrandService(own.brands, own.slugs, own.metafields, own.tombstones)

    @cached_property
    def categories(self) -> CategoryService:
        own, members = self.repositories, in_categories(self.uow)
        return CategoryService(
            own.categories, own.category_tree, own.slugs, members, own.tombstones
        )

    @cached_property
    def collections(self) -> CollectionService:
        own, members = self.repositories, in_collections(self.uow)
        return CollectionService(
            own.collections, own.slugs, members, own.metafields, own.tombstones
        )

    @cached_property
    def attributes(self) -> AttributeService:
        products = ProductVersionRepository(self.uow)
        return AttributeService(self.repositories.attributes, products)

    @cached_property
    def media(self) -> MediaService:
        own, products = self.repositories, ProductVersionRepository(self.uow)
        return MediaService(own.media, products, own.tombstones)

    @cached_property
    def deletions(self) -> DeletionService:
        return DeletionService(self.repositories.tombstones)

    @cached_property
    def metafields(self) -> MetafieldService:
        return MetafieldService(self.repositories.metafields)

    @cached_property
    def lists(self) -> ListingService:
        own = self.repositories
        branches = BranchRepository(self.uow, self.viewer)
        return ListingService(
            own.product_lists, own.variant_lists, own.facets, branches, self.clock
        )

    @cached_property
    def api_keys(self) -> ApiKeyService:
        return ApiKeyService(self.repositories.api_keys, self.clock)
