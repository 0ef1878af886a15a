"""Products by category, with the branch below it, and their places in one category."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Row,
    Select,
    and_,
    false,
    literal_column,
    select,
    true,
    union_all,
)
from sqlmodel import col

from commerce.catalog.models import Category, Product, ProductCategory
from commerce.catalog.visibility import visible_categories
from commerce.core.columns import columns_of
from commerce.core.comparisons import text_is
from commerce.core.db import UnitOfWork, among
from commerce.core.viewer import Viewer
from commerce.search.criteria import CategoryIs


class BranchRepository:
    """Which categories a filter means.

    That is a statement of its own: only when the ids stand in the text of the next one can the
    database tell a category with ten products from one with half of them.
    """

    def __init__(self, uow: UnitOfWork, viewer: Viewer) -> None:
        self._uow = uow
        self._viewer = viewer

    async def found(self, wanted: Collection[CategoryIs]) -> Mapping[CategoryIs, CategoryIs]:
        """Each with the `ids` it names and its `branch`, as far as the viewer sees the way down."""
        numbered = dict(enumerate(wanted))
        rows: defaultdict[int, list[Row[Any]]] = defaultdict(list)
        for row in await self._uow.rows(self._branches(numbered)):
            rows[row.number].append(row)
        return {each: _with_branch(each, rows[number]) for number, each in numbered.items()}

    def _branches(self, numbered: Mapping[int, CategoryIs]) -> Select[Any]:
        visible = visible_categories(self._viewer)
        named = [self._named(number, each) for number, each in numbered.items()]
        branch = select(union_all(*named).subquery()).cte("branch", recursive=True)
        below = (
            select(branch.c.number, literal_column("false"), branch.c.deep, col(Category.id))
            .join(Category, and_(branch.c.deep, col(Category.parent_id) == branch.c.id))
            .where(visible)
        )
        return select(branch.union(below))

    def _named(self, number: int, wanted: CategoryIs) -> Select[Any]:
        columns: tuple[Any, ...] = (
            literal_column(str(number)).label("number"),
            literal_column("true").label("named"),
            literal_column("true" if wanted.deep else "false").label("deep"),
            col(Category.id),
        )
        return select(*columns).where(visible_categories(self._viewer), _is_named(wanted))


def _with_branch(wanted: CategoryIs, rows: list[Row[Any]]) -> CategoryIs:
    named = {row.id for row in rows if row.named}
    return replace(wanted, ids=tuple(sorted(named)), branch=tuple(sorted({row.id for row in rows})))


def _is_named(wanted: CategoryIs) -> ColumnElement[bool]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.ids is not None:
        conditions.append(among(col(Category.id), wanted.ids))
    if wanted.slug is not None:
        conditions.append(text_is(col(Category.slug), wanted.slug))
    return and_(true(), *conditions)


def in_categories(wanted: CategoryIs) -> ColumnElement[bool]:
    filed = select(col(ProductCategory.product_id)).where(
        among(col(ProductCategory.category_id), wanted.branch)
    )
    return col(Product.id).in_(filed.correlate(None))


def place_in_category(wanted: CategoryIs) -> tuple[FromClause, ColumnElement[bool]]:
    """The `position` of products in the one category that `wanted` names, and what joins it."""
    place: Any = columns_of(ProductCategory)["position"].table.alias("place")
    chosen = place.c.category_id == wanted.ids[0] if wanted.ids else false()
    return place, and_(place.c.product_id == col(Product.id), chosen)
