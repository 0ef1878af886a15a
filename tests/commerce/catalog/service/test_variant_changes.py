from typing import Any

import pytest

from commerce.catalog.kinds import ErrorPolicy, ProductStatus
from commerce.catalog.rules.wanted import WantedVariant
from commerce.catalog.service.variant_changes import VariantResult
from commerce.core.clock import system_clock
from commerce.core.db import UnitOfWork
from commerce.core.problems import Invalid, NotFound, VersionConflict
from commerce.core.viewer import SYSTEM
from commerce.wiring import Services
from tests.support.writers import add_product, table

ALL, SKIP = ErrorPolicy.ALL_OR_NOTHING, ErrorPolicy.SKIP_FAILED_ROWS


@pytest.fixture
def services(uow: UnitOfWork) -> Services:
    return Services(uow, SYSTEM, system_clock)


def size(name: str, **values: Any) -> WantedVariant:
    return WantedVariant(options=[("Size", name)], **values)


async def shirt(services: Services, count: int = 2) -> Any:
    """In sizes 0, 1, … with skus s0, s1, …"""
    rows = [size(str(n), sku=f"s{n}") for n in range(count)]
    return await add_product(services, variants=rows)


async def ids(uow: UnitOfWork) -> list[int]:
    return [row[0] for row in await table(uow, "variants", "id")]


async def live(uow: UnitOfWork) -> list[tuple[Any, ...]]:
    rows = await table(uow, "variants", "archived_at, sku, title, position", "position, id")
    return [row[1:] for row in rows if row[0] is None]


async def test_rows_change_and_add_variants(uow: UnitOfWork, services: Services) -> None:
    added = await shirt(services)
    rows = [size("1", sku="one"), size("2", sku="two", weight_grams=5)]
    results = await services.variant_changes.upsert_many(added.id, rows, ALL)
    _, second, third = await ids(uow)
    assert results == [
        VariantResult(0, second, created=False, changed=True),
        VariantResult(1, third, created=True, changed=True),
    ]
    assert await live(uow) == [("s0", "0", 0), ("one", "1", 1), ("two", "2", 2)]
    versions = await table(uow, "variants", "version")
    assert versions == [(1,), (2,), (1,)]
    assert await table(uow, "products", "version") == [(2,)]


async def test_the_same_rows_again_change_nothing(uow: UnitOfWork, services: Services) -> None:
    added = await shirt(services)
    rows = [size("1", sku="one"), size("2", media_url="/a.jpg")]
    await services.variant_changes.upsert_many(added.id, rows, ALL)
    before = await table(uow, "variants"), await table(uow, "products", "version, updated_at")
    results = await services.variant_changes.upsert_many(added.id, rows, ALL)
    assert isinstance(results, list)
    assert not any(result.changed or result.created for result in results)
    assert (
        await table(uow, "variants"),
        await table(uow, "products", "version, updated_at"),
    ) == before


async def test_one_bad_row_refuses_all_or_is_left_out(uow: UnitOfWork, services: Services) -> None:
    await add_product(services, slug="other", variants=[WantedVariant(sku="taken")])
    added = await shirt(services)
    rows = [size("2", sku="two"), size("3", sku="taken"), size("0", weight_grams=-1)]
    refused = await services.variant_changes.upsert_many(added.id, rows, ALL)
    assert isinstance(refused, list)
    assert [[problem.code for problem in result.problems] for result in refused] == [
        [],
        ["SKU_TAKEN"],
        ["INVALID"],
    ]
    assert [result.variant_id for result in refused] == [None, None, None]
    assert len(await live(uow)) == 3
    done = await services.variant_changes.upsert_many(added.id, rows, SKIP)
    assert isinstance(done, list)
    assert [result.created for result in done] == [True, False, False]
    assert done[1].problems == refused[1].problems
    assert len(await live(uow)) == 4


async def test_skus_and_sizes_are_exchanged(uow: UnitOfWork, services: Services) -> None:
    added = await shirt(services, 3)
    rows = [size("2", sku="s0"), size("0", sku="s1"), size("1", sku="s2")]
    results = await services.variant_changes.upsert_many(added.id, rows, ALL)
    assert isinstance(results, list)
    assert [result.changed for result in results] == [True] * 3
    assert await live(uow) == [("s0", "2", 0), ("s1", "0", 1), ("s2", "1", 2)]


async def test_a_sku_of_an_archived_variant_is_free(uow: UnitOfWork, services: Services) -> None:
    added = await shirt(services, 2)
    first, _ = await ids(uow)
    await services.variant_changes.archive(added.id, [first])
    other = await add_product(services, slug="other", variants=[WantedVariant(sku="s0")])
    assert other.version == 1
    again = await services.variant_changes.upsert_many(added.id, [size("0", sku="s0")], ALL)
    assert [problem.code for problem in again[0].problems] == ["SKU_TAKEN"]  # type: ignore[index]  # no problem


async def test_archived_variants_leave_tombstones(uow: UnitOfWork, services: Services) -> None:
    added = await shirt(services, 3)
    first, second, third = await ids(uow)
    archive = services.variant_changes.archive
    changed = await archive(added.id, [first, second])
    assert changed.version == 2  # type: ignore[union-attr]  # no problem
    assert await live(uow) == [("s2", "2", 2)]
    gone = [("variant", first), ("variant", second)]
    assert await table(uow, "tombstones", "kind, resource_id", "2") == gone
    assert await archive(added.id, [first, second]) == changed
    assert await table(uow, "tombstones", "kind, resource_id", "2") == gone
    assert await archive(added.id, [third]) == Invalid(
        "A product keeps one variant at least; archive the product instead.", ("variant_ids",)
    )


async def test_only_the_products_own_variants_are_archived_and_ordered(
    uow: UnitOfWork, services: Services
) -> None:
    added = await shirt(services)
    await add_product(services, slug="other")
    *own, foreign = await ids(uow)
    missing = NotFound("The product has no such variant.", ("variant_ids", "1"))
    assert await services.variant_changes.archive(added.id, [own[0], foreign]) == missing
    assert await services.variant_changes.reorder(added.id, [own[0], foreign]) == missing
    assert await services.variant_changes.reorder(added.id, [own[0], own[0]]) == Invalid(
        "This variant is named twice.", ("variant_ids", "1")
    )


async def test_named_variants_come_first(uow: UnitOfWork, services: Services) -> None:
    added = await shirt(services, 4)
    order = await ids(uow)
    await services.variant_changes.reorder(added.id, [order[3], order[1]])
    assert [row[0] for row in await live(uow)] == ["s3", "s1", "s0", "s2"]
    await services.variant_changes.reorder(added.id, [order[3], order[1]])
    assert await table(uow, "products", "version") == [(2,)]


async def test_versions_are_expected_of_the_product(uow: UnitOfWork, services: Services) -> None:
    added = await shirt(services)
    first, second = await ids(uow)
    conflict = VersionConflict("The product is at version 1 by now.", ("expected_version",), 1)
    changes = services.variant_changes
    assert await changes.upsert_many(added.id, [size("9")], ALL, expected_version=2) == conflict
    assert await changes.archive(added.id, [first], expected_version=2) == conflict
    assert await changes.reorder(added.id, [second], expected_version=2) == conflict


async def test_there_must_be_a_product(services: Services) -> None:
    missing = NotFound("There is no product with this id.", ("product_id",))
    assert await services.variant_changes.upsert_many(9, [size("S")], ALL) == missing


async def test_variants_of_an_archived_product_are_changed_out_of_sight(
    uow: UnitOfWork, services: Services
) -> None:
    added = await shirt(services)
    await services.product_changes.archive(added.id)
    results = await services.variant_changes.upsert_many(added.id, [size("9", sku="nine")], ALL)
    assert results[0].created  # type: ignore[index]  # no problem
    assert await live(uow) == []
    await services.product_changes.update(added.id, {"status": ProductStatus.DRAFT})
    assert [row[0] for row in await live(uow)] == ["s0", "s1", "nine"]


@pytest.mark.parametrize("count", [1, 50])
async def test_changing_costs_the_same_for_any_number_of_rows(
    services: Services, statements: list[str], count: int
) -> None:
    added = await shirt(services, count)
    rows = [size(str(n), weight_grams=5) for n in range(count)]
    rows += [size(f"new {n}", media_url=f"/{n}.jpg", sku=f"n{n}") for n in range(count)]
    statements.clear()
    await services.variant_changes.upsert_many(added.id, rows, ALL)
    # locks, skus; product, options, media, variants, choices; ids; values, media, variants
    # changed and added, choices, version
    assert len(statements) == 14
    statements.clear()
    await services.variant_changes.upsert_many(added.id, rows, ALL)
    assert len(statements) == 7
