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
}

# Not audited, for these reasons.
LEFT_OUT: Final[Mapping[str, str]] = {
    "audit_log": "is the log",
    "marketing_consents": "is a log of its own: rows are only ever added",
    "oauth_codes": "live for a minute; what they give is a grant, which is audited",
    "oauth_tokens": "come and go with their grants, which are audited",
    "outgoing_messages": "a queue: rows live for seconds",
    "purpose_tokens": "come and go with requests that are noted",
    "sessions": "come and go with sign-ins, which are noted",
    "slug_redirects": "follow from changes of slugs, which are audited",
    "stock_levels": "are the sum of the ledger; every sale changes one",
    "stock_movements": "are a log of their own, with actor and reason",
    "stock_references": "remember what the ledger holds",
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
