"""Listing, searching and narrowing down products and variants."""

from collections.abc import Sequence
from dataclasses import replace

from commerce.core.clock import Clock
from commerce.core.paging import Count, Page, PageArgs
from commerce.search.criteria import FacetWanted, ProductListing, VariantListing
from commerce.search.facets import Facet, facets_of
from commerce.search.repository.facets import FacetRepository
from commerce.search.repository.products import ProductListRepository, ProductRow
from commerce.search.repository.variants import VariantListRepository, VariantRow
from commerce.search.rules import check_facets, check_where, clean_words


class ListingService:
    """Raises `BadInputError` for filters and orders that a listing cannot have."""

    def __init__(
        self,
        products: ProductListRepository,
        variants: VariantListRepository,
        facets: FacetRepository,
        clock: Clock,
    ) -> None:
        self._products = products
        self._variants = variants
        self._facets = facets
        self._clock = clock

    async def products(self, listing: ProductListing, args: PageArgs) -> Page[ProductRow]:
        return await self._products.page(_checked(listing), args, self._clock())

    async def product_count(self, listing: ProductListing, limit: int | None) -> Count:
        return await self._products.count(_checked(listing), limit, self._clock())

    async def facets(self, listing: ProductListing, wanted: Sequence[FacetWanted]) -> list[Facet]:
        """Each facet's own choices do not narrow its counts."""
        check_facets(wanted)
        checked = _checked(listing)
        rows = await self._facets.values(checked, wanted, self._clock())
        return facets_of(rows, wanted, checked.where)

    async def variants(self, listing: VariantListing, args: PageArgs) -> Page[VariantRow]:
        check_where(listing.where)
        return await self._variants.page(listing, args, self._clock())

    async def variant_count(self, listing: VariantListing, limit: int | None) -> Count:
        check_where(listing.where)
        return await self._variants.count(listing, limit, self._clock())


def _checked(listing: ProductListing) -> ProductListing:
    check_where(listing.where)
    return listing if listing.words is None else replace(listing, words=clean_words(listing.words))
