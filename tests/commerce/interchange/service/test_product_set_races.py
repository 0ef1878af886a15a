"""Sets side by side; each test has a twin that shows what the guard is for."""

from typing import Any

from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from commerce.core.db import units_on
from commerce.core.pool import Database
from commerce.interchange.rules import ProductSet, SetResult, VariantSet
from tests.support.races import Meeting
from tests.support.services import side_by_side
from tests.support.writers import FreeNames, FreeTrees, MetNames, MetTrees, sets

SAME = [ProductSet(slug="shirt", title="Shirt", variants=[VariantSet(sku="a")])] * 2


async def set_side_by_side(
    database: Database, products: list[ProductSet], names: Any = MetNames, trees: Any = MetTrees
) -> list[Any]:
    """What each of these products, in transactions that start together, became."""
    meeting = Meeting(len(products))

    def work(product: ProductSet) -> Any:
        return lambda services: sets(services, meeting, names, trees).set_many([product])

    answers = await side_by_side(database, [work(product) for product in products])
    return [answer if isinstance(answer, Exception) else answer[0] for answer in answers]


async def count(database: Database, name: str) -> int:
    async with units_on(database)() as uow:
        found: int = await uow.scalar(text(f"SELECT count(*) FROM {name}"))
        return found


async def test_one_slug_is_one_product(database: Database) -> None:
    results = await set_side_by_side(database, SAME)
    assert sorted(result.created for result in results) == [False, True]
    assert [result.problems for result in results] == [(), ()]
    assert len({result.product_id for result in results}) == 1
    assert (await count(database, "products"), await count(database, "variants")) == (1, 1)


async def test_without_the_names_held_one_set_would_fail(database: Database) -> None:
    results = await set_side_by_side(database, SAME, FreeNames)
    assert [type(result) for result in results if not isinstance(result, SetResult)] == [
        IntegrityError
    ]


async def test_of_two_products_that_want_one_sku_one_is_told(database: Database) -> None:
    rows = [
        ProductSet(slug=slug, title=slug, variants=[VariantSet(sku="same")]) for slug in ("a", "b")
    ]
    results = await set_side_by_side(database, rows)
    problems = [problem.code for result in results for problem in result.problems]
    assert problems == ["SKU_TAKEN"]
    assert await count(database, "products") == 1


async def test_changes_of_one_product_do_not_undo_each_other(database: Database) -> None:
    await set_side_by_side(database, SAME[:1])
    rows = [
        ProductSet(slug="shirt", title="Blouse"),
        ProductSet(slug="shirt", vendor="Acme"),
    ]
    assert all(result.changed for result in await set_side_by_side(database, rows))
    async with units_on(database)() as uow:
        (row,) = await uow.rows(text("SELECT title, vendor, version FROM products"))
        assert tuple(row) == ("Blouse", "Acme", 3)


async def test_without_the_lock_one_change_would_be_lost(database: Database) -> None:
    await set_side_by_side(database, SAME[:1])
    rows = [
        ProductSet(id=1, title="Blouse"),
        ProductSet(id=1, vendor="Acme"),
    ]
    await set_side_by_side(database, rows, FreeNames, FreeTrees)
    async with units_on(database)() as uow:
        (row,) = await uow.rows(text("SELECT title, vendor FROM products"))
        assert tuple(row) in {("Blouse", ""), ("Shirt", "Acme")}


async def test_many_sets_of_overlapping_products_all_come_through(database: Database) -> None:
    def work(start: int) -> Any:
        products = [
            ProductSet(
                slug=f"p-{n % 20}",
                title=f"Product {n % 20}",
                brand=f"Brand {n % 3}",
                categories=[f"Category {n % 5}"],
                create_missing=True,
                variants=[VariantSet(sku=f"sku-{n % 20}")],
            )
            for n in range(start, start + 15)
        ]
        return lambda services: services.product_sets.set_many(products[:: 1 if start % 2 else -1])

    answers = await side_by_side(database, [work(start) for start in range(8)])
    assert [result.problems for answer in answers for result in answer] == [()] * 8 * 15
    assert await count(database, "products") == 20
    assert (await count(database, "brands"), await count(database, "categories")) == (3, 5)
