"""Mails about orders. What they say is written when they are sent."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final, TypeGuard

from commerce.carts.kinds import CartState
from commerce.carts.repository.carts import CartRepository
from commerce.core.money import formatted
from commerce.core.problems import BadInputError
from commerce.notifications.messages import Mail, ShortText
from commerce.orders.repository.lines import OrderLineRepository
from commerce.orders.repository.orders import OrderRepository, OrderRow
from commerce.orders.repository.refunds import RefundRepository
from commerce.orders.repository.shipments import FulfillmentRepository
from commerce.payments.repository.payments import PaymentRepository, PaymentRow
from commerce.store.service import StoreService

PLACED: Final = "order_placed"
RECEIVED: Final = "order_received"
SHIPPED: Final = "order_shipped"
CANCELED: Final = "order_canceled"
REFUNDED: Final = "order_refunded"
RETURNED: Final = "payment_returned"
PAID: Final = "order_paid"
NEWS: Final = "order_news"
REFUND_FAILED: Final = "refund_failed"
PLACED_SMS: Final = "order_placed_sms"
SHIPPED_SMS: Final = "order_shipped_sms"

Data = Mapping[str, Any]
FALLBACK: Final = "en"


class OrderMailService:
    """Each answers None when there is nobody to write to any more."""

    def __init__(
        self,
        orders: OrderRepository,
        lines: OrderLineRepository,
        fulfillments: FulfillmentRepository,
        refunds: RefundRepository,
        carts: CartRepository,
        payments: PaymentRepository,
        store: StoreService,
    ) -> None:
        self._orders = orders
        self._lines = lines
        self._fulfillments = fulfillments
        self._refunds = refunds
        self._carts = carts
        self._payments = payments
        self._store = store

    async def placed(self, data: Data) -> Mail | None:
        order = await self._order(data)
        return None if order is None else _mail(PLACED, order, **await self._sums(order))

    async def placed_text(self, data: Data) -> ShortText | None:
        order = await self._any_order(data)
        return (
            _text(PLACED, order, total=_amount(order, order.total)) if _has_phone(order) else None
        )

    async def paid(self, data: Data) -> Mail | None:
        order = await self._order(data)
        return None if order is None else _mail(PAID, order, total=_amount(order, order.total))

    async def news(self, data: Data, news: str) -> Mail | None:
        """To somebody of the shop's, in their language: it was `paid`, `canceled`, `refunded`."""
        order = await self._any_order(data)
        if order is None:
            return None
        said = {"number": order.number, "name": order.name or order.email or ""}
        total = _amount(order, order.total, data["locale"])
        return Mail(NEWS, data["to"], data["locale"], {**said, "news": news, "total": total})

    async def refund_failed(self, data: Data) -> Mail | None:
        """To somebody of the shop's: money that was to go back to a buyer has not."""
        order = await self._any_order(data)
        if order is None:
            return None
        amount = _amount(order, Decimal(data["amount"]), data["locale"])
        said = {"number": order.number, "amount": amount, "reason": data["reason"]}
        return Mail(REFUND_FAILED, data["to"], data["locale"], said)

    async def received(self, data: Data) -> Mail | None:
        """To somebody of the shop's, in the buyer's language: it repeats what the buyer reads."""
        order = await self._any_order(data)
        if order is None:
            return None
        said = {"number": order.number, "name": order.name or order.email or ""}
        return Mail(RECEIVED, data["to"], _locale(order), {**said, **await self._sums(order)})

    async def shipped(self, data: Data) -> Mail | None:
        order = await self._order(data)
        found = await self._fulfillments.by_ids([data["fulfillment_id"]])
        parcel = found.get(data["fulfillment_id"])
        if order is None or parcel is None:
            return None
        units = await self._fulfillments.units([parcel.id])
        lines = {line.id: line for line in (await self._lines.all_by_order([order.id]))[order.id]}
        shown = [
            {"title": _title(lines[line_id]), "quantity": quantity}
            for line_id, quantity in units[parcel.id].items()
        ]
        told = {"carrier": parcel.carrier, "tracking_number": parcel.tracking_number}
        return _mail(SHIPPED, order, lines=shown, tracking_url=parcel.tracking_url, **told)

    async def shipped_text(self, data: Data) -> ShortText | None:
        order = await self._any_order(data)
        found = await self._fulfillments.by_ids([data["fulfillment_id"]])
        parcel = found.get(data["fulfillment_id"])
        if parcel is None or not _has_phone(order):
            return None
        told = {"carrier": parcel.carrier, "tracking_number": parcel.tracking_number}
        return _text(SHIPPED, order, tracking_url=parcel.tracking_url, **told)

    async def canceled(self, data: Data) -> Mail | None:
        order = await self._order(data)
        return None if order is None else _mail(CANCELED, order)

    async def refunded(self, data: Data) -> Mail | None:
        order = await self._order(data)
        refund = (await self._refunds.by_ids([data["refund_id"]])).get(data["refund_id"])
        if order is None or refund is None:
            return None
        return _mail(REFUNDED, order, amount=_amount(order, refund.amount))

    async def returned(self, data: Data) -> Mail | None:
        """Of money that came when there was nothing to buy with it any more."""
        payment = (await self._payments.by_ids([data["payment_id"]])).get(data["payment_id"])
        bought = None if payment is None else await self._paid_for(payment)
        if payment is None or bought is None or bought.email is None:
            return None
        cart_goes_on = payment.order_id is None and bought.state is CartState.ACTIVE
        locale = bought.locale or (await self._store.settings()).locale
        said = {
            "amount": _amount(bought, payment.amount, locale),
            "sold_out": data["sold_out"],
            "token": bought.token if cart_goes_on else "",
        }
        return Mail(RETURNED, bought.email, locale, said)

    async def _paid_for(self, payment: PaymentRow) -> Any:
        """The row of the order or the cart that a payment was meant for."""
        if payment.order_id is not None:
            return (await self._orders.by_ids([payment.order_id])).get(payment.order_id)
        return (await self._carts.by_ids([payment.cart_id])).get(payment.cart_id)

    async def _sums(self, order: OrderRow) -> dict[str, Any]:
        """What was bought, and what it comes to."""
        lines = await self._lines.all_by_order([order.id])
        shown = [
            {"title": _title(line), "quantity": line.quantity, "amount": _amount(order, line.gross)}
            for line in lines.get(order.id, ())
        ]
        return {
            "lines": shown,
            "shipping": _amount(order, order.shipping),
            "surcharges": [
                {"name": held["name"], "amount": _amount(order, Decimal(held["charge"]["gross"]))}
                for held in order.surcharges
            ],
            "total": _amount(order, order.total),
            "due": _amount(order, order.due),
        }

    async def _order(self, data: Data) -> OrderRow | None:
        """One whose buyer can be written to."""
        order = await self._any_order(data)
        return None if order is None or order.email is None else order

    async def _any_order(self, data: Data) -> OrderRow | None:
        return (await self._orders.by_ids([data["order_id"]])).get(data["order_id"])


def _mail(template: str, order: OrderRow, **context: Any) -> Mail:
    return Mail(template, order.email, _locale(order), {**_known(order), **context})


def _text(template: str, order: OrderRow, **context: Any) -> ShortText:
    return ShortText(template, order.phone, _locale(order), {**_known(order), **context})


def _known(order: OrderRow) -> dict[str, str]:
    return {"number": order.number, "token": order.token or ""}


def _has_phone(order: OrderRow | None) -> TypeGuard[OrderRow]:
    return order is not None and bool(order.phone)


def _locale(order: OrderRow) -> str:
    return order.locale or FALLBACK


def _title(line: Any) -> str:
    return f"{line.title} ({line.variant_title})" if line.variant_title else str(line.title)


def _amount(order: Any, amount: Any, locale: str = "") -> str:
    """In the buyer's language unless another is said."""
    try:
        return formatted(amount, order.currency, locale or _locale(order))
    except BadInputError:  # a language that nobody here knows
        return formatted(amount, order.currency, FALLBACK)
