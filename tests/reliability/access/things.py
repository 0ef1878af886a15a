"""One of each of the shop's things that has an id and that strangers may not see."""

from typing import Any, Final

from sqlalchemy import func, insert, select
from sqlmodel import col

from commerce.audit.models import AuditEntry
from commerce.catalog.kinds import ProductStatus
from commerce.catalog.models import Product, Variant
from commerce.core.db import UnitOfWork
from commerce.core.events import Event, EventType
from commerce.core.ids import global_id, parse_global_id, time_ordered_id
from commerce.core.outbox import outgoing
from commerce.customers.models import CustomerExtraField
from commerce.events.models import LoggedEvent
from commerce.events.repository.outbox import EventOutbox
from commerce.files.kinds import FileKind
from commerce.files.models import File
from commerce.gift_cards.models import GiftCard
from commerce.inventory.models import StockLevel, StockLocation, StockMovement
from commerce.invoices.models import InvoiceSeries
from commerce.migrate import metadata
from commerce.oauth.models import OAuthClient
from commerce.payments.models import Payment, PaymentMethod
from commerce.pricing.models import Price, PriceList
from commerce.promotions.models import Coupon, Promotion
from commerce.shipping.models import ShippingMethod, ShippingZone
from commerce.staff.models import ApiKey, Role, StaffMember
from commerce.store.models import StorePage
from commerce.taxes.models import TaxZone
from commerce.webhooks.models import WebhookDelivery, WebhookEndpoint
from commerce.wiring import Services
from tests.support import payments, shipping
from tests.support.catalog import make_product, make_variant
from tests.support.gift_cards import make_gift_card
from tests.support.inventory import make_level, make_location
from tests.support.personal import Person
from tests.support.pricing import make_price, make_price_list
from tests.support.promotions import make_coupon
from tests.support.taxes import make_tax_zone

# What the shop shows to everybody.
FOR_ALL: Final = {
    "Attribute",
    "Brand",
    "Category",
    "Collection",
    "CustomOrderStatus",
    "CustomerGroup",
    "Media",
    "Menu",
    "TaxClass",
}
FOR_STAFF: Final[dict[str, Any]] = {
    "ApiKey": ApiKey,
    "AuditLogEntry": AuditEntry,
    "Coupon": Coupon,
    "CustomerExtraField": CustomerExtraField,
    "Event": LoggedEvent,
    "File": File,
    "GiftCard": GiftCard,
    "InvoiceSeries": InvoiceSeries,
    "OAuthClient": OAuthClient,
    "Payment": Payment,
    "PaymentMethod": PaymentMethod,
    "Price": Price,
    "PriceList": PriceList,
    "Product": Product,
    "ProductVariant": Variant,
    "Promotion": Promotion,
    "Role": Role,
    "ShippingMethod": ShippingMethod,
    "ShippingZone": ShippingZone,
    "StaffMember": StaffMember,
    "StockLevel": StockLevel,
    "StockLocation": StockLocation,
    "StockMovement": StockMovement,
    "StorePage": StorePage,
    "TaxZone": TaxZone,
    "WebhookDelivery": WebhookDelivery,
    "WebhookEndpoint": WebhookEndpoint,
}


async def add_things(uow: UnitOfWork, services: Services, buyer: Person) -> dict[str, str]:
    """Their ids by kind: drafts, and what is switched off; `buyer` has paid something."""
    await add_goods(uow)
    await add_set_up(uow)
    await make_coupon(uow, "SECRET")
    await make_gift_card(uow)
    await add_payment(uow, services, buyer)
    await add_events(uow)
    return {kind: await newest(uow, kind) for kind in FOR_STAFF}


async def add_goods(uow: UnitOfWork) -> None:
    product = await make_product(uow, "Secret", status=ProductStatus.DRAFT)
    variant = await make_variant(uow, product)
    await make_level(uow, variant, await make_location(uow), on_hand=7)
    await make_price(uow, await make_price_list(uow), variant, "7")


async def add_set_up(uow: UnitOfWork) -> None:
    await make_tax_zone(uow, "Nowhere", [])
    zone = await shipping.make_zone(uow, "Nowhere")
    await shipping.make_method(uow, zone_id=zone.id, active=False)
    await uow.change(insert(StorePage).values(slug="secret", title="Secret"))
    await uow.change(insert(CustomerExtraField).values(key="secret", title="Secret"))
    await uow.change(insert(OAuthClient).values(client_id="s", name="s", is_public=True))


async def add_payment(uow: UnitOfWork, services: Services, buyer: Person) -> None:
    method = await payments.make_method(uow, active=False)
    order = parse_global_id(buyer.ids["orders"])
    assert order is not None
    paid: dict[str, Any] = {"cart_id": None, "order_id": order[1]}
    await uow.transact(lambda: payments.authorized(services, method.id, **paid))


async def add_events(uow: UnitOfWork) -> None:
    """What happened, who is told of it, and a file."""
    happened = Event(EventType.ORDER_UPDATED, "Order", 1)
    await uow.change(*outgoing([happened], uow.stamp))
    await uow.transact(lambda: EventOutbox(uow).number(100))
    values = {"url": "https://secret.test/", "secret": b"sealed", "active": False}
    adding = insert(WebhookEndpoint).values(values).returning(col(WebhookEndpoint.id))
    told = {
        "endpoint_id": await uow.scalar(adding),
        "event_id": time_ordered_id(),
        "event_type": happened.type.value,
        "resource_type": happened.resource_type,
        "resource_id": happened.resource_id,
        "sequence": 1,
    }
    await uow.change(insert(WebhookDelivery).values(told))
    kept = {"key": "secret", "filename": "secret.pdf", "mime_type": "application/pdf", "size": 1}
    await uow.change(insert(File).values(kind=FileKind.DOCUMENT, **kept))


async def newest(uow: UnitOfWork, kind: str) -> str:
    table = metadata().tables[FOR_STAFF[kind].__tablename__]
    numbered = [table.c["id"]] if "id" in table.c else table.primary_key.columns
    key = await uow.scalar(select(func.max(*numbered)))
    assert key is not None, kind
    return global_id(kind, key)
