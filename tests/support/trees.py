"""Stored products in memory, for rules."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from commerce.catalog.kinds import MediaKind, ProductStatus
from commerce.catalog.rules.difference import Writes, difference, ids_needed, number
from commerce.catalog.rules.products import BLANK
from commerce.catalog.rules.tree import BLANK_VARIANT, Columns, ProductTree, Stored, tree_of

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
BEFORE = datetime(2026, 1, 1, tzinfo=UTC)


def stored_product(
    options: Mapping[str, Sequence[str]] | None = None,
    variants: Sequence[tuple[str | None, Sequence[str]]] = ((None, ()),),
    media: Sequence[str] = (),
    id_: int = 1,
    **columns: Any,
) -> Stored:
    """`variants` are (sku, value in each option). Ids: groups 10, 20, …, the values of the first
    11, 12, …; variants 101, 102, …; media 201, …; all of them plus a thousand for each product."""
    base = (id_ - 1) * 1000
    groups: dict[int, Columns] = {}
    values: dict[int, Columns] = {}
    names: dict[tuple[int, str], int] = {}
    for place, (name, choices) in enumerate((options or {}).items()):
        group = base + 10 * (place + 1)
        groups[group] = {"id": group, "product_id": id_, "name": name, "position": place}
        for index, value in enumerate(choices):
            key = names[place, value] = group + index + 1
            values[key] = {"id": key, "group_id": group, "name": value, "position": index}
    rows: dict[int, Columns] = {}
    chosen: dict[tuple[int, int], int] = {}
    for place, (sku, choices) in enumerate(variants):
        key = base + 101 + place
        ids = [names[index, value] for index, value in enumerate(choices)]
        rows[key] = {
            **BLANK_VARIANT,
            "id": key,
            "product_id": id_,
            "sku": sku,
            "title": " / ".join(choices) or "Default Title",
            "option_key": "-".join(map(str, sorted(ids))),
            "position": place,
            "media_id": None,
            "archived_at": columns.get("archived_at"),
        }
        chosen |= {(key, base + 10 * (index + 1)): value_id for index, value_id in enumerate(ids)}
    product = {"id": id_, "version": 1, **BLANK, "tags": [], "slug": f"product-{id_}"}
    return Stored(
        {**product, "title": "Shirt", **columns},
        groups=groups,
        values=values,
        variants=rows,
        choices=chosen,
        media={
            base + 201 + place: _media(base, place, id_, url) for place, url in enumerate(media)
        },
        category_ids=frozenset(),
        collection_ids=frozenset(),
    )


def _media(base: int, place: int, product_id: int, url: str) -> Columns:
    return {
        "id": base + 201 + place,
        "product_id": product_id,
        "kind": MediaKind.IMAGE,
        "url": url,
        "alt": "",
        "position": place,
    }


def archived_product(**parts: Any) -> Stored:
    return stored_product(status=ProductStatus.ARCHIVED, archived_at=BEFORE, **parts)


def tree(stored: Stored) -> ProductTree:
    return tree_of(stored, NOW)


def options(edited: ProductTree) -> dict[str, list[str]]:
    return {group.name: [value.name for value in group.values] for group in edited.groups}


def variants(edited: ProductTree) -> list[tuple[int | None, str | None, str]]:
    """(id, sku, values) of each variant in order; the id is None for a new one."""
    return [
        (node.id, node.sku, "/".join(node.choices[group].name for group in edited.groups))
        for node in edited.variants
    ]


def written(stored: Stored | None, edited: ProductTree) -> Writes:
    """What has to be written; new nodes get ids from 9001 on."""
    needed = ids_needed([edited])
    number([edited], {table: range(9001, 9001 + count) for table, count in needed.items()})
    return difference([(stored, edited)])
