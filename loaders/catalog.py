"""Edges of the catalogue."""

from functools import cached_property, partial

from commerce.catalog.kinds import MetafieldOwner
from commerce.catalog.repository.categories import Lineage
from commerce.wiring import Repositories
from loaders.batch import ByKeyLoader, CountByParentLoader, PageByParentLoader


class CatalogLoaders:
    def __init__(self, repositories: Repositories) -> None:
        self._repositories = repositories
        self._metafields: dict[tuple[MetafieldOwner, str | None], MetafieldLoaders] = {}

    @cached_property
    def product_by_id(self) -> ByKeyLoader:
        return ByKeyLoader(self._repositories.products.by_ids)

    @cached_property
    def variant_by_id(self) -> ByKeyLoader:
        return ByKeyLoader(self._repositories.variants.by_ids)

    @cached_property
    def media_by_id(self) -> ByKeyLoader:
        return ByKeyLoader(self._repositories.media.by_ids)

    @cached_property
    def brand_by_id(self) -> ByKeyLoader:
        return ByKeyLoader(self._repositories.brands.by_ids)

    @cached_property
    def variant_pages(self) -> PageByParentLoader:
        """(product id, page) -> its variants."""
        return PageByParentLoader(self._repositories.variants.pages_by_product)

    @cached_property
    def variant_counts(self) -> CountByParentLoader:
        return CountByParentLoader(self._repositories.variants.counts_by_product)

    @cached_property
    def selected_options(self) -> ByKeyLoader:
        """variant id -> the option values it stands for."""
        return ByKeyLoader(self._repositories.variants.selected_options, ())

    @cached_property
    def options_by_product(self) -> ByKeyLoader:
        return ByKeyLoader(self._repositories.options.by_products, ())

    @cached_property
    def first_media(self) -> ByKeyLoader:
        """product id -> its first picture."""
        return ByKeyLoader(self._repositories.media.first_by_product)

    @cached_property
    def media_pages(self) -> PageByParentLoader:
        """(product id, page) -> its gallery."""
        return PageByParentLoader(self._repositories.media.pages_by_product)

    @cached_property
    def media_counts(self) -> CountByParentLoader:
        return CountByParentLoader(self._repositories.media.counts_by_product)

    @cached_property
    def category_by_id(self) -> ByKeyLoader:
        return ByKeyLoader(self._repositories.categories.by_ids)

    @cached_property
    def category_lineage(self) -> ByKeyLoader:
        """category id -> what stands above it."""
        return ByKeyLoader(self._repositories.categories.lineages, Lineage())

    @cached_property
    def category_child_pages(self) -> PageByParentLoader:
        """(category id, page) -> what stands directly below it."""
        return PageByParentLoader(self._repositories.categories.pages_by_parent)

    @cached_property
    def category_child_counts(self) -> CountByParentLoader:
        return CountByParentLoader(self._repositories.categories.counts_by_parent)

    @cached_property
    def category_branch_counts(self) -> CountByParentLoader:
        """(category id, limit) -> how many products are in it or below it."""
        return CountByParentLoader(self._repositories.categories.product_counts)

    @cached_property
    def category_product_pages(self) -> PageByParentLoader:
        """(category id, page) -> its own products."""
        return PageByParentLoader(self._repositories.products.pages_by_category)

    @cached_property
    def category_product_counts(self) -> CountByParentLoader:
        return CountByParentLoader(self._repositories.products.counts_by_category)

    @cached_property
    def product_category_pages(self) -> PageByParentLoader:
        """(product id, page) -> the categories it is in."""
        return PageByParentLoader(self._repositories.categories.pages_by_product)

    @cached_property
    def product_category_counts(self) -> CountByParentLoader:
        return CountByParentLoader(self._repositories.categories.counts_by_product)

    @cached_property
    def collection_by_id(self) -> ByKeyLoader:
        return ByKeyLoader(self._repositories.collections.by_ids)

    @cached_property
    def collection_product_pages(self) -> PageByParentLoader:
        """(collection id, page) -> its products."""
        return PageByParentLoader(self._repositories.products.pages_by_collection)

    @cached_property
    def collection_product_counts(self) -> CountByParentLoader:
        return CountByParentLoader(self._repositories.products.counts_by_collection)

    @cached_property
    def product_collection_pages(self) -> PageByParentLoader:
        """(product id, page) -> the collections it is in."""
        return PageByParentLoader(self._repositories.collections.pages_by_product)

    @cached_property
    def product_collection_counts(self) -> CountByParentLoader:
        return CountByParentLoader(self._repositories.collections.counts_by_product)

    @cached_property
    def brand_product_pages(self) -> PageByParentLoader:
        """(brand id, page) -> its products."""
        return PageByParentLoader(self._repositories.products.pages_by_brand)

    @cached_property
    def brand_product_counts(self) -> CountByParentLoader:
        return CountByParentLoader(self._repositories.products.counts_by_brand)

    @cached_property
    def attribute_by_id(self) -> ByKeyLoader:
        return ByKeyLoader(self._repositories.attributes.by_ids)

    @cached_property
    def attribute_values(self) -> ByKeyLoader:
        """product id -> its values, each with its attribute."""
        return ByKeyLoader(self._repositories.attributes.values_by_product, ())

    @cached_property
    def metafield_by_key(self) -> ByKeyLoader:
        return ByKeyLoader(self._repositories.metafields.by_keys)

    def metafields(self, kind: MetafieldOwner, namespace: str | None) -> "MetafieldLoaders":
        """Those of one kind of owner, in one namespace or (None) in all."""
        loaders = self._metafields.get((kind, namespace))
        if loaders is None:
            loaders = MetafieldLoaders(self._repositories, kind, namespace)
            self._metafields[kind, namespace] = loaders
        return loaders


class MetafieldLoaders:
    """(owner id, page) -> its metafields, and how many it has."""

    def __init__(
        self, repositories: Repositories, kind: MetafieldOwner, namespace: str | None
    ) -> None:
        stored = repositories.metafields
        self.pages = PageByParentLoader(partial(stored.pages_by_owner, kind, namespace))
        self.counts = CountByParentLoader(partial(stored.counts_by_owner, kind, namespace))
