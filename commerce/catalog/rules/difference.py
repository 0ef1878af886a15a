"""From trees back to rows: what has to be written so that the tables say what the trees say."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from commerce.catalog.kinds import DeletedKind
from commerce.catalog.rules.tree import (
    Columns,
    GroupNode,
    ProductTree,
    Stored,
    ValueNode,
    VariantNode,
    id_of,
    in_order,
)

NO_OPTIONS: Final = "Default Title"
Edit = tuple[Stored | None, ProductTree]


@dataclass(slots=True)
class TableWrites:
    """Whole rows, with their ids. `before` are the changed ones as they were."""

    added: list[Columns] = field(default_factory=list)
    changed: list[Columns] = field(default_factory=list)
    before: list[Columns] = field(default_factory=list)
    removed: list[int] = field(default_factory=list)

    def compare(self, before: Mapping[int, Columns], after: Mapping[int, Columns]) -> bool:
        """Note what makes `after` of `before`; whether there is anything."""
        count = len(self)
        for id_, row in after.items():
            old = before.get(id_)
            if old is None:
                self.added.append(row)
            elif any(old[name] != value for name, value in row.items()):
                self.changed.append(row)
                self.before.append(old)
        self.removed.extend(id_ for id_ in before if id_ not in after)
        return len(self) > count

    def __len__(self) -> int:
        return len(self.added) + len(self.changed) + len(self.removed)


@dataclass(slots=True)
class LinkWrites:
    """Pairs of ids in a table that only joins two others."""

    added: list[tuple[int, int]] = field(default_factory=list)
    removed: list[tuple[int, int]] = field(default_factory=list)

    def compare(self, owner: int, before: frozenset[int] | None, after: frozenset[int]) -> bool:
        if before is None or before == after:
            return False
        self.added.extend((owner, id_) for id_ in sorted(after - before))
        self.removed.extend((owner, id_) for id_ in sorted(before - after))
        return True


@dataclass(slots=True)
class Writes:
    """Everything that has to be written for any number of products, table by table.

    `moves` are (product id, former slug, slug), the former one empty for a new product. `touched`
    products changed only in their parts. `released` variants give up a sku or
    combination that another one of these writes takes, and have to do so before.
    """

    products: TableWrites = field(default_factory=TableWrites)
    groups: TableWrites = field(default_factory=TableWrites)
    values: TableWrites = field(default_factory=TableWrites)
    media: TableWrites = field(default_factory=TableWrites)
    variants: TableWrites = field(default_factory=TableWrites)
    choices: list[tuple[int, int, int]] = field(default_factory=list)
    categories: LinkWrites = field(default_factory=LinkWrites)
    collections: LinkWrites = field(default_factory=LinkWrites)
    moves: list[tuple[int, str, str]] = field(default_factory=list)
    touched: list[int] = field(default_factory=list)
    released: list[int] = field(default_factory=list)
    tombstones: dict[DeletedKind, list[int]] = field(default_factory=lambda: defaultdict(list))

    @property
    def product_ids(self) -> set[int]:
        """The products that are new or changed."""
        rows = (*self.products.added, *self.products.changed)
        return {*(row["id"] for row in rows), *self.touched}


def number(trees: Iterable[ProductTree], ids: Mapping[str, Sequence[int]]) -> None:
    """Give reserved ids to the nodes that have none, in the order of the nodes."""
    rest = {table: iter(reserved) for table, reserved in ids.items()}
    for tree in trees:
        for table, node in tree.new_nodes():
            node.id = next(rest[table])


def ids_needed(trees: Iterable[ProductTree]) -> dict[str, int]:
    """How many ids of each table `number` will take."""
    needed: defaultdict[str, int] = defaultdict(int)
    for tree in trees:
        for table, _ in tree.new_nodes():
            needed[table] += 1
    return dict(needed)


def difference(edits: Iterable[Edit]) -> Writes:
    """What to write. Every node of the trees has its id; a new tree stands beside None."""
    writes = Writes()
    for stored, tree in edits:
        _compare(writes, stored, tree)
    writes.released = _released(writes.variants)
    return writes


def _compare(writes: Writes, stored: Stored | None, tree: ProductTree) -> None:
    id_ = id_of(tree)
    row = {**tree.columns, "id": id_}
    if stored is None:
        writes.products.added.append(row)
        writes.moves.append((id_, "", row["slug"]))
        _compare_parts(writes, _nothing(id_), tree)
        return
    parts_changed = _compare_parts(writes, stored, tree)
    changed = writes.products.compare({id_: stored.product}, {id_: row})
    if parts_changed and not changed:
        writes.touched.append(id_)
    if stored.product["slug"] != row["slug"]:
        writes.moves.append((id_, stored.product["slug"], row["slug"]))
    if tree.archived and stored.product["archived_at"] is None:
        writes.tombstones[DeletedKind.PRODUCT].append(id_)


def _compare_parts(writes: Writes, stored: Stored, tree: ProductTree) -> bool:
    changed = [
        writes.categories.compare(stored.id, stored.category_ids, tree.category_ids),
        writes.collections.compare(stored.id, stored.collection_ids, tree.collection_ids),
    ]
    if stored.variants is not None:
        changed.append(_compare_options(writes, stored, tree))
        changed.append(_compare_media(writes, stored, tree))
        changed.append(_compare_variants(writes, stored, tree))
    return any(changed)


def _compare_options(writes: Writes, stored: Stored, tree: ProductTree) -> bool:
    in_order(tree.groups)
    groups = {id_of(group): _row(group, "product_id", tree.id) for group in tree.groups}
    values: dict[int, Columns] = {}
    for group in tree.groups:
        in_order(group.values)
        values |= {id_of(value): _row(value, "group_id", group.id) for value in group.values}
    changed = writes.groups.compare(stored.groups or {}, groups)
    return writes.values.compare(stored.values, values) or changed


def _row(node: GroupNode | ValueNode, owner: str, owner_id: int | None) -> Columns:
    return {"id": node.id, owner: owner_id, "name": node.name, "position": node.position}


def _compare_media(writes: Writes, stored: Stored, tree: ProductTree) -> bool:
    before = stored.media or {}
    after = {
        id_of(node): {**node.columns, "id": node.id, "product_id": tree.id, "position": place}
        for place, node in enumerate(tree.media)
    }
    writes.tombstones[DeletedKind.MEDIA].extend(id_ for id_ in before if id_ not in after)
    return writes.media.compare(before, after)


def _compare_variants(writes: Writes, stored: Stored, tree: ProductTree) -> bool:
    before = stored.variants or {}
    in_order(tree.variants)
    after = {id_of(node): _variant_row(tree, node) for node in tree.variants}
    choices = {
        (id_of(node), id_of(group)): id_of(value)
        for node in tree.variants
        for group, value in node.choices.items()
    }
    new = {slot: value for slot, value in choices.items() if stored.choices.get(slot) != value}
    writes.choices.extend((*slot, value) for slot, value in new.items())
    after |= {id_: _archived(row, tree) for id_, row in before.items() if id_ not in after}
    if stored.product["archived_at"] is None:
        gone = (id_ for id_, row in after.items() if row["archived_at"] and id_ in before)
        writes.tombstones[DeletedKind.VARIANT].extend(gone)
    return writes.variants.compare(before, after) or bool(new)


def _variant_row(tree: ProductTree, node: VariantNode) -> Columns:
    values = [node.choices[group] for group in tree.groups]
    return {
        **node.columns,
        "id": node.id,
        "product_id": tree.id,
        "title": " / ".join(value.name for value in values) or NO_OPTIONS,
        "option_key": "-".join(str(id_) for id_ in sorted(id_of(value) for value in values)),
        "position": node.position,
        "media_id": None if node.media is None else node.media.id,
        "archived_at": tree.columns["archived_at"],
    }


def _archived(row: Columns, tree: ProductTree) -> Columns:
    """A variant that leaves a product; a moment before the product itself, should that leave too.

    Variants archived at the same moment as their product come back with it.
    """
    return {**row, "archived_at": tree.now - timedelta(microseconds=1)}


def _released(variants: TableWrites) -> list[int]:
    """Variants that must let go of what another one takes: unique indexes look row by row."""
    holders = {
        name: row["id"]
        for row in variants.before
        if row["archived_at"] is None
        for name in _unique_names(row)
    }
    taken = {
        holders[name]
        for row in (*variants.added, *variants.changed)
        if row["archived_at"] is None
        for name in _unique_names(row)
        if holders.get(name, row["id"]) != row["id"]
    }
    return sorted(taken)


def _unique_names(row: Columns) -> Iterator[tuple[object, object]]:
    yield row["product_id"], row["option_key"]
    if row["sku"] is not None:
        yield "sku", row["sku"]


def _nothing(id_: int) -> Stored:
    """What the database has of a new product."""
    return Stored(
        {"id": id_, "archived_at": None},
        groups={},
        variants={},
        media={},
        category_ids=frozenset(),
        collection_ids=frozenset(),
    )
