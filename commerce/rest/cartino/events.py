"""Cartino's webhooks: bodies as its REST answers show the same things."""

from typing import Any, Final

from commerce.core.events import EventType
from commerce.core.happened import Happened
from commerce.rest.cartino.customers import shapes as customers
from commerce.rest.cartino.orders import shapes as orders
from commerce.rest.cartino.products import shapes
from commerce.rest.hooks import (
    DialectEvent,
    DialectHooks,
    Headers,
    Telling,
    by_id,
    hex_signature,
)
from commerce.rest.printing import seconds
from commerce.rest.route import Json, Node


def order(node: Node, _telling: Telling) -> Json:
    return orders.summary(node)


def product(node: Node, telling: Telling) -> Json:
    return shapes.product(node, telling.call)["data"]


def customer(node: Node, _telling: Telling) -> Json:
    return customers.who(node)


def gone(_node: Any, telling: Telling) -> Json:
    return {"id": telling.happened.resource_id}


def whole_product(happened: Happened) -> dict[str, Any]:
    told = ("withOptions", "withCategories", "withMedia", "readPrices", "readStock")
    return by_id(happened) | dict.fromkeys(told, True)


def envelope(name: str, data: Json, happened: Happened) -> Json:
    return {"event": name, "data": data, "timestamp": seconds(happened.occurred_at.isoformat())}


def sign(_name: str, body: bytes, secret: str) -> Headers:
    return {"x-cartino-signature": f"sha256={hex_signature(body, secret)}"}


def _order(type_: EventType, name: str) -> DialectEvent:
    return DialectEvent(type_, name, "CartinoOrderEvent", order)


def _product(type_: EventType, name: str) -> DialectEvent:
    return DialectEvent(type_, name, "CartinoProduct", product, whole_product)


CARTINO_HOOKS: Final = DialectHooks(
    dialect="cartino",
    events=(
        _order(EventType.ORDER_CREATED, "order.created"),
        _order(EventType.ORDER_PAID, "order.paid"),
        _order(EventType.ORDER_UPDATED, "order.updated"),
        _order(EventType.ORDER_CANCELED, "order.cancelled"),
        _order(EventType.ORDER_SHIPPED, "order.fulfilled"),
        _product(EventType.PRODUCT_CREATED, "product.created"),
        _product(EventType.PRODUCT_UPDATED, "product.updated"),
        DialectEvent(EventType.PRODUCT_DELETED, "product.deleted", None, gone),
        DialectEvent(
            EventType.CUSTOMER_REGISTERED, "customer.registered", "CartinoCustomerEvent", customer
        ),
        DialectEvent(
            EventType.CUSTOMER_UPDATED, "customer.updated", "CartinoCustomerEvent", customer
        ),
    ),
    envelope=envelope,
    sign=sign,
    waits=(60, 120, 240, 480, 960),
)
