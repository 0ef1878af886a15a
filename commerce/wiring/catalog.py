"""Products and what belongs to them."""

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
from commerce.wiring.base import BaseRepositories, BaseServices


class CatalogRepositories(BaseRepositories):
    @cached_property
    def products(self) -> ProductRepository:
        return ProductRepository(self._uow, self.sight)

    @cached_property
    def variants(self) -> VariantRepository:
        return VariantRepository(self._uow, self.sight)

    @cached_property
    def options(self) -> OptionRepository:
        return OptionRepository(self._uow)

    @cached_property
    def media(self) -> MediaRepository:
        return MediaRepository(self._uow, self.sight)

    @cached_property
    def brands(self) -> BrandRepository:
        return BrandRepository(self._uow, self.sight)

    @cached_property
    def categories(self) -> CategoryRepository:
        return CategoryRepository(self._uow, self.sight)

    @cached_property
    def category_tree(self) -> CategoryTreeRepository:
        return CategoryTreeRepository(self._uow)

    @cached_property
    def collections(self) -> CollectionRepository:
        return CollectionRepository(self._uow, self.sight)

    @cached_property
    def attributes(self) -> AttributeRepository:
        return AttributeRepository(self._uow)

    @cached_property
    def slugs(self) -> SlugRepository:
        return SlugRepository(self._uow)

    @cached_property
    def metafields(self) -> MetafieldRepository:
        return MetafieldRepository(self._uow, self.sight)

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
    def references(self) -> ReferenceRepository:
        return ReferenceRepository(self._uow)


class CatalogServices(BaseServices):
    repositories: CatalogRepositories

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
    def options(self) -> OptionService:
        return OptionService(self.product_editor)

    @cached_property
    def variant_changes(self) -> VariantChangeService:
        return VariantChangeService(self.product_editor)

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
