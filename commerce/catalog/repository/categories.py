"""Categories, read: one by one, as lists, and along the tree."""

from collections import defaultdict
from collections.abc import Collection as Keys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import BigInteger, ColumnElement, Select, func, literal, select, true
from sqlmodel import col

from commerce.catalog.kinds import Sluggable
from commerce.catalog.models import Category, Product, ProductCategory
from commerce.catalog.repository.slugged import SluggedRepository, SluggedRow
from commerce.catalog.rules.categories import CategoryFilter
from commerce.catalog.visibility import visible_categories, visible_products
from commerce.core.arrays import table_of
from commerce.core.columns import columns_of
from commerce.core.keyset import (
    SortKey,
    count_of,
    counted,
    page_of,
    paged,
)
from commerce.core.nested import KEPT, NestedList
from commerce.core.paging import Count, Page, PageArgs
from commerce.core.viewer import Viewer

CategoryRow = SluggedRow

BY_POSITION = (SortKey(col(Category.position)), SortKey(col(Category.id)))
PARENT = col(Category.parent_id)
OF_PRODUCT = col(ProductCategory.product_id)
# No tree is as high; a walk ends here even if somebody has made a circle by hand.
HIGHEST: Final = 500
OFTEN: Final = 4


@dataclass(frozen=True, slots=True)
class Lineage:
    """How many categories stand above one, and those of them the viewer is shown, root first."""

    depth: int = 0
    ancestors: Sequence[CategoryRow] = ()


class CategoryRepository(SluggedRepository):
    model = Category
    kind = Sluggable.CATEGORY

    def seen(self) -> ColumnElement[bool]:
        return visible_categories(self._viewer)

    def live(self) -> ColumnElement[bool]:
        return col(Category.archived_at).is_(None)

    async def page(self, where: CategoryFilter, args: PageArgs) -> Page[CategoryRow]:
        """By position among siblings, then id."""
        rows = await self._uow.rows(paged(self._matching(where), BY_POSITION, args))
        return page_of(rows, len(BY_POSITION), args)

    async def count(self, where: CategoryFilter, limit: int | None) -> Count:
        found = await self._uow.scalar(counted(self._matching(where), limit))
        return count_of(found, limit)

    async def pages_by_parent(self, ids: Keys[int], args: PageArgs) -> dict[int, Page[CategoryRow]]:
        return await children(self._viewer).pages(self._uow, ids, args)

    async def counts_by_parent(self, ids: Keys[int], limit: int | None) -> dict[int, Count]:
        return await children(self._viewer).counts(self._uow, ids, limit)

    async def pages_by_product(
        self, ids: Keys[int], args: PageArgs
    ) -> dict[int, Page[CategoryRow]]:
        """What each product is in, in the categories' own order."""
        return await of_products(self._viewer).pages(self._uow, ids, args)

    async def counts_by_product(self, ids: Keys[int], limit: int | None) -> dict[int, Count]:
        return await of_products(self._viewer).counts(self._uow, ids, limit)

    async def lineages(self, ids: Keys[int]) -> dict[int, Lineage]:
        """What stands above each category; roots are left out."""
        up = _ancestry(ids)
        statement = (
            select(up.c.owner_id, self.seen().label("shown"), *columns_of(Category))
            .join(up, up.c.above == col(Category.id))
            .order_by(up.c.owner_id, up.c.height.desc())
        )
        found: defaultdict[int, list[CategoryRow]] = defaultdict(list)
        for row in await self._uow.rows(statement):
            found[row.owner_id].append(row)
        return {
            id_: Lineage(len(rows), [row for row in rows if row.shown])
            for id_, rows in found.items()
        }

    async def product_counts(self, ids: Keys[int], limit: int | None) -> dict[int, Count]:
        """How many products are in each category or below it, each product counted once.

        With a limit the work has an end, too: a product in many categories of the branch is come
        across that often, and after `limit * OFTEN` encounters the count says "at least".
        """
        owners, branch = self._branches(ids)
        encounters = None if limit is None else limit * OFTEN
        met = (
            select(OF_PRODUCT.label("id"))
            .join(branch, branch.c.id == col(ProductCategory.category_id))
            .join(Product, col(Product.id) == OF_PRODUCT)
            .where(branch.c.owner_id == owners.c.owner_id, visible_products(self._viewer))
            .limit(encounters)
            .correlate(owners)
            .subquery("met")
        )
        products = func.count(met.c.id.distinct()).label("products")
        counted = select(products, func.count().label("met")).lateral("counted")
        rows = await self._uow.rows(select(owners.c.owner_id, *counted.c).join(counted, true()))
        return {
            row.owner_id: count_of(row.products, limit)
            if limit is None or row.met < limit * OFTEN
            else Count(min(row.products, limit), exact=False)
            for row in rows
        }

    def _matching(self, where: CategoryFilter) -> Select[Any]:
        return self.visible().where(*self._conditions(where))

    def _conditions(self, where: CategoryFilter) -> Iterator[ColumnElement[bool]]:
        if where.parent_id is not None:
            yield col(Category.parent_id) == where.parent_id
        if where.roots_only:
            yield PARENT.is_(None)
        if where.within_id is not None:
            _, branch = self._branches([where.within_id])
            yield col(Category.id).in_(select(branch.c.id))
            yield col(Category.id) != where.within_id
        if where.title_contains is not None:
            yield col(Category.title).icontains(where.title_contains, autoescape=True)
        if where.active is not None:
            yield col(Category.active) == where.active
        if where.has_children is not None:
            yield col(Category.id).in_(self._parents()).is_(where.has_children)

    def _parents(self) -> Select[Any]:
        """The ids of categories with others below them, as far as they are shown."""
        below = self.visible().where(PARENT.is_not(None)).subquery()
        return select(below.c.parent_id)

    def _branches(self, ids: Keys[int]) -> tuple[Any, Any]:
        """The given ids, and (owner_id, id) of each with everything below it that is shown.

        UNION, not UNION ALL: a circle would end the walk, not keep it going.
        """
        owners = table_of("owners", {"owner_id": BigInteger()}, [(id_,) for id_ in ids])
        branch = select(owners.c.owner_id, owners.c.owner_id.label("id")).cte(
            "branch", recursive=True
        )
        below = (
            select(branch.c.owner_id, col(Category.id))
            .join(Category, branch.c.id == PARENT)
            .where(self.seen())
        )
        return owners, branch.union(below)


@lru_cache(KEPT)
def children(viewer: Viewer) -> NestedList:
    return NestedList(PARENT, _visible(viewer), BY_POSITION)


@lru_cache(KEPT)
def of_products(viewer: Viewer) -> NestedList:
    own = col(ProductCategory.category_id) == col(Category.id)
    return NestedList(OF_PRODUCT, _visible(viewer).join(ProductCategory, own), BY_POSITION)


def _visible(viewer: Viewer) -> Select[Any]:
    return select(*columns_of(Category)).where(visible_categories(viewer))


def _ancestry(ids: Keys[int]) -> Any:
    """(owner_id, above, height): each given category with the ids above it, nearest first."""
    owners = table_of("owners", {"owner_id": BigInteger()}, [(id_,) for id_ in ids])
    own = col(Category.id) == owners.c.owner_id
    start = select(owners.c.owner_id, PARENT.label("above"), literal(1).label("height"))
    up = start.join(Category, own).cte("up", recursive=True)
    step = select(up.c.owner_id, PARENT, up.c.height + 1).join(
        Category, up.c.above == col(Category.id)
    )
    return up.union_all(step.where(up.c.height < HIGHEST))
