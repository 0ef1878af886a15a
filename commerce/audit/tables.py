"""Which tables are audited, how, and why the others are not.

The triggers are made by migrations; a test holds them against what is said here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Table

from commerce.core.columns import PERSONAL, is_secret

REDACTED: Final = "[redacted]"
# They change with every write, and the entry itself says when that was.
TIMES: Final = ("created_at", "updated_at", "version")


@dataclass(frozen=True, slots=True)
class Audited:
    """`kind` is what a row is or belongs to, as the schema calls it; `target` holds its id.

    `unseen` columns are derived, or change by mere use: no entry speaks of them.
    """

    kind: str
    target: str = "id"
    unseen: tuple[str, ...] = ()


AUDITED: Final[Mapping[str, Audited]] = {
    "products": Audited(
        "Product",
        unseen=("description_text", "brand_name", "plain_title", "plain_words", "search"),
    ),
    "product_categories": Audited("Product", "product_id"),
    "attribute_values": Audited("Product", "product_id"),
    "option_groups": Audited("Product", "product_id"),
    "option_values": Audited("OptionGroup", "group_id"),
    "media": Audited("Product", "product_id"),
    "variants": Audited("ProductVariant"),
    "variant_options": Audited("ProductVariant", "variant_id"),
    "prices": Audited("ProductVariant", "variant_id"),
    "brands": Audited("Brand"),
    "categories": Audited("Category"),
    "collections": Audited("Collection"),
    "collection_products": Audited("Collection", "collection_id"),
    "attributes": Audited("Attribute"),
    "metafields": Audited("Metafield"),
    "price_lists": Audited("PriceList"),
    "stock_locations": Audited("StockLocation"),
    "api_keys": Audited("ApiKey", unseen=("last_used_at",)),
    "oauth_clients": Audited("OAuthClient"),
    "oauth_grants": Audited("OAuthGrant", unseen=("refresh_sha256", "refresh_expires_at")),
    "roles": Audited("Role"),
    "staff_members": Audited("StaffMember", unseen=("last_sign_in_at",)),
    "customers": Audited("Customer"),
    "customer_groups": Audited("CustomerGroup"),
    "customer_addresses": Audited("Customer", "customer_id"),
    "customer_contacts": Audited("Customer", "customer_id"),
    "customer_extra_fields": Audited("CustomerExtraField"),
    "store": Audited("Store"),
    "store_pages": Audited("StorePage"),
    "menus": Audited("Menu"),
    "menu_items": Audited("Menu", "menu_id"),
    "promotions": Audited("Promotion", unseen=("used",)),
    "coupons": Audited("Coupon", unseen=("used",)),
    "gift_cards": Audited("GiftCard", unseen=("balance",)),
    "shipping_zones": Audited("ShippingZone"),
    "shipping_zone_areas": Audited("ShippingZone", "zone_id"),
    "shipping_methods": Audited("ShippingMethod"),
    "shipping_prices": Audited("ShippingMethod", "method_id"),
    "payment_methods": Audited("PaymentMethod"),
    "tax_classes": Audited("TaxClass"),
    "tax_zones": Audited("TaxZone"),
    "tax_zone_areas": Audited("TaxZone", "zone_id"),
    "tax_rates": Audited("TaxZone", "zone_id"),
    "tax_settings": Audited("TaxSettings"),
    "orders": Audited(
        "Order", unseen=("rounding", "exact", "taxes", "discounts", "trace", "shipping_charge")
    ),
    "order_lines": Audited("Order", "order_id", unseen=("taxes", "exact")),
    "order_statuses": Audited("CustomOrderStatus"),
    "fulfillments": Audited("Fulfillment"),
    "fulfillment_lines": Audited("Fulfillment", "fulfillment_id"),
    "returns": Audited("OrderReturn"),
    "return_lines": Audited("OrderReturn", "return_id"),
    "refunds": Audited("Refund", unseen=("taxes",)),
    "refund_lines": Audited("Refund", "refund_id", unseen=("taxes",)),
    "refund_payments": Audited("Refund", "refund_id", unseen=("asked",)),
    "invoice_series": Audited("InvoiceSeries", unseen=("year", "next_value")),
    "files": Audited("File", unseen=("key", "md5")),
    "variant_files": Audited("ProductVariant", "variant_id"),
    "invoices": Audited("Invoice", unseen=("contents",)),
    "notification_settings": Audited("NotificationSetting"),
    "notification_templates": Audited("NotificationTemplate"),
    "webhook_endpoints": Audited("WebhookEndpoint", unseen=("failing_since",)),
}

# Not audited, for these reasons.
LEFT_OUT: Final[Mapping[str, str]] = {
    "audit_log": "is the log",
    "cart_lines": "change with every click; what comes of them are orders, which are audited",
    "batch_operations": "are what was asked for; what they change is audited under who asked",
    "carts": "change with every click; what comes of them are orders, which are audited",
    "coupon_batches": "remember which coupons a request made; they are audited",
    "event_log_end": "counts the log of events",
    "event_outbox": "is on its way into the log of events",
    "event_streams": "count the log of events",
    "events": "are a log of their own",
    "exports": "live for hours; the request for each is noted",
    "file_downloads": "count what the links of orders were used for",
    "file_leftovers": "are what is left of deleted files, which are audited",
    "gift_card_batches": "remember which cards a request issued; they are audited",
    "gift_card_entries": "are a log of their own, with actor and reason",
    "gift_card_uses": "follow from carts and orders; the ledger tells of each change",
    "idempotency_keys": "live for days; what their calls changed is audited",
    "jobs": "follow from requests; what they change is audited under who asked for them",
    "marketing_consents": "is a log of its own: rows are only ever added",
    "notification_log": "is a log of its own",
    "oauth_codes": "live for a minute; what they give is a grant, which is audited",
    "oauth_tokens": "come and go with their grants, which are audited",
    "order_events": "are a log of their own: rows are only ever added",
    "outgoing_messages": "a queue: rows live for seconds",
    "payment_attempts": "are kept as they were made; orders tell of those that moved money",
    "payment_events": "remember which of a provider's reports were taken",
    "payment_transactions": "are a log of their own: rows are only ever added",
    "payments": "are the sums of their ledger",
    "promotion_buyers": "are the sums of the redemptions",
    "promotion_redemptions": "follow from carts and orders",
    "purpose_tokens": "come and go with requests that are noted",
    "sessions": "come and go with sign-ins, which are noted",
    "setup_marks": "follow from what they mark, which is audited",
    "shipping_answers": "what the carrier said, until it is asked again",
    "slug_redirects": "follow from changes of slugs, which are audited",
    "staged_uploads": "come and go with uploads; the files made of them are audited",
    "stock_allocations": "follow from orders, and the ledger tells what was shipped and came back",
    "stock_levels": "are the sum of the ledger; every sale changes one",
    "stock_movements": "are a log of their own, with actor and reason",
    "stock_references": "remember what the ledger holds",
    "stock_reservations": "come and go with carts, and end by themselves",
    "tax_answers": "what the tax service said, until it is asked again",
    "test_provider_charges": "are the test provider's own book",
    "webhook_attempts": "are a log of their own",
    "webhook_deliveries": "follow from events; the log of them is kept as long",
    "webhook_senders": "say which process sends to an endpoint for the next minute",
    "tombstones": "follow from deletions, which are audited",
}


def shown_columns(table: Table, how: Audited) -> list[str]:
    """Whose values entries hold; of every other column only that it differs."""
    unseen = unseen_columns(table, how)
    return [
        column.name
        for column in table.columns
        if column.name not in unseen and not is_secret(column) and not column.info.get(PERSONAL)
    ]


def unseen_columns(table: Table, how: Audited) -> list[str]:
    keys = [column.name for column in table.primary_key.columns]
    own = keys if keys == [how.target] else []
    return [*own, *how.unseen, *TIMES]
