"""Facts that others may react to, told by the transaction that makes them true."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Any, Final


class EventType(Enum):
    """What can happen, by the name that webhooks and logs know it by."""

    ORDER_CREATED = "order.created"
    ORDER_UPDATED = "order.updated"
    ORDER_DRAFTED = "order.drafted"
    ORDER_EDITED = "order.edited"
    ORDER_NOTED = "order.noted"
    ORDER_TAGGED = "order.tagged"
    ORDER_PAID = "order.paid"
    ORDER_PAYMENT_CHANGED = "order.payment_changed"
    ORDER_SHIPPED = "order.shipped"
    ORDER_DELIVERED = "order.delivered"
    ORDER_STATUS_CHANGED = "order.status_changed"
    ORDER_AWAITING_SHIPMENT = "order.awaiting_shipment"
    ORDER_READY_FOR_PICKUP = "order.ready_for_pickup"
    ORDER_INVOICED = "order.invoiced"
    ORDER_CANCELED = "order.canceled"
    ORDER_RETURNED = "order.returned"
    ORDER_REFUNDED = "order.refunded"
    ORDER_ARCHIVED = "order.archived"
    ORDER_UNARCHIVED = "order.unarchived"
    FULFILLMENT_CREATED = "fulfillment.created"
    FULFILLMENT_UPDATED = "fulfillment.updated"
    FULFILLMENT_DELIVERED = "fulfillment.delivered"
    FULFILLMENT_CANCELED = "fulfillment.canceled"
    RETURN_REQUESTED = "return.requested"
    RETURN_APPROVED = "return.approved"
    RETURN_REFUSED = "return.refused"
    RETURN_RECEIVED = "return.received"
    INVOICE_ISSUED = "invoice.issued"
    PAYMENT_AUTHORIZED = "payment.authorized"
    PAYMENT_CAPTURED = "payment.captured"
    PAYMENT_FAILED = "payment.failed"
    PAYMENT_REFUNDED = "payment.refunded"
    PAYMENT_VOIDED = "payment.voided"
    GIFT_CARD_CREATED = "gift_card.created"
    GIFT_CARD_UPDATED = "gift_card.updated"
    GIFT_CARD_BALANCE_CHANGED = "gift_card.balance_changed"
    CART_CREATED = "cart.created"
    CART_UPDATED = "cart.updated"
    CART_ABANDONED = "cart.abandoned"
    STOCK_CHANGED = "stock.changed"
    STOCK_LOW = "stock.low"
    STOCK_LOCATION_CREATED = "stock_location.created"
    STOCK_LOCATION_UPDATED = "stock_location.updated"
    PRODUCT_PURCHASED = "product.purchased"
    PRODUCT_CREATED = "product.created"
    PRODUCT_UPDATED = "product.updated"
    PRODUCT_DELETED = "product.deleted"
    PRODUCT_VARIANTS_CHANGED = "product.variants_changed"
    PRODUCT_PRICES_CHANGED = "product.prices_changed"
    VARIANT_UPDATED = "variant.updated"
    CATEGORY_CREATED = "category.created"
    CATEGORY_UPDATED = "category.updated"
    CATEGORY_DELETED = "category.deleted"
    COLLECTION_CREATED = "collection.created"
    COLLECTION_UPDATED = "collection.updated"
    COLLECTION_DELETED = "collection.deleted"
    BRAND_CREATED = "brand.created"
    BRAND_UPDATED = "brand.updated"
    BRAND_DELETED = "brand.deleted"
    ATTRIBUTE_CREATED = "attribute.created"
    ATTRIBUTE_UPDATED = "attribute.updated"
    ATTRIBUTE_DELETED = "attribute.deleted"
    PRICE_LIST_CREATED = "price_list.created"
    PRICE_LIST_UPDATED = "price_list.updated"
    PROMOTION_CREATED = "promotion.created"
    PROMOTION_UPDATED = "promotion.updated"
    PROMOTION_DELETED = "promotion.deleted"
    COUPON_CREATED = "coupon.created"
    COUPON_UPDATED = "coupon.updated"
    COUPON_DELETED = "coupon.deleted"
    CUSTOMER_REGISTERED = "customer.registered"
    CUSTOMER_CREATED = "customer.created"
    CUSTOMER_UPDATED = "customer.updated"
    CUSTOMER_ERASED = "customer.erased"
    CUSTOMER_TAGGED = "customer.tagged"
    CUSTOMER_SUBSCRIBED = "customer.subscribed"
    CUSTOMER_UNSUBSCRIBED = "customer.unsubscribed"
    CUSTOMER_GROUP_CREATED = "customer_group.created"
    CUSTOMER_GROUP_UPDATED = "customer_group.updated"
    CUSTOMER_GROUP_DELETED = "customer_group.deleted"
    JOB_UPDATED = "job.updated"
    WEBHOOK_ENDPOINT_DISABLED = "webhook_endpoint.disabled"


def always(_data: Mapping[str, Any]) -> bool:
    """Most of what happened is told whatever else happened with it."""
    return True


@dataclass(frozen=True, slots=True)
class Event:
    """What happened to one thing, named as the schema names its type: `Order`, 12.

    `data` is JSON that says what changed, without secrets and without anything about a person: it
    is kept as it is now, and sent to whoever listens. `part` tells what happened to one part of
    the thing from what happened to another. `holds` is asked at the end of the transaction, about
    all that happened in it: what went down and up again did not go down.
    """

    type: EventType
    resource_type: str
    resource_id: int
    data: Mapping[str, Any] = field(default_factory=dict)
    part: Hashable = None
    holds: Callable[[Mapping[str, Any]], bool] = field(default=always, compare=False)


# Who hears that a thing is there need not be told that it changed while it was made.
TOLD_BY: Final[Mapping[EventType, EventType]] = {
    EventType.ORDER_STATUS_CHANGED: EventType.ORDER_CREATED,
    EventType.CART_UPDATED: EventType.CART_CREATED,
    EventType.PRODUCT_UPDATED: EventType.PRODUCT_CREATED,
    EventType.PRODUCT_VARIANTS_CHANGED: EventType.PRODUCT_CREATED,
    EventType.PRODUCT_PRICES_CHANGED: EventType.PRODUCT_CREATED,
    EventType.CATEGORY_UPDATED: EventType.CATEGORY_CREATED,
    EventType.COLLECTION_UPDATED: EventType.COLLECTION_CREATED,
    EventType.BRAND_UPDATED: EventType.BRAND_CREATED,
    EventType.CUSTOMER_UPDATED: EventType.CUSTOMER_CREATED,
    EventType.GIFT_CARD_BALANCE_CHANGED: EventType.GIFT_CARD_CREATED,
}
FIRST: Final = frozenset((*TOLD_BY.values(), EventType.ORDER_DRAFTED))

Thing = tuple[EventType, str, int, Hashable]


class Recording:
    """What a transaction has told so far: of each type one event for each thing, at most."""

    def __init__(self) -> None:
        self._events: dict[Thing, Event] = {}

    def add(self, event: Event) -> None:
        thing = (event.type, event.resource_type, event.resource_id, event.part)
        known = self._events.get(thing)
        if known is not None:
            event = replace(event, data=_both(known.data, event.data))
        self._events[thing] = event

    def clear(self) -> None:
        self._events.clear()

    def told(self) -> Sequence[Event]:
        """What there is now and was not before, then the rest, each in the order it was told."""
        news = [each for each in self._events.values() if self._is_news(each)]
        return sorted(news, key=lambda event: event.type not in FIRST)

    def _is_news(self, event: Event) -> bool:
        by = TOLD_BY.get(event.type)
        known = (
            by is not None and (by, event.resource_type, event.resource_id, None) in self._events
        )
        return not known and event.holds(event.data)


def _both(before: Mapping[str, Any], after: Mapping[str, Any]) -> Mapping[str, Any]:
    """What two changes come to: `from` where the first one started, with all that is in lists."""
    data = {**before, **after}
    for name, said in before.items():
        if name == "from":
            data[name] = said
        elif isinstance(said, list) and isinstance(data[name], list):
            data[name] = list(dict.fromkeys((*said, *data[name])))
    return data
