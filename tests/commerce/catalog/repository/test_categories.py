import pytest
from sqlalchemy import update
from sqlmodel import col

from commerce.catalog.models import Category
from commerce.catalog.repository.categories import OFTEN, CategoryRepository
from commerce.core.db import UnitOfWork
from commerce.core.paging import Count
from commerce.core.viewer import SYSTEM
from tests.support.catalog import make_category, make_product


@pytest.mark.parametrize(
    ("limit", "count"), [(None, Count(3)), (3, Count(3)), (2, Count(2, exact=False))]
)
async def test_a_product_in_two_categories_of_a_branch_is_counted_once(
    uow: UnitOfWork, limit: int | None, count: Count
) -> None:
    products = [await make_product(uow, title) for title in "abc"]
    root = await make_category(uow, "Root", *products[:2])
    below = await make_category(uow, "Below", *products[1:], parent=root)
    counts = await CategoryRepository(uow, SYSTEM).product_counts([root.id, below.id], limit)
    assert counts[root.id] == count
    assert counts[below.id] == Count(2)


async def test_counting_ends_where_a_product_is_met_too_often(uow: UnitOfWork) -> None:
    product = await make_product(uow)
    root = await make_category(uow, "Root", product)
    for number in range(OFTEN):
        await make_category(uow, f"Below {number}", product, parent=root)
    categories = CategoryRepository(uow, SYSTEM)
    assert await categories.product_counts([root.id], 1) == {root.id: Count(1, exact=False)}
    assert await categories.product_counts([root.id], 2) == {root.id: Count(1)}


async def test_a_circle_made_by_hand_ends_no_walk(uow: UnitOfWork) -> None:
    product = await make_product(uow)
    a = await make_category(uow, "A", product)
    b = await make_category(uow, "B", parent=a)
    await uow.change(update(Category).where(col(Category.id) == a.id).values(parent_id=b.id))
    categories = CategoryRepository(uow, SYSTEM)
    assert await categories.product_counts([a.id], 10) == {a.id: Count(1)}
    assert (await categories.lineages([a.id]))[a.id].depth > 2
