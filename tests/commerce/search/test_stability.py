"""Walks through a list while others write: what nobody touches is seen exactly once, in order."""

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from itertools import count
from typing import Any

import pytest
from sqlalchemy import delete, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from commerce.catalog.kinds import ProductStatus
from commerce.catalog.models import Product
from commerce.core.criteria import Direction, TextIs
from commerce.core.db import UnitOfWork, units_on
from commerce.core.paging import PageArgs
from commerce.core.pool import Database
from commerce.search.criteria import CategoryIs, ProductListing, ProductOrder, ProductWhere
from commerce.search.kinds import ProductOrderField
from tests.support.search import lists_for

ROWS, SIZE, WRITERS = 1000, 7, 4
# Enough to have moved rows under every few pages, however slow the machine is.
WRITES_AT_LEAST = 20
BY = ProductOrderField
STEADY = """
INSERT INTO price_lists (code, name, currency, is_default) VALUES ('base', 'Base', 'EUR', true);
INSERT INTO categories (slug, title) VALUES ('all', 'All');
INSERT INTO categories (slug, title, parent_id) VALUES ('below', 'Below', 1);
INSERT INTO products (slug, title, status, description_text, position, published_at, created_at,
                      updated_at)
SELECT 'steady-' || n, 'Steady ' || n % 40, 'active', repeat('lamp ', n % 5), n % 3,
       CASE WHEN n % 3 > 0 THEN now() - n % 20 * interval '1 day' END,
       now() - n % 100 * interval '1 day', now() - n % 7 * interval '1 day'
  FROM generate_series(1, 1000) n;
INSERT INTO variants (product_id) SELECT id FROM products WHERE id % 4 > 0;
INSERT INTO prices (price_list_id, variant_id, amount) SELECT 1, id, id % 9 FROM variants;
INSERT INTO product_categories (product_id, category_id, position)
SELECT id, 1 + id % 2, id % 50 FROM products;
ANALYZE products, variants, prices, product_categories;
"""
EVERY = ProductWhere()
IN_BRANCH = ProductWhere(categories=(CategoryIs(slug=TextIs(("all",))),))
IN_ONE = ProductWhere(categories=(CategoryIs(slug=TextIs(("all",)), deep=False),))


@pytest.fixture
async def steady(database: Database) -> Database:
    """1,000 products with ties, and with NULLs where a sort key can have them."""
    async with database.writer() as connection:
        for statement in STEADY.strip().split(";")[:-1]:
            await connection.execute(text(statement))
    return database


@asynccontextmanager
async def writers(database: Database) -> AsyncIterator[Callable[[], int]]:
    """Several who add, change and delete products of their own; how often they have so far."""
    done = [0] * WRITERS
    tasks = [asyncio.create_task(_write(database, n, done)) for n in range(WRITERS)]
    try:
        yield lambda: sum(done)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _write(database: Database, number: int, done: list[int]) -> None:
    choose, own = random.Random(number), list[int]()
    async with units_on(database)() as uow:
        for turn in count():
            if len(own) < 30 or choose.random() < 0.3:
                values = {"slug": f"mine-{number}-{turn}", "status": ProductStatus.ACTIVE}
                added = insert(Product).values(**values, **_anywhere(choose))
                own.append(await uow.scalar(added.returning(col(Product.id))))
            elif choose.random() < 0.6:
                mine = col(Product.id) == choose.choice(own)
                await uow.change(update(Product).where(mine).values(**_anywhere(choose)))
            else:
                await uow.change(delete(Product).where(col(Product.id) == own.pop()))
            done[number] += 1
            await asyncio.sleep(0.005)


def _anywhere(choose: random.Random) -> dict[str, Any]:
    """Values that put a product somewhere else in every sort order."""
    moment = text(f"now() - interval '{choose.randrange(100)} days'")
    return {
        "title": choose.choice(["Steady 0", "Steady 39", "Anything", "Zebra"]),
        "description_text": "lamp " * choose.randrange(6),
        "position": choose.randrange(4),
        "created_at": moment,
        "updated_at": moment,
        "published_at": choose.choice([None, moment]),
    }


async def walk(
    uow: UnitOfWork, listing: ProductListing, *, backwards: bool = False, size: int = SIZE
) -> list[str]:
    """The steady products in the order they were seen."""
    lists = lists_for(uow)
    seen: list[str] = []
    position: Any = None
    while True:
        page = await lists.products(listing, PageArgs(size, position, backwards=backwards))
        rows = [row.slug for row in page.rows]
        seen = [*rows, *seen] if backwards else [*seen, *rows]
        if not (page.has_previous if backwards else page.has_next):
            return [slug for slug in seen if slug.startswith("steady")]
        edge = page.rows[0 if backwards else -1]
        position = tuple(edge[-page.key_count :])


@pytest.mark.parametrize(
    ("field", "where", "words"),
    [
        (BY.TITLE, EVERY, None),
        (BY.PRICE, EVERY, None),
        (BY.PRICE, IN_BRANCH, None),
        (BY.CREATED_AT, EVERY, None),
        (BY.UPDATED_AT, EVERY, None),
        (BY.PUBLISHED_AT, EVERY, None),
        (BY.POSITION, EVERY, None),
        (BY.RELEVANCE, IN_ONE, "lamp"),
        (BY.CATEGORY_POSITION, IN_BRANCH, None),
        (BY.CATEGORY_POSITION, IN_ONE, None),
    ],
)
async def test_untouched_rows_are_seen_exactly_once(
    steady: Database, field: ProductOrderField, where: ProductWhere, words: str | None
) -> None:
    rising = ProductListing(where, (ProductOrder(field, Direction.ASC),), words=words)
    falling = ProductListing(where, (ProductOrder(field, Direction.DESC),), words=words)
    async with units_on(steady)() as uow:
        up, down = await walk(uow, rising, size=100), await walk(uow, falling, size=100)
        assert len(set(up)) == len(up) == len(down) >= ROWS / 3
        async with writers(steady) as done:
            assert await walk(uow, rising) == up
            assert await walk(uow, falling, backwards=True) == down
            assert done() > 20


async def test_paging_by_offset_shows_what_others_push_down_again(steady: Database) -> None:
    """Which a walk by cursors must not: this is what the test above would notice."""
    seen, listing = list[str](), ProductListing()
    async with units_on(steady)() as uow, writers(steady) as done:
        lists = lists_for(uow)
        for offset in range(0, ROWS, SIZE):
            page = await lists.products(listing, PageArgs(SIZE, offset=offset))
            seen += [row.slug for row in page.rows if row.slug.startswith("steady")]
        assert done() > 20
    assert len(seen) != len(set(seen)) or len(seen) < ROWS
