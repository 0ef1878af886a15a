"""Rows of whole products on their way to the tables."""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import datetime

from commerce.catalog.problems import SlugTaken
from commerce.catalog.rules.claims import Claims
from commerce.catalog.rules.products import (
    cleaned_product,
    new_product,
    product_flaws,
    put_product,
)
from commerce.catalog.rules.tree import ProductTree, Stored, VariantNode, tree_of
from commerce.catalog.rules.whole import part_flaws, put_parts
from commerce.core.absent import ABSENT, given
from commerce.core.problems import Invalid, NotFound, Problem
from commerce.interchange.rules.references import FIXED, KINDS, SINGLE, Names, named_in
from commerce.interchange.rules.sets import OWN_FIELDS, ProductSet, VariantSet
from commerce.interchange.rules.terms import Terms, term_flaws


@dataclass(slots=True)
class Draft:
    """One row: what is wanted, what is stored, and the product to be.

    `nodes` are the variants that the row's own variants became.
    """

    index: int
    wanted: ProductSet
    problems: list[Problem] = field(default_factory=list)
    stored: Stored | None = None
    tree: ProductTree | None = None
    nodes: Sequence[VariantNode] = ()

    @property
    def rows(self) -> Sequence[VariantSet]:
        return () if self.wanted.variants is ABSENT else self.wanted.variants

    @property
    def sold(self) -> list[tuple[VariantNode, VariantSet]]:
        """Variants with what is said of their prices and stock: nothing of archived ones."""
        if self.tree is None or self.tree.archived:
            return []
        return list(zip(self.nodes, self.rows, strict=True))


@dataclass(slots=True)
class Surroundings:
    """What the rows meet: who has which names, what there is to refer to, what is stored."""

    claims: Claims
    names: Mapping[str, Names]
    brand_ids: Set[int]
    category_ids: Set[int]
    terms: Terms
    now: datetime


def drafts_of(products: Sequence[ProductSet]) -> list[Draft]:
    """The rows with what is wrong about each that can be seen without any data."""
    drafts = [Draft(place, product, _flaws(product)) for place, product in enumerate(products)]
    _note_repeated(drafts)
    return drafts


def good(drafts: Iterable[Draft]) -> list[Draft]:
    return [draft for draft in drafts if not draft.problems]


def match(drafts: Iterable[Draft], found: Iterable[Stored]) -> None:
    """Give each row the stored product it means. The same one twice is one too many."""
    by_id = {stored.id: stored for stored in found}
    by_slug = {stored.product["slug"]: stored for stored in by_id.values()}
    seen: dict[int, int] = {}
    for draft in drafts:
        id_, slug = draft.wanted.id, draft.wanted.slug
        draft.stored = by_slug.get(slug or "") if id_ is None else by_id.get(id_)
        if draft.stored is not None and draft.wanted.must_be_new:
            draft.problems.append(_there_already(draft.wanted))
        elif draft.stored is not None and draft.stored.id in seen:
            message = f"This product is in row {seen[draft.stored.id]} already."
            draft.problems.append(Invalid(message, ("slug" if id_ is None else "id",)))
        elif draft.stored is not None:
            seen[draft.stored.id] = draft.index
        elif id_ is not None:
            draft.problems.append(NotFound("There is no product with this id.", ("id",)))
        elif draft.wanted.title is ABSENT:
            draft.problems.append(Invalid("A new product needs a title.", ("title",)))


def name_new(drafts: Iterable[Draft], slugs: Iterable[str]) -> None:
    """Give rows that are `nameless` these slugs, in order."""
    for draft, slug in zip(drafts, slugs, strict=True):
        draft.wanted = replace(draft.wanted, slug=slug)


def nameless(drafts: Iterable[Draft]) -> list[Draft]:
    """Rows of new products whose slugs are to be made of their titles."""
    return [draft for draft in drafts if draft.wanted.id is None and draft.wanted.slug is None]


def plan(draft: Draft, around: Surroundings) -> None:
    """Make the product what the row wants, or note why that cannot be."""
    wanted = draft.wanted
    tree = new_product(around.now) if draft.stored is None else tree_of(draft.stored, around.now)
    put_product(tree, cleaned_product(_own_values(wanted)))
    parts = (wanted.options, wanted.variants, wanted.media)
    draft.nodes, problems = put_parts(tree, *parts, exhaustive=wanted.exhaustive)
    draft.tree = tree
    if not problems:
        problems = [
            *around.claims.problems(tree, draft.nodes),
            *_unknown_names(wanted, around.names),
            *_unknown_brand(wanted, around.brand_ids),
            *_early(wanted, around.now),
            *_unknown_categories(wanted, around.category_ids),
            *_term_flaws(draft, around.terms),
        ]
    draft.problems.extend(problems)
    if not problems:
        around.claims.let_in(draft.stored, tree)


def refer(draft: Draft, names: Mapping[str, Names]) -> None:
    """Fill in the ids of what the product refers to; all of it is there by now."""
    tree, wanted = draft.tree, draft.wanted
    if tree is None:
        return
    ids = {
        kind: frozenset(
            id_ for name in named_in(wanted, kind) if (id_ := names[kind].find(name)) is not None
        )
        for kind in KINDS
    }
    if wanted.brand is not ABSENT:
        tree.columns["brand_id"] = next(iter(ids["brand"]), None)
    if wanted.brand_id is not ABSENT:
        tree.columns["brand_id"] = wanted.brand_id
    if wanted.tax_class is not ABSENT:
        tree.columns["tax_class_id"] = next(iter(ids["tax_class"]), None)
    if wanted.category_ids is not ABSENT:
        others = frozenset() if wanted.exhaustive else tree.category_ids
        tree.category_ids = frozenset(wanted.category_ids) | others
    if wanted.categories is not ABSENT:
        others = frozenset() if wanted.exhaustive else tree.category_ids
        tree.category_ids = ids["categories"] | others
    if wanted.collections is not ABSENT:
        others = frozenset() if wanted.exhaustive else tree.collection_ids
        tree.collection_ids = ids["collections"] | others


def _own_values(product: ProductSet) -> dict[str, object]:
    values = given(product, OWN_FIELDS)
    nullable = ("published_at",)
    return {name: value for name, value in values.items() if value is not None or name in nullable}


def _flaws(product: ProductSet) -> list[Problem]:
    if product.id is None and product.slug is None and not product.must_be_new:
        return [Invalid("Say the slug of the product.", ("slug",))]
    if product.brand is not ABSENT and product.brand_id is not ABSENT:
        return [Invalid("Say the brand in one way.", ("brand_id",))]
    if product.categories is not ABSENT and product.category_ids is not ABSENT:
        return [Invalid("Say the categories in one way.", ("category_ids",))]
    return [
        *product_flaws(_own_values(product), new=product.must_be_new),
        *part_flaws(product.options, product.variants, product.media),
    ]


def _there_already(product: ProductSet) -> Problem:
    """Of a row that was to be new."""
    if product.id is not None:
        return Invalid("A new product has no id yet.", ("id",))
    return SlugTaken("Another product has this slug.", ("slug",))


def _note_repeated(drafts: Sequence[Draft]) -> None:
    seen: dict[str, int] = {}
    for draft in drafts:
        slug = draft.wanted.slug
        if slug is not None and slug in seen:
            message = f"This slug is in row {seen[slug]} already."
            draft.problems.append(Invalid(message, ("slug",)))
        elif slug is not None:
            seen[slug] = draft.index


def _unknown_names(product: ProductSet, names: Mapping[str, Names]) -> Iterator[Problem]:
    for kind in KINDS:
        for place, name in enumerate(named_in(product, kind)):
            path = (kind,) if kind in SINGLE else (kind, str(place))
            adding = product.create_missing and kind not in FIXED
            problem = names[kind].problem(name, path, create_missing=adding)
            if problem is not None:
                yield problem


def _unknown_brand(product: ProductSet, known: Set[int]) -> Iterator[Problem]:
    if isinstance(product.brand_id, int) and product.brand_id not in known:
        yield NotFound("There is no brand with this id.", ("brand_id",))


def _early(product: ProductSet, now: datetime) -> Iterator[Problem]:
    if isinstance(product.published_at, datetime) and product.published_at > now:
        yield Invalid("This is not to be later than now.", ("published_at",))


def _unknown_categories(product: ProductSet, known: Set[int]) -> Iterator[Problem]:
    for place, id_ in enumerate(() if product.category_ids is ABSENT else product.category_ids):
        if id_ not in known:
            yield NotFound("There is no category with this id.", ("category_ids", str(place)))


def _term_flaws(draft: Draft, terms: Terms) -> Iterator[Problem]:
    for place, (node, row) in enumerate(draft.sold):
        yield from term_flaws(terms, node, row, ("variants", str(place)))
