"""Promotions and coupons: what is given, to whom, and how often."""

from functools import cached_property

from commerce.catalog.repository.tombstones import TombstoneRepository
from commerce.promotions.repository.coupons import CouponRepository
from commerce.promotions.repository.offers import OfferRepository
from commerce.promotions.repository.promotions import PromotionRepository
from commerce.promotions.repository.redemptions import RedemptionRepository
from commerce.promotions.service.coupons import CouponService
from commerce.promotions.service.offers import PromotionOfferService
from commerce.promotions.service.promotions import PromotionService
from commerce.promotions.service.redemptions import RedemptionService
from commerce.wiring.store import StoreRepositories, StoreServices


class PromotionsRepositories(StoreRepositories):
    @cached_property
    def promotion_offers(self) -> OfferRepository:
        return OfferRepository(self._uow)

    @cached_property
    def promotions(self) -> PromotionRepository:
        return PromotionRepository(self._uow, self.sight)

    @cached_property
    def coupons(self) -> CouponRepository:
        return CouponRepository(self._uow, self.sight)

    @cached_property
    def redemptions(self) -> RedemptionRepository:
        return RedemptionRepository(self._uow)


class PromotionsServices(StoreServices):
    repositories: PromotionsRepositories

    @cached_property
    def promotion_offers(self) -> PromotionOfferService:
        return PromotionOfferService(self.repositories.promotion_offers)

    @cached_property
    def promotions(self) -> PromotionService:
        return PromotionService(self.repositories.promotions, self.store, self.clock)

    @cached_property
    def coupons(self) -> CouponService:
        own, tombstones = self.repositories, TombstoneRepository(self.uow)
        return CouponService(own.promotions, own.coupons, tombstones, self.viewer)

    @cached_property
    def redemptions(self) -> RedemptionService:
        return RedemptionService(self.uow, self.repositories.redemptions)
