"""Writers of products side by side; each test has a twin that shows what the guard is for."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

from commerce.catalog.kinds import ErrorPolicy
from commerce.catalog.repository.names import NameRepository
from commerce.catalog.rules.wanted import WantedVariant
from commerce.catalog.service.product_changes import ProductParts
from commerce.catalog.service.variant_changes import VariantChangeService
from commerce.core.db import UnitOfWork, units_on
from commerce.core.pool import Database
from commerce.core.problems import VersionConflict
from commerce.wiring import Services
from tests.support.races import Meeting
from tests.support.services import side_by_side, transacted
from tests.support.writers import (
    FreeNames,
    FreeTrees,
    MetNames,
    MetTrees,
    add_product,
    changes,
    editor,
)


async def rename_side_by_side(database: Database, trees: Any) -> tuple[list[Any], int]:
    """The answers of two who change the first version, and the version after them."""
    added = await transacted(database, add_product)
    meeting = Meeting()

    def rename(title: str) -> Any:
        return lambda services: changes(services, meeting, trees=trees).update(
            added.id, {"title": title}, expected_version=1
        )

    answers = await side_by_side(database, [rename("Blouse"), rename("Skirt")])
    async with units_on(database)() as uow:
        return answers, await uow.scalar(text("SELECT version FROM products"))


async def test_of_two_who_expect_the_same_version_one_wins(database: Database) -> None:
    answers, version = await rename_side_by_side(database, MetTrees)
    refused = [answer for answer in answers if isinstance(answer, VersionConflict)]
    assert [conflict.current for conflict in refused] == [2]
    assert version == 2


async def test_without_the_lock_both_would_win(database: Database) -> None:
    answers, version = await rename_side_by_side(database, FreeTrees)
    assert sorted(answer.title for answer in answers) == ["Blouse", "Skirt"]
    assert version == 3


async def create_side_by_side(database: Database, names: Any, count: int) -> list[Any]:
    meeting = Meeting(count)
    parts = ProductParts()
    return await side_by_side(
        database,
        [lambda services: changes(services, meeting, names).create({"title": "Shirt"}, parts)]
        * count,
    )


async def test_products_of_one_title_get_slugs_of_their_own(database: Database) -> None:
    works = [add_product] * 12
    slugs = {answer.slug for answer in await side_by_side(database, works)}
    assert slugs == {"shirt", *(f"shirt-{n}" for n in range(2, 13))}


async def test_without_the_names_held_one_title_would_be_one_slug(database: Database) -> None:
    answers = await create_side_by_side(database, FreeNames, 2)
    assert [type(answer) for answer in answers if isinstance(answer, Exception)] == [IntegrityError]


class UnsortedNames(NameRepository):
    """The guard removed: names are held in the order they are given."""

    def __init__(self, uow: UnitOfWork, meeting: Meeting) -> None:
        super().__init__(uow)
        self._meeting = meeting

    async def lock(self, slugs: Iterable[str] = (), skus: Iterable[str] = ()) -> None:
        for sku in skus:
            await super().lock(skus=[sku])
            await self._meeting.arrive()


async def lock_crosswise(database: Database, names: Any) -> list[str]:
    """What the database said to two who take the same names in opposite orders."""
    said: list[str] = []
    meeting = Meeting()

    def lock(skus: list[str]) -> Any:
        async def work(services: Services) -> None:
            try:
                await names(services.uow, meeting).lock(skus=skus)
            except DBAPIError as error:
                said.append(error.orig.sqlstate)  # type: ignore[union-attr]  # asyncpg's error
                raise

        return work

    skus = [f"sku-{n}" for n in range(20)]
    assert await side_by_side(database, [lock(skus), lock(skus[::-1])]) == [None, None]
    return said


async def test_those_who_take_names_crosswise_never_wait_for_each_other(
    database: Database,
) -> None:
    assert await lock_crosswise(database, MetNames) == []


async def test_without_an_order_they_would(database: Database) -> None:
    said = await lock_crosswise(database, UnsortedNames)  # on a second try perhaps again
    assert set(said) == {"40P01"}


async def add_size_side_by_side(database: Database, trees: Any) -> list[Any]:
    """The answers of two who add the same size to a product."""
    rows = [WantedVariant(options=[("Size", "S")])]
    added = await transacted(database, lambda services: add_product(services, variants=rows))
    meeting, more = Meeting(), [WantedVariant(options=[("Size", "M")])]

    def work(services: Services) -> Any:
        own = VariantChangeService(editor(services, meeting, MetNames, trees))
        return own.upsert_many(added.id, more, ErrorPolicy.ALL_OR_NOTHING)

    return await side_by_side(database, [work, work])


async def test_one_combination_is_one_variant(database: Database) -> None:
    first, second = await add_size_side_by_side(database, MetTrees)
    assert first[0].variant_id == second[0].variant_id
    assert sorted([first[0].created, second[0].created]) == [False, True]


async def test_without_the_lock_one_combination_would_be_added_twice(database: Database) -> None:
    answers = await add_size_side_by_side(database, FreeTrees)
    assert [type(answer) for answer in answers if isinstance(answer, Exception)] == [IntegrityError]
