"""Lists walk an index: a page costs what it shows, not what the shop has."""

from typing import Any

import pytest
from sqlalchemy import Select, text
from sqlalchemy.dialects import postgresql

from commerce.core.criteria import Direction
from commerce.core.db import UnitOfWork
from commerce.core.paging import PageArgs
from commerce.core.viewer import ANONYMOUS, SYSTEM, Viewer
from commerce.search.criteria import ProductListing, ProductOrder
from commerce.search.kinds import ProductOrderField
from commerce.search.repository.products import page_statement
from tests.support.search import lists_for

MANY = text("""
INSERT INTO products (slug, title, status, position, published_at, created_at, updated_at)
SELECT 'p-' || n, 'Product ' || n, CASE WHEN n % 9 = 0 THEN 'draft' ELSE 'active' END, n % 50,
       CASE WHEN n % 5 > 0 THEN now() - n * interval '1 minute' END,
       now() - n * interval '1 minute', now() - n % 700 * interval '1 minute'
  FROM generate_series(1, 3000) n
""")
BY, UP, DOWN = ProductOrderField, Direction.ASC, Direction.DESC


@pytest.fixture
async def many(uow: UnitOfWork) -> UnitOfWork:
    await uow.change(MANY)
    await uow.change(text("ANALYZE products"))
    return uow


async def plan(uow: UnitOfWork, statement: Select[Any]) -> str:
    shown = statement.compile(dialect=postgresql.dialect(), compile_kwargs={"literal_binds": True})  # type: ignore[no-untyped-call]  # SQLAlchemy's dialects are made untyped
    return "\n".join(row[0] for row in await uow.rows(text(f"EXPLAIN {shown}")))


def walks(shown: str) -> bool:
    return "Index" in shown and "Sort" not in shown and "Seq Scan" not in shown


@pytest.mark.parametrize(
    ("field", "direction"),
    [
        (BY.TITLE, UP),
        (BY.TITLE, DOWN),
        (BY.CREATED_AT, UP),
        (BY.CREATED_AT, DOWN),
        (BY.UPDATED_AT, DOWN),
        (BY.PUBLISHED_AT, DOWN),
        (BY.POSITION, UP),
    ],
)
@pytest.mark.parametrize("backwards", [False, True], ids=["forwards", "backwards"])
async def test_a_page_is_a_walk_from_where_it_starts(
    many: UnitOfWork, field: ProductOrderField, direction: Direction, backwards: bool
) -> None:
    listing = ProductListing(order=(ProductOrder(field, direction),))
    middle = await lists_for(many).products(listing, PageArgs(1, offset=1300))
    position = tuple(middle.rows[0][-middle.key_count :])
    for args in (PageArgs(24, backwards=backwards), PageArgs(24, position, backwards=backwards)):
        shown = await plan(many, page_statement(listing, ANONYMOUS, args)[0])
        assert walks(shown), shown
        if args.position is not None:
            assert "Index Cond" in shown


@pytest.mark.parametrize("viewer", [ANONYMOUS, SYSTEM], ids=["storefront", "staff"])
@pytest.mark.parametrize("field", [BY.CREATED_AT, BY.UPDATED_AT])
async def test_lists_that_are_followed_are_walks_for_everybody(
    many: UnitOfWork, viewer: Viewer, field: ProductOrderField
) -> None:
    listing = ProductListing(order=(ProductOrder(field, UP),))
    assert walks(await plan(many, page_statement(listing, viewer, PageArgs(24))[0]))


async def test_what_is_searched_for_is_read_once_and_not_for_each_product_found(
    many: UnitOfWork,
) -> None:
    shown = await plan(many, page_statement(ProductListing(words="12"), ANONYMOUS, PageArgs(24))[0])
    ranks = next(line for line in shown.splitlines() if "Sort Key" in line)
    assert "ts_rank_cd" in ranks
    assert "tsquery" not in ranks, ranks
