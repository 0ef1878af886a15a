"""Edges to prices, as they are for the viewer at the time of the request."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Collection, Hashable, Mapping
from functools import cached_property, partial
from typing import Any

from commerce.wiring import Repositories
from loaders.batch import ByKeyLoader, CountByParentLoader, Loader, PageByParentLoader

Find = Callable[..., Awaitable[Mapping[int, Any]]]


class ByTermsLoader(Loader):
    """(id, *terms) -> what there is for the id, else None. One statement per distinct terms.

    `names` are what `find` calls the terms.
    """

    def __init__(self, find: Find, *names: str) -> None:
        super().__init__()
        self._find = find
        self._names = names

    async def batch_load_fn(self, keys: list[tuple[Any, ...]]) -> list[Any]:
        ids: defaultdict[tuple[Hashable, ...], list[int]] = defaultdict(list)
        for id_, *terms in keys:
            ids[tuple(terms)].append(id_)
        found = {terms: await self._under(some, terms) for terms, some in ids.items()}
        return [found[tuple(terms)].get(id_) for id_, *terms in keys]

    async def _under(self, ids: Collection[int], terms: tuple[Hashable, ...]) -> Mapping[int, Any]:
        return await self._find(ids, **dict(zip(self._names, terms, strict=True)))


class PricingLoaders:
    def __init__(self, repositories: Repositories) -> None:
        self._repositories = repositories
        self.at = repositories.clock()
        self._group = repositories.viewer.customer_group_id

    @cached_property
    def prices(self) -> ByTermsLoader:
        """(variant id, quantity, currency) -> its price."""
        find = self._repositories.prices.resolve
        return ByTermsLoader(self._now(find), "quantity", "currency")

    @cached_property
    def prices_of_groups(self) -> ByTermsLoader:
        """(variant id, quantity, currency, customer group) -> its price to that group."""
        find = partial(self._repositories.prices.resolve, at=self.at)
        return ByTermsLoader(find, "quantity", "currency", "group")

    @cached_property
    def ranges(self) -> ByTermsLoader:
        """(product id, currency) -> its lowest and highest price."""
        return ByTermsLoader(self._now(self._repositories.prices.ranges), "currency")

    @cached_property
    def tiers(self) -> ByTermsLoader:
        """(variant id, currency) -> its prices by quantity."""
        return ByTermsLoader(self._now(self._repositories.prices.tiers), "currency")

    def _now(self, find: Find) -> Find:
        """At one moment for the whole request, for the viewer's customer group."""
        return partial(find, at=self.at, group=self._group)

    @cached_property
    def price_by_id(self) -> ByKeyLoader:
        return ByKeyLoader(self._repositories.prices.by_ids)

    @cached_property
    def list_by_id(self) -> ByKeyLoader:
        return ByKeyLoader(self._repositories.price_lists.by_ids)

    @cached_property
    def lists_of_group(self) -> ByKeyLoader:
        """customer group id -> the lists that are for it alone."""
        return ByKeyLoader(self._repositories.price_lists.by_groups, ())

    @cached_property
    def variant_price_pages(self) -> PageByParentLoader:
        """(variant id, page) -> its prices in every list."""
        return PageByParentLoader(self._repositories.prices.pages_by_variant)

    @cached_property
    def variant_price_counts(self) -> CountByParentLoader:
        return CountByParentLoader(self._repositories.prices.counts_by_variant)

    @cached_property
    def price_pages(self) -> PageByParentLoader:
        """(price list id, page) -> the prices in it."""
        return PageByParentLoader(self._repositories.prices.pages_by_list)

    @cached_property
    def price_counts(self) -> CountByParentLoader:
        return CountByParentLoader(self._repositories.prices.counts_by_list)
