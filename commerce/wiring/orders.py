"""What was bought, and what happens with it."""

from functools import cached_property

from commerce.files.repository.files import FileRepository
from commerce.orders.ports import WhenPaid, nothing
from commerce.orders.repository.coupon_sales import CouponSalesRepository
from commerce.orders.repository.events import OrderEventRepository
from commerce.orders.repository.history import OrderHistoryRepository
from commerce.orders.repository.lines import OrderLineRepository
from commerce.orders.repository.orders import OrderRepository
from commerce.orders.repository.paying import OrderPaymentRepository
from commerce.orders.repository.refunds import RefundRepository
from commerce.orders.repository.reports import OrderReportRepository
from commerce.orders.repository.shipments import FulfillmentRepository, ReturnRepository
from commerce.orders.repository.statuses import OrderStatusRepository
from commerce.orders.repository.writing import OrderWriteRepository
from commerce.orders.service.arriving import OrderArrivalService
from commerce.orders.service.canceling import OrderCancelService
from commerce.orders.service.changes import OrderChangeService
from commerce.orders.service.claims import ClaimService
from commerce.orders.service.creating import OrderCreateService
from commerce.orders.service.desk import OrderDesk
from commerce.orders.service.drafts import OrderDraftService
from commerce.orders.service.editing import OrderEditService
from commerce.orders.service.fulfilling import FulfillmentService
from commerce.orders.service.mails import OrderMailService
from commerce.orders.service.marking_paid import OrderMarkPaidService
from commerce.orders.service.money_back import MoneyBackService
from commerce.orders.service.order_payments import OrderPaymentService
from commerce.orders.service.orders import OrderService
from commerce.orders.service.refunds import OrderRefundService
from commerce.orders.service.repeating import OrderRepeatService
from commerce.orders.service.reports import OrderReportService
from commerce.orders.service.returns import ReturnService
from commerce.orders.service.statuses import OrderStatusService
from commerce.orders.service.writing import OrderWriter
from commerce.wiring.carts import CartsRepositories, CartsServices
from commerce.wiring.customers import CustomersRepositories, CustomersServices
from commerce.wiring.gift_cards import GiftCardsRepositories, GiftCardsServices
from commerce.wiring.payments import PaymentsRepositories, PaymentsServices
from commerce.wiring.promotions import PromotionsRepositories, PromotionsServices
from commerce.wiring.selling import SellingRepositories, SellingServices
from commerce.wiring.store import StoreRepositories, StoreServices


class OrdersRepositories(
    CartsRepositories,
    PaymentsRepositories,
    GiftCardsRepositories,
    PromotionsRepositories,
    StoreRepositories,
    SellingRepositories,
    CustomersRepositories,
):
    @cached_property
    def orders(self) -> OrderRepository:
        return OrderRepository(self._uow, self.viewer)

    @cached_property
    def order_reports(self) -> OrderReportRepository:
        return OrderReportRepository(self._uow, self.viewer)

    @cached_property
    def order_writes(self) -> OrderWriteRepository:
        return OrderWriteRepository(self._uow, self.viewer)

    @cached_property
    def order_lines(self) -> OrderLineRepository:
        return OrderLineRepository(self._uow, self.viewer)

    @cached_property
    def order_events(self) -> OrderEventRepository:
        return OrderEventRepository(self._uow, self.viewer)

    @cached_property
    def fulfillments(self) -> FulfillmentRepository:
        return FulfillmentRepository(self._uow, self.viewer)

    @cached_property
    def returns(self) -> ReturnRepository:
        return ReturnRepository(self._uow, self.viewer)

    @cached_property
    def order_statuses(self) -> OrderStatusRepository:
        return OrderStatusRepository(self._uow)

    @cached_property
    def order_payments(self) -> OrderPaymentRepository:
        return OrderPaymentRepository(self._uow)

    @cached_property
    def coupon_sales(self) -> CouponSalesRepository:
        return CouponSalesRepository(self._uow)

    @cached_property
    def refunds(self) -> RefundRepository:
        return RefundRepository(self._uow, self.viewer)


class OrdersServices(
    CartsServices,
    PaymentsServices,
    GiftCardsServices,
    PromotionsServices,
    StoreServices,
    SellingServices,
    CustomersServices,
):
    repositories: OrdersRepositories

    @cached_property
    def order_writer(self) -> OrderWriter:
        own = self.repositories
        return OrderWriter(own.order_writes, own.order_lines, self.store, self.notifications)

    @cached_property
    def order_mails(self) -> OrderMailService:
        own = self.repositories
        return OrderMailService(
            own.orders,
            own.order_lines,
            own.fulfillments,
            own.refunds,
            own.carts,
            own.payments,
            self.store,
        )

    @cached_property
    def orders(self) -> OrderService:
        return OrderService(self.repositories.orders, self.store, self.clock)

    @cached_property
    def order_reports(self) -> OrderReportService:
        return OrderReportService(self.repositories.order_reports, self.store)

    @cached_property
    def order_statuses(self) -> OrderStatusService:
        return OrderStatusService(self.repositories.order_statuses)

    @cached_property
    def order_changes(self) -> OrderChangeService:
        return OrderChangeService(
            self._order_desk,
            self.repositories.order_statuses,
            self.order_cancellations,
            FileRepository(self.uow, self.viewer),
            self.clock,
        )

    @cached_property
    def order_arrivals(self) -> OrderArrivalService:
        orders = self.repositories.orders
        return OrderArrivalService(self.uow, orders, self._order_desk, self.allocations)

    @cached_property
    def order_cancellations(self) -> OrderCancelService:
        own = self.repositories
        return OrderCancelService(
            self._order_desk,
            own.order_lines,
            self.redemptions,
            self.gift_card_uses,
            self.allocations,
            MoneyBackService(self.payment_ledger, self.order_refunds),
            self.notifications,
            self.clock,
        )

    @cached_property
    def order_editing(self) -> OrderEditService:
        own = self.repositories
        return OrderEditService(
            self._order_desk,
            own.order_lines,
            own.order_writes,
            self.cart_pricing,
            self.gift_card_uses,
            self.allocations,
            self.order_payments,
            self.clock,
        )

    @cached_property
    def order_payments(self) -> OrderPaymentService:
        own = self.repositories
        return OrderPaymentService(
            own.order_payments,
            own.order_writes,
            self.payment_ledger,
            self.allocations,
            self.when_paid,
        )

    @cached_property
    def order_marking(self) -> OrderMarkPaidService:
        methods = self.repositories.payment_methods
        return OrderMarkPaidService(
            self._order_desk, self.payment_ledger, methods, self.order_payments
        )

    @property
    def when_paid(self) -> WhenPaid:
        """What follows from an order being paid, domains above say."""
        return nothing

    @cached_property
    def order_drafts(self) -> OrderDraftService:
        return OrderDraftService(
            self._order_desk,
            self.order_editing,
            self.order_writer,
            self.cart_pricing,
            self.repositories.profiles,
            self._claims,
            self.order_payments,
            self.allocations,
            self.store,
            self.clock,
        )

    @cached_property
    def order_creating(self) -> OrderCreateService:
        return OrderCreateService(
            self.order_drafts,
            self.order_payments,
            self.payment_ledger,
            self.payment_methods,
            self.repositories.shipping_methods,
        )

    @cached_property
    def _claims(self) -> ClaimService:
        return ClaimService(self.redemptions, self.gift_card_uses, self.reservations)

    @cached_property
    def order_repeats(self) -> OrderRepeatService:
        return OrderRepeatService(self._order_desk, self.cart_pricing, self.cart_lines, self.clock)

    @property
    def order_history(self) -> OrderHistoryRepository:
        return OrderHistoryRepository(self.uow)

    @cached_property
    def fulfillments(self) -> FulfillmentService:
        own = self.repositories
        return FulfillmentService(
            self._order_desk,
            own.fulfillments,
            own.order_lines,
            self.allocations,
            self.notifications,
            self.clock,
            self.viewer.name,
        )

    @cached_property
    def order_refunds(self) -> OrderRefundService:
        own = self.repositories
        return OrderRefundService(
            own.refunds,
            own.order_lines,
            own.order_writes,
            self.notifications,
            self.clock,
            self.viewer.name,
        )

    @cached_property
    def returns(self) -> ReturnService:
        own = self.repositories
        return ReturnService(
            self._order_desk,
            own.returns,
            own.order_lines,
            self.allocations,
            self.viewer,
            self.clock,
        )

    @cached_property
    def _order_desk(self) -> OrderDesk:
        own = self.repositories
        return OrderDesk(own.orders, own.order_writes, own.order_lines)
