"""A product with all its parts in memory: read whole, edited by rules, then compared and written.

Nodes are compared by identity. Those the database does not know yet have no `id`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from commerce.catalog.kinds import BackorderPolicy, ProductType

Columns = dict[str, Any]

# A new variant before anything is said of it.
BLANK_VARIANT: Final[Mapping[str, Any]] = {
    "sku": None,
    "barcode": None,
    "weight_grams": 0,
    "weight_unit": "kg",
    "length_mm": None,
    "width_mm": None,
    "height_mm": None,
    "backorder": BackorderPolicy.DENY,
    "track_stock": True,
    "requires_shipping": True,
    "taxable": True,
    "tax_code": "",
    "origin_country": None,
    "customs_code": None,
    "active": True,
}


@dataclass(slots=True, eq=False)
class ValueNode:
    """`Small`."""

    name: str
    id: int | None = None
    position: int | None = None


@dataclass(slots=True, eq=False)
class GroupNode:
    """`Size`."""

    name: str
    values: list[ValueNode] = field(default_factory=list)
    id: int | None = None
    position: int | None = None


@dataclass(slots=True, eq=False)
class MediaNode:
    columns: Columns
    id: int | None = None

    @property
    def url(self) -> str:
        return str(self.columns["url"])


@dataclass(slots=True, eq=False)
class VariantNode:
    """`choices`: what it is in each group of the product."""

    columns: Columns
    choices: dict[GroupNode, ValueNode] = field(default_factory=dict)
    media: MediaNode | None = None
    id: int | None = None
    position: int | None = None

    @property
    def sku(self) -> str | None:
        return self.columns["sku"]  # type: ignore[no-any-return]  # a column's value


@dataclass(slots=True)
class Stored:
    """The rows of one product as the database has them; parts that were not read are None.

    Of variants those that live as long as the product: of an archived product the ones that were
    archived with it. `choices` are value ids by (variant id, group id).
    """

    product: Columns
    groups: dict[int, Columns] | None = None
    values: dict[int, Columns] = field(default_factory=dict)
    variants: dict[int, Columns] | None = None
    choices: dict[tuple[int, int], int] = field(default_factory=dict)
    media: dict[int, Columns] | None = None
    category_ids: frozenset[int] | None = None
    collection_ids: frozenset[int] | None = None

    @property
    def id(self) -> int:
        return self.product["id"]  # type: ignore[no-any-return]  # a column's value


@dataclass(slots=True, eq=False)
class ProductTree:
    """One product to be. `columns` are those of its own row, `now` the time of the change."""

    columns: Columns
    now: datetime
    id: int | None = None
    groups: list[GroupNode] = field(default_factory=list)
    variants: list[VariantNode] = field(default_factory=list)
    media: list[MediaNode] = field(default_factory=list)
    category_ids: frozenset[int] = frozenset()
    collection_ids: frozenset[int] = frozenset()

    @property
    def archived(self) -> bool:
        return self.columns["archived_at"] is not None

    def new_nodes(self) -> Iterator[tuple[str, Any]]:
        """(table, node) for everything that has no id yet."""
        for table, nodes in (
            ("products", (self,)),
            ("option_groups", self.groups),
            ("option_values", (value for group in self.groups for value in group.values)),
            ("media", self.media),
            ("variants", self.variants),
        ):
            yield from ((table, node) for node in nodes if node.id is None)


def id_of(node: ProductTree | GroupNode | ValueNode | MediaNode | VariantNode) -> int:
    """The id of a node that has been numbered."""
    if node.id is None:
        raise ValueError("ids are given before rows are made")
    return node.id


def in_order(nodes: Sequence[GroupNode] | Sequence[ValueNode] | Sequence[VariantNode]) -> None:
    """Number the nodes as they stand; numbers that rise already stay."""
    last = -1
    for node in nodes:
        if node.position is None or node.position <= last:
            node.position = last + 1
        last = node.position


def new_variant(
    tree: ProductTree, choices: dict[GroupNode, ValueNode] | None = None
) -> VariantNode:
    """A variant of the product that nobody has described; only physical things are sent."""
    sent = tree.columns["type"] is ProductType.PHYSICAL
    return VariantNode({**BLANK_VARIANT, "requires_shipping": sent}, choices or {})


def tree_of(stored: Stored, now: datetime) -> ProductTree:
    """The tree that says the same as the rows; parts stand in the order of the rows."""
    groups = {
        id_: GroupNode(row["name"], [], id_, row["position"])
        for id_, row in (stored.groups or {}).items()
    }
    values: dict[int, ValueNode] = {}
    for id_, row in stored.values.items():
        values[id_] = ValueNode(row["name"], id_, row["position"])
        groups[row["group_id"]].values.append(values[id_])
    media = {id_: MediaNode(dict(row), id_) for id_, row in (stored.media or {}).items()}
    variants = {
        id_: VariantNode(dict(row), {}, media.get(row["media_id"]), id_, row["position"])
        for id_, row in (stored.variants or {}).items()
    }
    for (variant_id, group_id), value_id in stored.choices.items():
        variants[variant_id].choices[groups[group_id]] = values[value_id]
    return ProductTree(
        columns=dict(stored.product),
        now=now,
        id=stored.id,
        groups=list(groups.values()),
        variants=list(variants.values()),
        media=list(media.values()),
        category_ids=stored.category_ids or frozenset(),
        collection_ids=stored.collection_ids or frozenset(),
    )
