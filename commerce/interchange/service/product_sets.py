"""Making whole products what other programs say they are, any number of them at once."""

from collections.abc import Iterable, Mapping, Sequence

from commerce.catalog.kinds import ErrorPolicy, ProductStatus
from commerce.catalog.repository.products import ProductRow
from commerce.catalog.rules.claims import Claims
from commerce.catalog.rules.difference import Writes
from commerce.catalog.rules.tree import id_of
from commerce.catalog.rules.variants import skus_of
from commerce.catalog.service.editing import ProductEditor
from commerce.core.absent import ABSENT
from commerce.core.problems import Problem, UnavailableError
from commerce.core.rights import require_scopes
from commerce.core.viewer import Scope, Viewer
from commerce.interchange.lookups import LookupRepository
from commerce.interchange.rules.drafts import (
    Draft,
    Surroundings,
    drafts_of,
    good,
    match,
    name_new,
    nameless,
    plan,
    refer,
)
from commerce.interchange.rules.references import KINDS, Names, named_in, wanted_slugs
from commerce.interchange.rules.sets import ProductSet, SetResult
from commerce.interchange.rules.terms import (
    Terms,
    price_entry,
    says_prices,
    stock_counts,
    stock_of,
)
from commerce.inventory.kinds import MovementKind
from commerce.inventory.service import StockService
from commerce.pricing.service import PriceService


class ProductSetService:
    """To be called in a transaction, which is to be rolled back with what nobody wants kept."""

    def __init__(
        self,
        viewer: Viewer,
        editor: ProductEditor,
        lookups: LookupRepository,
        prices: PriceService,
        stock: StockService,
    ) -> None:
        self._viewer = viewer
        self._editor = editor
        self._lookups = lookups
        self._prices = prices
        self._stock = stock

    async def set_many(
        self,
        products: Sequence[ProductSet],
        policy: ErrorPolicy = ErrorPolicy.SKIP_FAILED_ROWS,
        reason: str = "",
        kind: MovementKind = MovementKind.IMPORT,
    ) -> list[SetResult]:
        """A result for each product; the same call again changes nothing.

        Rows are taken one after the other: a sku that one gives up, the next may have. With
        failed rows nothing is written unless `policy` skips them. The number of statements does
        not depend on the number of products. `reason` and `kind` are what movements of stock say.
        """
        self._require_scopes(products)
        drafts = drafts_of(products)
        if not _stopped(drafts, policy):
            around = await self._surroundings(good(drafts))
            for draft in good(drafts):
                plan(draft, around)
            if not _stopped(drafts, policy):
                writes = await self._write(good(drafts), around.names)
                sold = await self._sell(good(drafts), around.terms, reason, kind)
                changed = writes.product_ids
                return [_result(draft, changed, sold) for draft in drafts]
        return [SetResult(draft.index, problems=draft.problems) for draft in drafts]

    async def rows(self, ids: Sequence[int]) -> dict[int, ProductRow]:
        """The products as they are now, for the one who wrote them."""
        return await self._editor.trees.shown(ids) if ids else {}

    def _require_scopes(self, products: Sequence[ProductSet]) -> None:
        variants = [product.variants for product in products if product.variants is not ABSENT]
        rows = [row for some in variants for row in some]
        needed = {Scope.WRITE_PRODUCTS}
        if says_prices(rows):
            needed.add(Scope.WRITE_PRICES)
        if stock_of(rows):
            needed.add(Scope.WRITE_STOCK)
        require_scopes(self._viewer, needed)

    async def _surroundings(self, drafts: Sequence[Draft]) -> Surroundings:
        """Hold what the rows name, find what they mean, and read what they are compared with."""
        ids = [draft.wanted.id for draft in drafts if draft.wanted.id is not None]
        skus = skus_of([row for draft in drafts for row in draft.rows])
        await self._name(drafts, skus)
        slugs = {draft.wanted.slug for draft in drafts if draft.wanted.slug is not None}
        if any(_returns(draft.wanted) for draft in drafts):
            skus |= set(await self._editor.names.skus_to_return(ids, slugs))
        await self._editor.names.lock(slugs, skus)
        found = await self._editor.trees.locked(ids, slugs)
        match(drafts, found.values())
        owners = {stored.product["slug"]: id_ for id_, stored in found.items()}
        claims = Claims(owners, await self._editor.names.sku_owners(skus))
        names = {kind: await self._names(kind, drafts) for kind in KINDS}
        brands = {id_ for draft in drafts if isinstance(id_ := draft.wanted.brand_id, int)}
        known = await self._lookups.brands(brands)
        categories = await self._lookups.categories(_category_ids(drafts))
        terms = await self._terms(drafts)
        return Surroundings(claims, names, known, categories, terms, self._editor.now())

    async def _name(self, drafts: Sequence[Draft], skus: Iterable[str]) -> None:
        """New products without a slug get one; skus are held with it."""
        new = nameless(drafts)
        if new:
            slugs = [draft.wanted.slug for draft in drafts if draft.wanted.slug is not None]
            titles = [str(draft.wanted.title) for draft in new]
            name_new(new, await self._editor.free_slugs(titles, slugs, skus))

    async def _names(self, kind: str, drafts: Sequence[Draft]) -> Names:
        names = Names(KINDS[kind])
        wanted = {name for draft in drafts for name in named_in(draft.wanted, kind)}
        if wanted:
            names.add(await self._lookups.named(kind, wanted_slugs(wanted), wanted))
        return names

    async def _terms(self, drafts: Sequence[Draft]) -> Terms:
        rows = [row for draft in drafts for row in draft.rows]
        ids = [
            id_
            for draft in drafts
            if draft.stored is not None and draft.stored.variants is not None
            for id_ in draft.stored.variants
        ]
        terms = await self._lookups.prices(ids) if says_prices(rows) else Terms()
        stock = stock_of(rows)
        if stock:
            codes = {item.location for item in stock if item.location is not None}
            terms.locations = await self._lookups.locations(codes)
            terms.levels = await self._lookups.levels(ids, set(terms.locations.values()))
        return terms

    async def _write(self, drafts: Sequence[Draft], names: Mapping[str, Names]) -> Writes:
        for kind in KINDS:
            wanted = (name for draft in drafts for name in named_in(draft.wanted, kind))
            missing = names[kind].missing(wanted)
            if missing:
                names[kind].added(missing, await self._lookups.add(kind, missing))
        for draft in drafts:
            refer(draft, names)
        return await self._editor.save(
            [(draft.stored, draft.tree) for draft in drafts if draft.tree is not None]
        )

    async def _sell(
        self, drafts: Sequence[Draft], terms: Terms, reason: str, kind: MovementKind
    ) -> set[int]:
        """Write prices and stock; the variants for which something is different now."""
        sold = [pair for draft in drafts for pair in draft.sold]
        entries = [entry for pair in sold if (entry := price_entry(terms, *pair)) is not None]
        counts = [count for pair in sold for count in stock_counts(terms, *pair)]
        if entries:
            _expect(await self._prices.set_prices(entries))
        if counts:
            _expect(await self._stock.count(counts, kind, reason, "", self._viewer.name))
        return {entry.variant_id for entry in entries} | {count.variant_id for count in counts}


def _category_ids(drafts: Sequence[Draft]) -> set[int]:
    given = (draft.wanted.category_ids for draft in drafts)
    return {id_ for ids in given if ids is not ABSENT for id_ in ids}


def _stopped(drafts: Sequence[Draft], policy: ErrorPolicy) -> bool:
    """Whether nothing is to be written."""
    failed = [draft for draft in drafts if draft.problems]
    return len(failed) == len(drafts) or (bool(failed) and policy is ErrorPolicy.ALL_OR_NOTHING)


def _returns(product: ProductSet) -> bool:
    """Whether the product, if it is archived, is brought back."""
    return product.status is not ABSENT and product.status is not ProductStatus.ARCHIVED


def _expect(result: object) -> None:
    """What rows say was checked before; a problem now means that it changed under our hands."""
    if isinstance(result, Problem):
        raise UnavailableError(f"Something else changed prices or stock: {result.message}")


def _result(draft: Draft, product_ids: set[int], sold: set[int]) -> SetResult:
    if draft.problems or draft.tree is None:
        return SetResult(draft.index, problems=draft.problems)
    id_ = id_of(draft.tree)
    changed = id_ in product_ids or any(node.id in sold for node in draft.nodes)
    return SetResult(draft.index, id_, draft.stored is None, changed)
