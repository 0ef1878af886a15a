"""The event log: what happened, in the order in which it can be seen."""

from datetime import datetime
from typing import Annotated, Any

import strawberry

from commerce.core.events import EventType
from commerce.core.ids import parse_global_id
from commerce.core.viewer import Scope
from commerce.events.rules import EventFilter
from resolvers.audit import AuditActor
from resolvers.connections import After, Before, Connection, First, Last, Paging, list_scope
from resolvers.context import Info
from resolvers.enums import described
from resolvers.nodes import Node, node_id
from resolvers.permissions import requires
from resolvers.scalars import JSON

described(
    EventType,
    "What happened.",
    ORDER_CREATED="An order was placed.",
    ORDER_UPDATED="Anything about an order changed: accompanies every other event of an order.",
    ORDER_DRAFTED="The shop's people began an order for somebody.",
    ORDER_EDITED="What was bought was changed, or on which terms.",
    ORDER_NOTED="Something was written on an order.",
    ORDER_TAGGED="An order got a tag that it did not have.",
    ORDER_PAID="An order was paid for in full.",
    ORDER_PAYMENT_CHANGED="The state of what was paid for an order changed.",
    ORDER_SHIPPED="A parcel of an order was sent.",
    ORDER_DELIVERED="All of an order arrived.",
    ORDER_STATUS_CHANGED="An order's status changed.",
    ORDER_AWAITING_SHIPMENT="An order is packed and waits for the carrier.",
    ORDER_READY_FOR_PICKUP="An order is packed and waits for its buyer.",
    ORDER_INVOICED="An order's invoice was issued.",
    ORDER_CANCELED="An order was canceled.",
    ORDER_RETURNED="Goods came back.",
    ORDER_REFUNDED="Money was given back.",
    ORDER_ARCHIVED="An order was put away.",
    ORDER_UNARCHIVED="An order was taken out again.",
    FULFILLMENT_CREATED="A parcel was sent.",
    FULFILLMENT_UPDATED="It was said how a parcel can be followed.",
    FULFILLMENT_DELIVERED="A parcel arrived.",
    FULFILLMENT_CANCELED="A parcel was called back.",
    RETURN_REQUESTED="Goods are to come back.",
    RETURN_APPROVED="It was agreed that goods come back.",
    RETURN_REFUSED="It was refused that goods come back.",
    RETURN_RECEIVED="Goods that were announced came back.",
    INVOICE_ISSUED="An invoice or a credit note was issued.",
    PAYMENT_AUTHORIZED="Money was set aside.",
    PAYMENT_CAPTURED="Money was taken.",
    PAYMENT_FAILED="Money did not come, or did not go back.",
    PAYMENT_REFUNDED="Some of a payment was given back.",
    PAYMENT_VOIDED="What was set aside was let go.",
    GIFT_CARD_CREATED="A gift card was issued.",
    GIFT_CARD_UPDATED="Anything about a gift card changed but its balance.",
    GIFT_CARD_BALANCE_CHANGED="Something was put on a gift card, or taken off.",
    CART_CREATED="A cart was made.",
    CART_UPDATED="Anything about a cart changed.",
    CART_ABANDONED="A cart was left behind, and its owner was reminded.",
    STOCK_CHANGED="What of a variant is at a location changed, or what of it is promised.",
    STOCK_LOW="What is left of a variant at a location fell to its threshold or below.",
    STOCK_LOCATION_CREATED="A stock location was added.",
    STOCK_LOCATION_UPDATED="Anything about a stock location changed.",
    PRODUCT_PURCHASED="A line of a placed order: one event for each.",
    PRODUCT_CREATED="A product was made.",
    PRODUCT_UPDATED="Anything about a product changed, its variants and prices included.",
    PRODUCT_DELETED="A product was archived.",
    PRODUCT_VARIANTS_CHANGED="Variants of a product were added, changed or archived.",
    PRODUCT_PRICES_CHANGED="Variants of a product have other prices in a list.",
    VARIANT_UPDATED="The metafields of a variant changed.",
    CATEGORY_CREATED="A category was made.",
    CATEGORY_UPDATED="Anything about a category changed, its products included.",
    CATEGORY_DELETED="A category was archived.",
    COLLECTION_CREATED="A collection was made.",
    COLLECTION_UPDATED="Anything about a collection changed, its products included.",
    COLLECTION_DELETED="A collection was deleted.",
    BRAND_CREATED="A brand was made.",
    BRAND_UPDATED="Anything about a brand changed.",
    BRAND_DELETED="A brand was deleted.",
    ATTRIBUTE_CREATED="An attribute was made.",
    ATTRIBUTE_UPDATED="Anything about an attribute changed.",
    ATTRIBUTE_DELETED="An attribute was deleted, with its values.",
    PRICE_LIST_CREATED="A price list was made.",
    PRICE_LIST_UPDATED="Anything about a price list changed but its prices.",
    PROMOTION_CREATED="A promotion was made.",
    PROMOTION_UPDATED="Anything about a promotion changed.",
    PROMOTION_DELETED="A promotion was archived.",
    COUPON_CREATED="A coupon was made.",
    COUPON_UPDATED="Anything about a coupon changed.",
    COUPON_DELETED="A coupon was deleted.",
    CUSTOMER_REGISTERED="Somebody opened an account and proved its address.",
    CUSTOMER_CREATED="The shop's people added a customer.",
    CUSTOMER_UPDATED="Anything about a customer changed.",
    CUSTOMER_ERASED="All that was held about a customer was forgotten.",
    CUSTOMER_TAGGED="A customer got a tag that it did not have.",
    CUSTOMER_SUBSCRIBED="A customer wants to hear of the shop.",
    CUSTOMER_UNSUBSCRIBED="A customer wants to hear of the shop no more.",
    CUSTOMER_GROUP_CREATED="A group of customers was made.",
    CUSTOMER_GROUP_UPDATED="Anything about a group of customers changed.",
    CUSTOMER_GROUP_DELETED="A group of customers was dissolved.",
    JOB_UPDATED="A job went on, ended or failed.",
    WEBHOOK_ENDPOINT_DISABLED="The server gave an endpoint of webhooks up.",
)
LOG = "event_log"
READ = Scope.READ_EVENTS
NOTHING = ("", 0)  # what an id stands for that is none


@strawberry.type(description="Something that happened to one thing. Events are never changed.")
class Event(Node):
    event_id: str = requires(
        READ, description="The same wherever it is sent: `evt_` and 32 hexadecimal digits."
    )
    type: EventType = requires(READ, description="What happened.")
    occurred_at: datetime = requires(READ, description="When.")
    actor: AuditActor = requires(READ, description="By whom.")
    resource_type: str = requires(READ, description="The type of what it happened to: `Order`.")
    resource_id: strawberry.ID = requires(READ, description="The id of what it happened to.")
    resource_database_id: int = requires(READ, description="The number behind `resourceId`.")
    resource_sequence: int = requires(
        READ, description="How many events of the same thing there were, this one included."
    )
    data: JSON = requires(READ, description="What changed, as it was then.")
    request_id: str = requires(READ, description="The `X-Request-ID` of the request.")

    @classmethod
    def of(cls, row: Any) -> "Event":
        return cls(
            id=node_id("Event", row.position),
            database_id=row.position,
            event_id=f"evt_{row.event_id.hex}",
            type=EventType(row.type),
            occurred_at=row.occurred_at,
            actor=AuditActor.of(row.actor),
            resource_type=row.resource_type,
            resource_id=node_id(row.resource_type, row.resource_id),
            resource_database_id=row.resource_id,
            resource_sequence=row.resource_sequence,
            data=row.data,
            request_id=row.request_id,
        )


Types = Annotated[
    list[EventType] | None, strawberry.argument(description="Only of these types; all when absent.")
]
Resource = Annotated[
    strawberry.ID | None, strawberry.argument(description="Only what happened to this thing.")
]


@strawberry.type
class EventQueries:
    @requires(
        READ,
        description="What happened, the oldest first: going on behind the last cursor misses "
        "nothing.",
    )
    async def event_log(
        self,
        info: Info,
        types: Types = None,
        resource_id: Resource = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[Event]:
        wanted = event_filter(types, resource_id)
        paging = Paging(info, list_scope(LOG, wanted), first, after, last, before)
        events = info.context.services.events
        page = await events.page(wanted, paging.args)
        return paging.connection(page, Event.of, lambda limit: events.count(wanted, limit))


def event_filter(types: list[EventType] | None, resource_id: str | None) -> EventFilter:
    resource = None if resource_id is None else parse_global_id(resource_id) or NOTHING
    wanted = None if types is None else tuple(sorted(set(types), key=lambda type_: type_.value))
    return EventFilter(wanted, resource)
