"""Adding, changing and archiving products."""

from collections.abc import Sequence
from dataclasses import dataclass

from commerce.catalog.kinds import ProductStatus
from commerce.catalog.problems import SlugTaken
from commerce.catalog.repository.products import ProductRow
from commerce.catalog.repository.references import ReferenceRepository
from commerce.catalog.repository.trees import Part
from commerce.catalog.rules.claims import Claims
from commerce.catalog.rules.products import (
    cleaned_product,
    new_product,
    product_flaws,
    put_product,
)
from commerce.catalog.rules.tree import Columns, ProductTree, Stored, id_of, tree_of
from commerce.catalog.rules.variants import skus_of
from commerce.catalog.rules.wanted import WantedMedia, WantedOption, WantedVariant
from commerce.catalog.rules.whole import part_flaws, put_parts
from commerce.catalog.service.editing import ProductEditor
from commerce.core.absent import ABSENT, Absent
from commerce.core.problems import NotFound, Problem


@dataclass(frozen=True, slots=True)
class ProductParts:
    """What a new product is made of beside its own fields. Without options variants name them."""

    options: Sequence[WantedOption] | Absent = ABSENT
    variants: Sequence[WantedVariant] = ()
    media: Sequence[WantedMedia] = ()


class ProductChangeService:
    """To be called in a transaction, which is to be rolled back when a Problem is answered."""

    def __init__(self, editor: ProductEditor, references: ReferenceRepository) -> None:
        self._editor = editor
        self._trees = editor.trees
        self._names = editor.names
        self._references = references

    async def create(
        self, values: Columns, parts: ProductParts, category_ids: Sequence[int] = ()
    ) -> ProductRow | Problem:
        """Add a product; without variants it gets one that can be sold.

        Without a slug it gets one made of its title, numbered when others have it.
        """
        given = (parts.options, parts.variants, parts.media)
        flaws = product_flaws(values, new=True) or part_flaws(*given)
        if flaws:
            return flaws[0]
        skus = skus_of(parts.variants)
        slug = await self._slug(values, skus)
        if isinstance(slug, Problem):
            return slug
        tree = new_product(self._editor.now())
        put_product(tree, {**cleaned_product(values), "slug": slug})
        _, problems = put_parts(tree, *given)
        if not problems:
            claims = Claims({}, await self._names.sku_owners(skus))
            problems = list(claims.problems(tree, tree.variants))
        return problems[0] if problems else await self._finish(None, tree, category_ids)

    async def update(
        self,
        id_: int,
        values: Columns,
        category_ids: Sequence[int] | None = None,
        expected_version: int | None = None,
    ) -> ProductRow | Problem:
        """Change the given fields; what is the same already leaves the version alone.

        A product that is archived no more comes back with the variants archived with it.
        """
        flaws = product_flaws(values, new=False)
        if flaws:
            return flaws[0]
        claims = await self._claims(id_, values)
        parts = Part.VARIANTS if "status" in values else Part.NONE
        if category_ids is not None:
            parts |= Part.CATEGORIES
        stored = await self._editor.held(id_, expected_version, parts, "id")
        if isinstance(stored, Problem):
            return stored
        tree = tree_of(stored, self._editor.now())
        put_product(tree, cleaned_product(values))
        problem = next(claims.problems(tree, ()), None)
        return problem or await self._finish(stored, tree, category_ids)

    async def archive(self, id_: int, expected_version: int | None = None) -> ProductRow | Problem:
        """Take the product and its variants out of the shop. Another status brings them back."""
        return await self.update(
            id_, {"status": ProductStatus.ARCHIVED}, expected_version=expected_version
        )

    async def _claims(self, id_: int, values: Columns) -> Claims:
        """Who else has the slug, and the skus that come back with an archived product."""
        slugs = [values["slug"]] if "slug" in values else []
        returns = values.get("status", ProductStatus.ARCHIVED) is not ProductStatus.ARCHIVED
        skus = await self._names.skus_to_return([id_], ()) if returns else []
        await self._names.lock(slugs, skus)
        return Claims(await self._names.slug_owners(slugs), await self._names.sku_owners(skus))

    async def _slug(self, values: Columns, skus: set[str]) -> str | SlugTaken:
        """The given slug or the first free one made of the title; skus are held with it."""
        if "slug" in values:
            await self._names.lock([values["slug"]], skus)
            taken = await self._names.slug_owners([values["slug"]])
            return (
                SlugTaken("Another product has this slug.", ("slug",)) if taken else values["slug"]
            )
        (free,) = await self._editor.free_slugs([values["title"]], (), skus)
        return free

    async def _finish(
        self, stored: Stored | None, tree: ProductTree, category_ids: Sequence[int] | None
    ) -> ProductRow | Problem:
        """Write the product unless what it refers to is not there."""
        missing = await self._missing_thing(stored, tree)
        if category_ids is not None and missing is None:
            tree.category_ids = await self._references.categories(category_ids)
            missing = _missing_category(tree.category_ids, category_ids)
        if missing is not None:
            return missing
        await self._editor.save([(stored, tree)])
        return (await self._trees.shown([id_of(tree)]))[id_of(tree)]

    async def _missing_thing(self, stored: Stored | None, tree: ProductTree) -> NotFound | None:
        """What else the product names that is not there; what it named before is."""
        for name, noun, held in (
            ("brand_id", "brand", self._references.brands),
            ("tax_class_id", "tax class", self._references.tax_classes),
        ):
            wanted = tree.columns[name]
            same = stored is not None and stored.product[name] == wanted
            if not (wanted is None or same or await held([wanted])):
                return NotFound(f"There is no {noun} with this id.", (name,))
        return None


def _missing_category(found: frozenset[int], wanted: Sequence[int]) -> NotFound | None:
    for place, id_ in enumerate(wanted):
        if id_ not in found:
            return NotFound("There is no category with this id.", ("category_ids", str(place)))
    return None
