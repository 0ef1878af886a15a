"""What others are told of the catalogue."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from commerce.catalog.kinds import DeletedKind, MetafieldOwner, Sluggable
from commerce.catalog.rules.difference import Writes
from commerce.core.events import Event, EventType

PRODUCT: Final = "Product"
# By the type of what they have: its name in the schema, and that it is there, has changed, is gone.
SLUGGED: Final[Mapping[Sluggable, tuple[str, EventType, EventType, EventType]]] = {
    Sluggable.CATEGORY: (
        "Category",
        EventType.CATEGORY_CREATED,
        EventType.CATEGORY_UPDATED,
        EventType.CATEGORY_DELETED,
    ),
    Sluggable.COLLECTION: (
        "Collection",
        EventType.COLLECTION_CREATED,
        EventType.COLLECTION_UPDATED,
        EventType.COLLECTION_DELETED,
    ),
    Sluggable.BRAND: (
        "Brand",
        EventType.BRAND_CREATED,
        EventType.BRAND_UPDATED,
        EventType.BRAND_DELETED,
    ),
}
OWNERS: Final[Mapping[MetafieldOwner, tuple[str, EventType]]] = {
    MetafieldOwner.PRODUCT: (PRODUCT, EventType.PRODUCT_UPDATED),
    MetafieldOwner.VARIANT: ("ProductVariant", EventType.VARIANT_UPDATED),
    MetafieldOwner.CATEGORY: ("Category", EventType.CATEGORY_UPDATED),
    MetafieldOwner.COLLECTION: ("Collection", EventType.COLLECTION_UPDATED),
    MetafieldOwner.BRAND: ("Brand", EventType.BRAND_UPDATED),
    MetafieldOwner.CUSTOMER: ("Customer", EventType.CUSTOMER_UPDATED),
}


def changed_product(id_: int, *parts: str) -> Event:
    return Event(EventType.PRODUCT_UPDATED, PRODUCT, id_, {"changed": list(parts)})


def with_prices(product_id: int, price_list_id: int) -> Iterator[Event]:
    """Of a product of whose variants some have other prices in a list."""
    lists = {"price_list_ids": [price_list_id]}
    yield changed_product(product_id, "prices")
    yield Event(EventType.PRODUCT_PRICES_CHANGED, PRODUCT, product_id, lists)


def with_metafields(owners: Iterable[tuple[MetafieldOwner, int]]) -> Iterator[Event]:
    for kind, id_ in owners:
        name, changed = OWNERS[kind]
        yield Event(changed, name, id_, {"changed": ["metafields"]})


def told(writes: Writes) -> Iterator[Event]:
    """What was written, told of the products it was written for."""
    for row in writes.products.added:
        yield Event(EventType.PRODUCT_CREATED, PRODUCT, row["id"], {"status": row["status"].value})
    parts, new = _parts(writes), {row["id"] for row in writes.products.added}
    for id_ in sorted(writes.product_ids - new):
        yield changed_product(id_, *parts[id_])
    for id_, units in sorted(_variants(writes).items()):
        yield Event(EventType.PRODUCT_VARIANTS_CHANGED, PRODUCT, id_, dict(units))
    for id_ in writes.tombstones.get(DeletedKind.PRODUCT, ()):
        yield Event(EventType.PRODUCT_DELETED, PRODUCT, id_)


def _parts(writes: Writes) -> Mapping[int, Iterable[str]]:
    """What of each product has changed; removed media and options are named by nothing else."""
    found: defaultdict[int, dict[str, None]] = defaultdict(dict)
    for row in writes.products.changed:
        found[row["id"]]["fields"] = None
    for name, table in (
        ("options", writes.groups),
        ("variants", writes.variants),
        ("media", writes.media),
    ):
        for row in (*table.added, *table.changed):
            found[row["product_id"]][name] = None
    for name, links in (("categories", writes.categories), ("collections", writes.collections)):
        for product_id, _ in (*links.added, *links.removed):
            found[product_id][name] = None
    return found


def _variants(writes: Writes) -> Mapping[int, Counter[str]]:
    """How many variants of each product came, changed and went."""
    found: defaultdict[int, Counter[str]] = defaultdict(Counter)
    for row in writes.variants.added:
        found[row["product_id"]]["created"] += 1
    for row, before in zip(writes.variants.changed, writes.variants.before, strict=True):
        gone = row["archived_at"] is not None and before["archived_at"] is None
        found[row["product_id"]]["archived" if gone else "changed"] += 1
    return found
