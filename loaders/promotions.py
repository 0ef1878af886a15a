"""Edges to promotions and their coupons."""

from functools import cached_property

from commerce.wiring import Repositories
from loaders.batch import ByKeyLoader, CountByParentLoader, PageByParentLoader


class PromotionsLoaders:
    def __init__(self, repositories: Repositories) -> None:
        self._repositories = repositories

    @cached_property
    def by_id(self) -> ByKeyLoader:
        return ByKeyLoader(self._repositories.promotions.by_ids)

    @cached_property
    def coupon_by_id(self) -> ByKeyLoader:
        return ByKeyLoader(self._repositories.coupons.by_ids)

    @cached_property
    def coupon_sales(self) -> ByKeyLoader:
        """coupon id -> what was sold with it, by currency."""
        return ByKeyLoader(self._repositories.coupon_sales.by_coupons, ())

    @cached_property
    def coupon_pages(self) -> PageByParentLoader:
        """(promotion id, page) -> its coupons."""
        return PageByParentLoader(self._repositories.coupons.pages_by_promotion)

    @cached_property
    def coupon_counts(self) -> CountByParentLoader:
        return CountByParentLoader(self._repositories.coupons.counts_by_promotion)
