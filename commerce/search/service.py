"""Listing, searching and narrowing down products and variants."""

from collections.abc import Sequence
from dataclasses import replace

from commerce.core.clock import Clock
from commerce.core.criteria import check_where, clean_words
from commerce.core.paging import Count, Page, PageArgs
from commerce.search.criteria import CategoryIs, FacetWanted, ProductListing, VariantListing
from commerce.search.facets import Facet, facets_of
from commerce.search.repository.categories import BranchRepository
from commerce.search.repository.facets import FacetRepository
from commerce.search.repository.products import ProductListRepository, ProductRow
from commerce.search.repository.variants import VariantListRepository, VariantRow
from commerce.search.rules import categories_in, check_facets, product_order, with_branches


class ListingService:
    """Raises `BadInputError` for filters and orders that a listing cannot have."""

    def __init__(
        self,
        products: ProductListRepository,
        variants: VariantListRepository,
        facets: FacetRepository,
        branches: BranchRepository,
        clock: Clock,
    ) -> None:
        self._products = products
        self._variants = variants
        self._facets = facets
        self._branches = branches
        self._known: dict[CategoryIs, CategoryIs] = {}
        self._clock = clock

    async def products(self, listing: ProductListing, args: PageArgs) -> Page[ProductRow]:
        return await self._products.page(await self._meant(listing), args, self._clock())

    async def product_count(self, listing: ProductListing, limit: int | None) -> Count:
        return await self._products.count(await self._meant(listing), limit, self._clock())

    async def facets(self, listing: ProductListing, wanted: Sequence[FacetWanted]) -> list[Facet]:
        """Each facet's own choices do not narrow its counts."""
        check_facets(wanted)
        meant = await self._meant(listing)
        rows = await self._facets.values(meant, wanted, self._clock())
        return facets_of(rows, wanted, meant.where)

    async def variants(self, listing: VariantListing, args: PageArgs) -> Page[VariantRow]:
        check_where(listing.where)
        return await self._variants.page(listing, args, self._clock())

    async def variant_count(self, listing: VariantListing, limit: int | None) -> Count:
        check_where(listing.where)
        return await self._variants.count(listing, limit, self._clock())

    async def _meant(self, listing: ProductListing) -> ProductListing:
        """The listing checked, its words cleaned and its categories looked up, each once."""
        check_where(listing.where)
        if listing.words is not None:
            listing = replace(listing, words=clean_words(listing.words))
        product_order(listing)
        categories = categories_in(listing.where)
        if not categories:
            return listing
        unknown = categories.difference(self._known)
        if unknown:
            self._known.update(await self._branches.found(unknown))
        return replace(listing, where=with_branches(listing.where, self._known))
