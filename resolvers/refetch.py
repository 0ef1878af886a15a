"""`node` and `nodes`: anything by its global id."""

from asyncio import gather
from collections.abc import Callable
from typing import Annotated, Any

import strawberry

from commerce.core.ids import parse_global_id
from loaders.registry import Loaders
from resolvers.audit import AuditLogEntry
from resolvers.carts.types import Cart
from resolvers.catalog.attributes import Attribute
from resolvers.catalog.brands import Brand
from resolvers.catalog.categories import Category
from resolvers.catalog.collections import Collection
from resolvers.catalog.media import Media
from resolvers.catalog.products import Product
from resolvers.catalog.variants import ProductVariant
from resolvers.context import Info
from resolvers.customers.addresses import CustomerAddress
from resolvers.customers.contacts import CustomerContact
from resolvers.customers.extra_fields import CustomerExtraField
from resolvers.customers.groups import CustomerGroup
from resolvers.customers.types import Customer
from resolvers.events import Event
from resolvers.files.types import File
from resolvers.gift_cards.types import GiftCard
from resolvers.identity.sessions import Session
from resolvers.inventory.levels import StockLevel
from resolvers.inventory.locations import StockLocation
from resolvers.inventory.movements import StockMovement
from resolvers.invoices.series import InvoiceSeries
from resolvers.invoices.types import Invoice
from resolvers.jobs.types import Job
from resolvers.mutations import at_most
from resolvers.nodes import Node
from resolvers.oauth.clients import OAuthClient
from resolvers.orders.lines import OrderLine
from resolvers.orders.parts import Fulfillment, OrderReturn, Refund
from resolvers.orders.statuses import CustomOrderStatus
from resolvers.orders.types import Order
from resolvers.payments.methods import PaymentMethod
from resolvers.payments.types import Payment
from resolvers.permissions import public
from resolvers.pricing.lists import PriceList
from resolvers.pricing.prices import Price
from resolvers.promotions.coupons import Coupon
from resolvers.promotions.types import Promotion
from resolvers.shipping.methods import ShippingMethod
from resolvers.shipping.zones import ShippingZone
from resolvers.staff.api_keys import ApiKey
from resolvers.staff.members import StaffMember
from resolvers.staff.roles import Role
from resolvers.store.menus import Menu
from resolvers.store.pages import StorePage
from resolvers.taxes.classes import TaxClass
from resolvers.taxes.zones import TaxZone
from resolvers.webhooks.types import WebhookDelivery, WebhookEndpoint

# The loader of each kind and the type its rows become; loaders see what the viewer may see.
KINDS: dict[str, tuple[Callable[[Loaders], Any], Callable[[Any], Node]]] = {
    "ApiKey": (lambda loaders: loaders.credentials.api_key_by_id, ApiKey.of),
    "Attribute": (lambda loaders: loaders.catalog.attribute_by_id, Attribute.of),
    "AuditLogEntry": (lambda loaders: loaders.audit.entry_by_id, AuditLogEntry.of),
    "Brand": (lambda loaders: loaders.catalog.brand_by_id, Brand.of),
    "Cart": (lambda loaders: loaders.carts.by_id, Cart.of),
    "Category": (lambda loaders: loaders.catalog.category_by_id, Category.of),
    "Collection": (lambda loaders: loaders.catalog.collection_by_id, Collection.of),
    "Coupon": (lambda loaders: loaders.promotions.coupon_by_id, Coupon.of),
    "Customer": (lambda loaders: loaders.customers.customer_by_id, Customer.of),
    "CustomerContact": (lambda loaders: loaders.customers.contact_by_id, CustomerContact.of),
    "CustomerExtraField": (
        lambda loaders: loaders.customers.extra_field_by_id,
        CustomerExtraField.of,
    ),
    "CustomerGroup": (lambda loaders: loaders.customers.group_by_id, CustomerGroup.of),
    "CustomerAddress": (lambda loaders: loaders.customers.address_by_id, CustomerAddress.of),
    "CustomOrderStatus": (
        lambda loaders: loaders.orders.status_by_id,
        CustomOrderStatus.of,
    ),
    "Event": (lambda loaders: loaders.events.event_by_position, Event.of),
    "File": (lambda loaders: loaders.files.seen_file_by_id, File.of),
    "Fulfillment": (lambda loaders: loaders.orders.fulfillment_by_id, Fulfillment.of),
    "Order": (lambda loaders: loaders.orders.order_by_id, Order.of),
    "OrderLine": (
        lambda loaders: loaders.orders.line_by_id,
        lambda row: OrderLine.of(row, row.currency),
    ),
    "OrderReturn": (lambda loaders: loaders.orders.return_by_id, OrderReturn.of),
    "Refund": (lambda loaders: loaders.orders.refund_by_id, Refund.of),
    "GiftCard": (lambda loaders: loaders.gift_cards.by_id, GiftCard.of),
    "Invoice": (lambda loaders: loaders.invoices.by_id, Invoice.of),
    "InvoiceSeries": (
        lambda loaders: loaders.invoices.series_by_id,
        InvoiceSeries.of,
    ),
    "Job": (lambda loaders: loaders.jobs.by_id, Job.of),
    "Media": (lambda loaders: loaders.catalog.media_by_id, Media.of),
    "Menu": (lambda loaders: loaders.store.menu_by_id, Menu.of),
    "Role": (lambda loaders: loaders.staff.role_by_id, Role.of),
    "Session": (lambda loaders: loaders.staff.session_by_id, Session.of),
    "StaffMember": (lambda loaders: loaders.staff.member_by_id, StaffMember.of),
    "OAuthClient": (lambda loaders: loaders.credentials.oauth_client_by_id, OAuthClient.of),
    "Payment": (lambda loaders: loaders.payments.payment_by_id, Payment.of),
    "PaymentMethod": (lambda loaders: loaders.payments.method_by_id, PaymentMethod.of),
    "Product": (lambda loaders: loaders.catalog.product_by_id, Product.of),
    "Price": (lambda loaders: loaders.pricing.price_by_id, Price.of),
    "PriceList": (lambda loaders: loaders.pricing.list_by_id, PriceList.of),
    "Promotion": (lambda loaders: loaders.promotions.by_id, Promotion.of),
    "ProductVariant": (lambda loaders: loaders.catalog.variant_by_id, ProductVariant.of),
    "ShippingMethod": (lambda loaders: loaders.shipping.method_by_id, ShippingMethod.of),
    "ShippingZone": (lambda loaders: loaders.shipping.zone_by_id, ShippingZone.of),
    "StockLevel": (lambda loaders: loaders.inventory.level_by_id, StockLevel.of),
    "StockLocation": (lambda loaders: loaders.inventory.location_by_id, StockLocation.of),
    "TaxClass": (lambda loaders: loaders.taxes.class_by_id, TaxClass.of),
    "TaxZone": (lambda loaders: loaders.taxes.zone_by_id, TaxZone.of),
    "StorePage": (lambda loaders: loaders.store.page_by_id, StorePage.of),
    "WebhookDelivery": (lambda loaders: loaders.webhooks.delivery_by_id, WebhookDelivery.of),
    "WebhookEndpoint": (lambda loaders: loaders.webhooks.endpoint_by_id, WebhookEndpoint.of),
    "StockMovement": (lambda loaders: loaders.inventory.movement_by_id, StockMovement.of),
}
MAX_NODES = 100


@strawberry.type
class NodeQueries:
    @public("Anything by its id; null when it is not there or not for you.")
    async def node(
        self, info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="Its id.")]
    ) -> Node | None:
        return await _node(info, id)

    @public("Several things by their ids, in the same order; null for those not there.")
    async def nodes(
        self,
        info: Info,
        ids: Annotated[
            list[strawberry.ID], strawberry.argument(description="Their ids, at most 100.")
        ],
    ) -> list[Node | None]:
        at_most(ids, "ids", MAX_NODES)
        return await gather(*(_node(info, id_) for id_ in ids))


async def _node(info: Info, id_: str) -> Node | None:
    parsed = parse_global_id(id_)
    if parsed is None or parsed[0] not in KINDS:
        return None
    loader, shape = KINDS[parsed[0]]
    row = await loader(info.context.loaders).load(parsed[1])
    return None if row is None else shape(row)
