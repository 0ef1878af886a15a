"""Products by category, with the branch below it, and their places in one category."""

from typing import Any

from sqlalchemy import CTE, ColumnElement, FromClause, Select, and_, select, true
from sqlmodel import col

from commerce.catalog.models import Category, Product, ProductCategory
from commerce.catalog.visibility import visible_categories
from commerce.core.columns import columns_of
from commerce.core.db import among
from commerce.core.viewer import Viewer
from commerce.search.criteria import CategoryIs
from commerce.search.repository.comparisons import text_is


def in_categories(wanted: CategoryIs, viewer: Viewer) -> ColumnElement[bool]:
    named = _named(wanted, viewer)
    ids = select(_branches(named, viewer).c.id) if wanted.deep else named
    filed = select(col(ProductCategory.product_id)).where(col(ProductCategory.category_id).in_(ids))
    return col(Product.id).in_(filed.correlate(None))


def place_in_category(wanted: CategoryIs, viewer: Viewer) -> tuple[FromClause, ColumnElement[bool]]:
    """The `position` of products in the one category that `wanted` names, and what joins it."""
    place: Any = columns_of(ProductCategory)["position"].table.alias("place")
    same = and_(
        place.c.product_id == col(Product.id),
        place.c.category_id == _named(wanted, viewer).scalar_subquery(),
    )
    return place, same


def is_named(wanted: CategoryIs) -> ColumnElement[bool]:
    """Whether a category is one of those named, not one below."""
    conditions: list[ColumnElement[bool]] = []
    if wanted.ids is not None:
        conditions.append(among(col(Category.id), wanted.ids))
    if wanted.slug is not None:
        conditions.append(text_is(col(Category.slug), wanted.slug))
    return and_(true(), *conditions)


def _named(wanted: CategoryIs, viewer: Viewer) -> Select[Any]:
    named = select(col(Category.id)).where(visible_categories(viewer), is_named(wanted))
    return named.correlate(None)


def _branches(named: Select[Any], viewer: Viewer) -> CTE:
    """The named categories and all below them, as far as the viewer sees the way down."""
    branch = named.cte(recursive=True, nesting=True)
    below = (
        select(col(Category.id))
        .join(branch, col(Category.parent_id) == branch.c.id)
        .where(visible_categories(viewer))
    )
    return branch.union(below)
