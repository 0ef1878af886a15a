"""Litestore's webhooks. Events of creator content, reviews and commissions have no rows yet."""

from decimal import Decimal
from typing import Any, Final

from commerce.core.events import EventType
from commerce.core.happened import Happened
from commerce.rest.hooks import DialectEvent, DialectHooks, Headers, Telling, hex_signature
from commerce.rest.printing import seconds, shortest
from commerce.rest.route import Json


def purchased(_node: Any, telling: Telling) -> Json:
    """Numbers as JavaScript writes them: receivers hash the body they have parsed and printed."""
    happened, data = telling.happened, telling.happened.data
    return {
        "orderId": f"order-{data['order_id']}",
        "productId": f"prod-{happened.resource_id}",
        "quantity": data["quantity"],
        "revenue": shortest(Decimal(data["revenue"])),
        "referrer": None,
        "purchasedAt": seconds(happened.occurred_at.isoformat()),
    }


def envelope(name: str, data: Json, _happened: Happened) -> Json:
    return {"event": name, "data": data}


def sign(_name: str, body: bytes, secret: str) -> Headers:
    return {"x-litestore-signature": hex_signature(body, secret)}


LITESTORE_HOOKS: Final = DialectHooks(
    dialect="litestore",
    events=(DialectEvent(EventType.PRODUCT_PURCHASED, "product.purchased", None, purchased),),
    envelope=envelope,
    sign=sign,
    waits=(1, 2, 4, 8),
)
