"""Litekart's webhooks. Its documents name the occasions alone; the rest is our choice."""

from decimal import Decimal
from typing import Any, Final

from commerce.core.events import EventType
from commerce.core.happened import Happened
from commerce.rest.hooks import DialectEvent, DialectHooks, Headers, Telling, hex_signature
from commerce.rest.printing import amount, shortest
from commerce.rest.route import Json, Node

STATUSES: Final = {
    "PROCESSING": "processing",
    "SHIPPED": "shipped",
    "DELIVERED": "delivered",
    "COMPLETED": "delivered",
    "CANCELED": "cancelled",
}


def order(node: Node, _telling: Telling) -> Json:
    cost, customer = node["cost"], node["customer"]
    paid = node["paymentStatus"] == "PAID"
    return {
        "id": str(node["databaseId"]),
        "orderNo": node["number"],
        "status": STATUSES.get(node["status"], "pending"),
        "userId": None if customer is None else str(customer["databaseId"]),
        "userEmail": node["email"],
        "userPhone": node["phone"],
        "currencyCode": node["currencyCode"],
        "subtotal": number(cost["subtotal"]),
        "discount": number(cost["discount"]),
        "tax": number(cost["tax"]),
        "shippingCharges": number(cost["shipping"] and cost["shipping"]["gross"]) or Decimal(0),
        "total": number(cost["total"]),
        "amountPaid": number(cost["paid"]),
        "amountRefunded": number(cost["refunded"]),
        "paid": paid,
        "paymentStatus": node["paymentStatus"].lower(),
        "lineItems": [_line(line) for line in node["lines"]["nodes"]],
        "createdAt": milliseconds(node["placedAt"] or node["createdAt"]),
        "updatedAt": milliseconds(node["updatedAt"]),
    }


def inventory(node: Node, telling: Telling) -> Json:
    return {
        "variantId": str(node["databaseId"]),
        "productId": str(node["product"]["databaseId"]),
        "sku": node["sku"],
        "stock": node["availability"]["quantity"],
    }


def user(node: Node, _telling: Telling) -> Json:
    return {
        "id": str(node["databaseId"]),
        "email": node["email"],
        "phone": node["phone"],
        "firstName": node["firstName"],
        "lastName": node["lastName"],
        "createdAt": milliseconds(node["createdAt"]),
        "updatedAt": milliseconds(node["updatedAt"]),
    }


def number(money: Any) -> Decimal | None:
    found = amount(money)
    return None if found is None else shortest(found)


def milliseconds(time: str) -> str:
    """`2024-01-01T00:00:00.000Z`."""
    fraction = time[20:23] if time[19:20] == "." else ""
    return f"{time[:19]}.{fraction.ljust(3, '0')}Z"


def envelope(name: str, data: Json, happened: Happened) -> Json:
    at = milliseconds(happened.occurred_at.isoformat())
    return {"id": happened.name, "event": name, "createdAt": at, "data": data}


def sign(name: str, body: bytes, secret: str) -> Headers:
    return {"x-litekart-signature": hex_signature(body, secret), "x-litekart-event": name}


def _line(node: Node) -> Json:
    return {
        "id": str(node["databaseId"]),
        "title": node["title"],
        "sku": node["sku"],
        "price": number(node["unitPrice"]),
        "qty": node["quantity"],
        "total": number(node["cost"]["gross"]),
    }


LITEKART_HOOKS: Final = DialectHooks(
    dialect="litekart",
    events=(
        DialectEvent(EventType.ORDER_CREATED, "order.created", "LitekartOrderEvent", order),
        DialectEvent(EventType.ORDER_UPDATED, "order.updated", "LitekartOrderEvent", order),
        DialectEvent(EventType.ORDER_PAID, "payment.completed", "LitekartOrderEvent", order),
        DialectEvent(EventType.STOCK_CHANGED, "inventory.updated", "LitekartStockEvent", inventory),
        DialectEvent(
            EventType.CUSTOMER_REGISTERED, "customer.registered", "LitekartUserEvent", user
        ),
    ),
    envelope=envelope,
    sign=sign,
    waits=(60, 120, 240, 480, 960),
)
