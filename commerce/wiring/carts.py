"""What somebody is about to buy."""

from functools import cached_property

from commerce.carts.ports import OrderHistory
from commerce.carts.repository.carts import CartRepository
from commerce.carts.repository.goods import GoodsRepository
from commerce.carts.repository.keeping import KeptCartRepository
from commerce.carts.repository.lines import CartLineRepository
from commerce.carts.repository.retention import CartRetentionRepository
from commerce.carts.service.abandoned import AbandonedCartService
from commerce.carts.service.calculating import CartCalculationService
from commerce.carts.service.carts import CartService
from commerce.carts.service.details import CartDetailService
from commerce.carts.service.guesses import CouponGuessService
from commerce.carts.service.keeping import CartKeepingService
from commerce.carts.service.lines import CartLineService
from commerce.carts.service.merging import CartMergeService
from commerce.carts.service.pricing import CartPricingService
from commerce.carts.service.retention import CartRetentionService
from commerce.carts.service.savings import CartSavingService
from commerce.wiring.audit import AuditRepositories, AuditServices
from commerce.wiring.customers import CustomersRepositories, CustomersServices
from commerce.wiring.gift_cards import GiftCardsRepositories, GiftCardsServices
from commerce.wiring.payments import PaymentsRepositories, PaymentsServices
from commerce.wiring.promotions import PromotionsRepositories, PromotionsServices
from commerce.wiring.selling import SellingRepositories, SellingServices
from commerce.wiring.shipping import ShippingRepositories, ShippingServices
from commerce.wiring.store import StoreRepositories, StoreServices
from commerce.wiring.taxes import TaxesRepositories, TaxesServices


class CartsRepositories(
    PaymentsRepositories,
    ShippingRepositories,
    GiftCardsRepositories,
    PromotionsRepositories,
    TaxesRepositories,
    StoreRepositories,
    SellingRepositories,
    CustomersRepositories,
    AuditRepositories,
):
    @cached_property
    def carts(self) -> CartRepository:
        return CartRepository(self._uow, self.viewer)

    @cached_property
    def cart_lines(self) -> CartLineRepository:
        return CartLineRepository(self._uow)

    @cached_property
    def kept_carts(self) -> KeptCartRepository:
        return KeptCartRepository(self._uow)

    @cached_property
    def cart_retention(self) -> CartRetentionRepository:
        return CartRetentionRepository(self._uow)

    @cached_property
    def cart_goods(self) -> GoodsRepository:
        return GoodsRepository(self._uow)


class CartsServices(
    PaymentsServices,
    ShippingServices,
    GiftCardsServices,
    PromotionsServices,
    TaxesServices,
    StoreServices,
    SellingServices,
    CustomersServices,
    AuditServices,
):
    repositories: CartsRepositories

    @cached_property
    def carts(self) -> CartService:
        own = self.repositories
        return CartService(
            own.carts, own.cart_lines, self.store, self.audit, self.viewer, self.clock
        )

    @cached_property
    def cart_lines(self) -> CartLineService:
        return CartLineService(self.carts, self.repositories.cart_lines)

    @cached_property
    def cart_keeping(self) -> CartKeepingService:
        return CartKeepingService(self.carts, self.repositories.kept_carts, self.viewer, self.clock)

    @cached_property
    def cart_pricing(self) -> CartPricingService:
        return CartPricingService(
            self.repositories.cart_goods,
            self.store,
            self.tax_rates,
            self.promotion_offers,
            self.shipping_quotes,
            self.payment_methods,
            self.gift_card_uses,
            self.order_history,
            asks_carrier=self.ports.carrier_rates is not None,
        )

    @cached_property
    def cart_details(self) -> CartDetailService:
        return CartDetailService(
            self.carts,
            self.cart_pricing,
            self.payment_methods,
            self.repositories.addresses,
            self.store,
        )

    @cached_property
    def coupon_guesses(self) -> CouponGuessService:
        return CouponGuessService(self._caller, self.viewer)

    @cached_property
    def cart_savings(self) -> CartSavingService:
        return CartSavingService(
            self.carts, self.cart_pricing, self.gift_cards, self.coupon_guesses
        )

    @cached_property
    def cart_merging(self) -> CartMergeService:
        own = self.repositories
        return CartMergeService(
            own.carts,
            own.cart_lines,
            own.cart_goods,
            self.carts,
            self.cart_lines,
            self.cart_pricing,
            self.viewer,
        )

    @cached_property
    def cart_calculation(self) -> CartCalculationService:
        return CartCalculationService(
            self.carts,
            self.cart_pricing,
            self.repositories.cart_goods,
            self.profiles,
            self.coupon_guesses,
            self.viewer,
        )

    @cached_property
    def abandoned_carts(self) -> AbandonedCartService:
        return AbandonedCartService(
            self.uow, self.repositories.carts, self.store, self.notifications, self.clock
        )

    @cached_property
    def cart_retention(self) -> CartRetentionService:
        return CartRetentionService(
            self.uow, self.repositories.cart_retention, self.ports.retention, self.clock
        )

    @property
    def order_history(self) -> OrderHistory | None:
        """Who keeps orders says how many a buyer has placed."""
        return None
