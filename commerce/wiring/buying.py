"""From a cart to a paid order, and from an order to its money."""

from functools import cached_property

from commerce.carts.repository.purchases import PurchaseRepository
from commerce.carts.service.purchases import CartPurchaseService
from commerce.orders.service.cart_payments import CartPaymentService
from commerce.orders.service.checkout import CheckoutService
from commerce.orders.service.converting import ConversionService
from commerce.orders.service.giving_back import GivingBackService
from commerce.orders.service.money import OrderMoneyService
from commerce.orders.service.placing import PlacingService
from commerce.orders.service.reconciling import ReconcilingService
from commerce.orders.service.returning import ReturningService
from commerce.orders.service.settling import SettlingService
from commerce.wiring.orders import OrdersRepositories, OrdersServices


class BuyingRepositories(OrdersRepositories):
    @cached_property
    def cart_purchases(self) -> PurchaseRepository:
        return PurchaseRepository(self._uow)


class BuyingServices(OrdersServices):
    repositories: BuyingRepositories

    @cached_property
    def checkout(self) -> CheckoutService:
        return CheckoutService(
            self.uow,
            self._cart_purchases,
            self.cart_pricing,
            self._claims,
            self._placing,
            self.order_writer,
            self.order_payments,
            self.payment_ledger,
            self.cart_payments,
            self.store,
            self.clock,
        )

    @cached_property
    def cart_payments(self) -> CartPaymentService:
        return CartPaymentService(
            self.uow,
            self._cart_purchases,
            self.order_payments,
            self.payment_ledger,
            self.payment_methods,
            self.ports.payment_providers,
            self.settling,
            self.returning,
            self.clock,
        )

    @cached_property
    def conversions(self) -> ConversionService:
        return ConversionService(
            self._cart_purchases,
            self.cart_pricing,
            self._claims,
            self._placing,
            self.order_payments,
            self.clock,
        )

    @cached_property
    def settling(self) -> SettlingService:
        return SettlingService(
            self.uow,
            self.payment_ledger,
            self.payment_reports,
            self._cart_purchases,
            self._placing,
            self.order_payments,
            self.order_refunds,
            self.notifications,
        )

    @cached_property
    def returning(self) -> ReturningService:
        providers = self.ports.payment_providers
        return ReturningService(self.uow, self.payment_ledger, providers, self.settling)

    @cached_property
    def reconciling(self) -> ReconcilingService:
        return ReconcilingService(
            self.uow,
            self.payment_ledger,
            self.ports.payment_providers,
            self.settling,
            self.returning,
            self._cart_purchases,
            self.reservations,
            self.store,
            self.clock,
        )

    @cached_property
    def order_money(self) -> OrderMoneyService:
        return OrderMoneyService(
            self.uow,
            self.repositories.orders,
            self.payment_ledger,
            self.payment_methods,
            self.ports.payment_providers,
            self.settling,
            self.order_payments,
        )

    @cached_property
    def giving_back(self) -> GivingBackService:
        return GivingBackService(
            self.uow,
            self._order_desk,
            self.repositories.refunds,
            self.order_refunds,
            self.order_payments,
            self.gift_card_uses,
            self.payment_ledger,
            self.ports.payment_providers,
            self.settling,
        )

    @cached_property
    def _cart_purchases(self) -> CartPurchaseService:
        purchases = self.repositories.cart_purchases
        return CartPurchaseService(self.carts, purchases, self.viewer, self.clock)

    @cached_property
    def _placing(self) -> PlacingService:
        own = self.repositories
        return PlacingService(
            self._claims,
            self.allocations,
            self.order_writer,
            own.order_writes,
            own.order_payments,
            self._cart_purchases,
            self.when_paid,
            self.clock,
        )
