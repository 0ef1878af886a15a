"""Edges of the catalogue."""

from functools import cached_property

from commerce.wiring import Repositories
from loaders.batch import ByKeyLoader, CountByParentLoader, PageByParentLoader


class CatalogLoaders:
    def __init__(self, repositories: Repositories) -> None:
        self._repositories = repositories

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
