"""Adding, changing, archiving and ordering the variants of a product."""

from collections.abc import Sequence
from dataclasses import dataclass

from commerce.catalog.kinds import ErrorPolicy
from commerce.catalog.repository.products import ProductRow
from commerce.catalog.repository.trees import Part
from commerce.catalog.repository.variants import VariantRow
from commerce.catalog.rules.claims import Claims
from commerce.catalog.rules.difference import Writes
from commerce.catalog.rules.order import first_repeated
from commerce.catalog.rules.tree import ProductTree, Stored, id_of, tree_of
from commerce.catalog.rules.upsert import Upsert, upserted
from commerce.catalog.rules.variants import skus_of
from commerce.catalog.rules.wanted import WantedVariant
from commerce.catalog.service.editing import ProductEditor
from commerce.core.problems import Invalid, NotFound, Problem


@dataclass(frozen=True, slots=True)
class VariantResult:
    """What became of the row at `index`; `variant_id` is None where it failed."""

    index: int
    variant_id: int | None = None
    created: bool = False
    changed: bool = False
    problems: Sequence[Problem] = ()


class VariantChangeService:
    """To be called in a transaction, which is to be rolled back when a Problem is answered."""

    def __init__(self, editor: ProductEditor) -> None:
        self._editor = editor
        self._trees = editor.trees
        self._names = editor.names

    async def upsert_many(
        self,
        product_id: int,
        rows: Sequence[WantedVariant],
        policy: ErrorPolicy,
        expected_version: int | None = None,
    ) -> list[VariantResult] | Problem:
        """A result for each row. With failed rows nothing is written unless `policy` skips them."""
        skus = skus_of(rows)
        await self._names.lock(skus=skus)
        claims = Claims({}, await self._names.sku_owners(skus))
        stored = await self._held(product_id, expected_version)
        if isinstance(stored, Problem):
            return stored
        upsert = upserted(stored, rows, claims, self._editor.now())
        if upsert.refused:
            return upsert.refused[0]
        if upsert.problems and policy is ErrorPolicy.ALL_OR_NOTHING:
            return _nothing_written(len(rows), upsert)
        writes = await self._editor.save([(stored, upsert.tree)])
        return _results(len(rows), upsert, writes)

    async def rows(self, ids: Sequence[int]) -> dict[int, VariantRow]:
        """The variants as they are now, for the one who wrote them."""
        return await self._trees.shown_variants(ids) if ids else {}

    async def archive(
        self, product_id: int, variant_ids: Sequence[int], expected_version: int | None = None
    ) -> ProductRow | Problem:
        """Take variants out of the shop, but not the last one.

        Those archived before may be named again.
        """
        stored = await self._held(product_id, expected_version)
        if isinstance(stored, Problem):
            return stored
        tree = tree_of(stored, self._editor.now())
        missing = await self._missing(product_id, variant_ids, tree)
        if missing is not None:
            return missing
        tree.variants = [node for node in tree.variants if node.id not in variant_ids]
        if not tree.variants:
            message = "A product keeps one variant at least; archive the product instead."
            return Invalid(message, ("variant_ids",))
        return await self._saved(stored, tree)

    async def reorder(
        self, product_id: int, variant_ids: Sequence[int], expected_version: int | None = None
    ) -> ProductRow | Problem:
        """These variants come first, in this order; the others follow as they stood."""
        stored = await self._held(product_id, expected_version)
        if isinstance(stored, Problem):
            return stored
        tree = tree_of(stored, self._editor.now())
        nodes = {id_of(node): node for node in tree.variants}
        for place, id_ in enumerate(variant_ids):
            if id_ not in nodes:
                return NotFound("The product has no such variant.", ("variant_ids", str(place)))
        repeated = first_repeated(variant_ids)
        if repeated is not None:
            return Invalid("This variant is named twice.", ("variant_ids", str(repeated)))
        first = [nodes.pop(id_) for id_ in variant_ids]
        tree.variants = [*first, *nodes.values()]
        for place, node in enumerate(tree.variants):
            node.position = place
        return await self._saved(stored, tree)

    async def _held(self, product_id: int, expected_version: int | None) -> Stored | Problem:
        return await self._editor.held(product_id, expected_version, Part.VARIANTS, "product_id")

    async def _missing(
        self, product_id: int, variant_ids: Sequence[int], tree: ProductTree
    ) -> NotFound | None:
        unknown = set(variant_ids).difference(id_of(node) for node in tree.variants)
        gone = await self._trees.archived_variants(product_id, unknown) if unknown else frozenset()
        for place, id_ in enumerate(variant_ids):
            if id_ in unknown and id_ not in gone:
                return NotFound("The product has no such variant.", ("variant_ids", str(place)))
        return None

    async def _saved(self, stored: Stored, tree: ProductTree) -> ProductRow:
        await self._editor.save([(stored, tree)])
        return (await self._trees.shown([stored.id]))[stored.id]


def _nothing_written(count: int, upsert: Upsert) -> list[VariantResult]:
    return [VariantResult(place, problems=upsert.problems.get(place, ())) for place in range(count)]


def _results(count: int, upsert: Upsert, writes: Writes) -> list[VariantResult]:
    created = {row["id"] for row in writes.variants.added}
    changed = {row["id"] for row in writes.variants.changed} | created
    results = _nothing_written(count, upsert)
    for place, node in upsert.nodes.items():
        id_ = id_of(node)
        results[place] = VariantResult(place, id_, id_ in created, id_ in changed)
    return results
