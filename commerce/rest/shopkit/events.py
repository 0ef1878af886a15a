"""Shopkit's webhooks."""

from typing import Any, Final

from commerce.core.events import EventType
from commerce.core.happened import Happened
from commerce.core.ids import global_id
from commerce.rest.hooks import (
    DialectEvent,
    DialectHooks,
    Headers,
    Telling,
    by_id,
    hex_signature,
)
from commerce.rest.route import Json, Node
from commerce.rest.shopkit.carts import cart as cart_of
from commerce.rest.shopkit.clients import shapes as clients
from commerce.rest.shopkit.orders import shapes as orders
from commerce.rest.shopkit.products import shapes

HOUR: Final = 3600.0


def order(node: Node, telling: Telling) -> Json:
    return {"order": orders.order(node, telling.call)}


def product(node: Node, telling: Telling) -> Json:
    """Archived ones are deleted to Shopkit's clients: of those nothing is told but that."""
    if node["status"] == "ARCHIVED":
        return gone(node, telling)
    return {"product": shapes.product(node, telling.call)}


def gone(_node: Any, telling: Telling) -> Json:
    return {"product": {"id": telling.happened.resource_id}}


def of_variant(node: Node, telling: Telling) -> Json:
    """The whole product whose stock it is."""
    return product(node["product"], telling)


def client(node: Node, _telling: Telling) -> Json:
    return {"client": clients.told(node)}


def client_gone(_node: Any, telling: Telling) -> Json:
    return {"client": {"id": telling.happened.resource_id}}


def reader(node: Node, _telling: Telling) -> Json:
    return {"client": clients.reader(node)}


def cart(node: Node, telling: Telling) -> Json:
    return {"cart": cart_of(node, telling.call)}


def whole_product(happened: Happened) -> dict[str, Any]:
    return by_id(happened) | {"readStock": True, "readOrders": True, "readFiles": False}


def of_order(happened: Happened) -> dict[str, Any]:
    """The order that a payment or an invoice is of."""
    return {"id": global_id("Order", happened.data["order_id"])}


def pays_an_order(happened: Happened) -> bool:
    """A payment of a cart that was not bought has no order to tell of."""
    return happened.data.get("order_id") is not None


def is_invoice(happened: Happened) -> bool:
    """And no credit note."""
    return happened.data.get("kind") == "invoice"


def by_mail(happened: Happened) -> bool:
    """A newsletter comes by mail, not by SMS."""
    return happened.data.get("channel") == "email"


def envelope(_name: str, data: Json, _happened: Happened) -> Json:
    """The name is in a header."""
    return data


def sign(name: str, body: bytes, secret: str) -> Headers:
    return {
        "user-agent": "Shopkit-Webhook",
        "x-shopkit-event": name,
        "x-webhook-signature": hex_signature(body, secret),
        "x-platform": "Shopkit",
        "x-shopkit-environment": "production",
    }


def _order(type_: EventType, name: str) -> DialectEvent:
    return DialectEvent(type_, name, "ShopkitOrderEvent", order)


def _product(type_: EventType, name: str) -> DialectEvent:
    return DialectEvent(type_, name, "ShopkitProduct", product, whole_product)


def _reader(type_: EventType, name: str) -> DialectEvent:
    return DialectEvent(type_, name, "ShopkitClient", reader, when=by_mail)


def _client(type_: EventType, name: str) -> DialectEvent:
    return DialectEvent(type_, name, "ShopkitClient", client)


SHOPKIT_HOOKS: Final = DialectHooks(
    dialect="shopkit",
    events=(
        _order(EventType.ORDER_CREATED, "order_created"),
        _order(EventType.ORDER_UPDATED, "order_updated"),
        _order(EventType.ORDER_PAID, "order_paid"),
        _order(EventType.ORDER_SHIPPED, "order_sent"),
        _order(EventType.ORDER_AWAITING_SHIPMENT, "order_waiting_shipment"),
        _order(EventType.ORDER_READY_FOR_PICKUP, "order_pickup_available"),
        _order(EventType.ORDER_DELIVERED, "order_delivered"),
        _order(EventType.ORDER_STATUS_CHANGED, "order_change_status"),
        _order(EventType.ORDER_PAYMENT_CHANGED, "order_change_payment"),
        _order(EventType.ORDER_INVOICED, "order_invoice"),
        DialectEvent(
            EventType.INVOICE_ISSUED,
            "order_invoiced",
            "ShopkitOrderEvent",
            order,
            of_order,
            is_invoice,
        ),
        DialectEvent(
            EventType.PAYMENT_FAILED,
            "order_payment_failed",
            "ShopkitOrderEvent",
            order,
            of_order,
            pays_an_order,
        ),
        _order(EventType.ORDER_CANCELED, "order_canceled"),
        _order(EventType.ORDER_RETURNED, "order_returned"),
        _order(EventType.ORDER_ARCHIVED, "order_deleted"),
        _order(EventType.ORDER_TAGGED, "order_tag_added"),
        _product(EventType.PRODUCT_CREATED, "product_created"),
        _product(EventType.PRODUCT_UPDATED, "product_updated"),
        DialectEvent(EventType.PRODUCT_DELETED, "product_deleted", None, gone),
        DialectEvent(
            EventType.STOCK_CHANGED,
            "product_updated_stock",
            "ShopkitStockEvent",
            of_variant,
            whole_product,
        ),
        _client(EventType.CUSTOMER_CREATED, "client_created"),
        _client(EventType.CUSTOMER_UPDATED, "client_updated"),
        _client(EventType.CUSTOMER_TAGGED, "client_tag_added"),
        DialectEvent(EventType.CUSTOMER_ERASED, "client_deleted", None, client_gone),
        _reader(EventType.CUSTOMER_SUBSCRIBED, "newsletter_subscribed"),
        _reader(EventType.CUSTOMER_UNSUBSCRIBED, "newsletter_unsubscribed"),
        DialectEvent(EventType.CART_ABANDONED, "cart_abandoned", "ShopkitCartEvent", cart),
    ),
    envelope=envelope,
    sign=sign,
    waits=(HOUR,) * 5,
    suspends=True,
    shop_time=True,
)
