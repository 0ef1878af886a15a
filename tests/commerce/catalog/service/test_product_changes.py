from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from commerce.catalog.kinds import ProductStatus
from commerce.catalog.problems import SkuTaken, SlugTaken
from commerce.catalog.rules.wanted import WantedMedia, WantedOption, WantedValue, WantedVariant
from commerce.catalog.service.product_changes import ProductParts
from commerce.core.clock import system_clock
from commerce.core.db import UnitOfWork
from commerce.core.problems import Invalid, NotFound, VersionConflict
from commerce.core.viewer import SYSTEM
from commerce.wiring import Services
from tests.support.catalog import make_brand, make_category
from tests.support.writers import add_product, table

ARCHIVED, ACTIVE, DRAFT = ProductStatus.ARCHIVED, ProductStatus.ACTIVE, ProductStatus.DRAFT


@pytest.fixture
def services(uow: UnitOfWork) -> Services:
    return Services(uow, SYSTEM, system_clock)


def sizes(count: int) -> list[WantedVariant]:
    return [
        WantedVariant(options=[("Size", str(n))], sku=f"sku-{n}", media_url=f"/{n}.jpg")
        for n in range(count)
    ]


async def test_a_new_product_is_a_draft_with_one_variant(
    uow: UnitOfWork, services: Services
) -> None:
    added = await add_product(services, " Blue Shirt ", tags=["new", "New "])
    assert (added.slug, added.title, added.status, added.tags) == (
        "blue-shirt",
        "Blue Shirt",
        DRAFT,
        ["new"],
    )
    assert (added.version, added.published_at) == (1, None)
    assert await table(uow, "variants", "product_id, title, option_key, sku, position") == [
        (added.id, "Default Title", "", None, 0)
    ]


async def test_slugs_made_of_titles_are_numbered(services: Services) -> None:
    slugs = [(await add_product(services, "Shirt")).slug for _ in range(3)]
    assert slugs == ["shirt", "shirt-2", "shirt-3"]
    assert (await add_product(services, "日本")).slug == "product"


async def test_numbers_of_slugs_go_on_for_as_long_as_it_takes(services: Services) -> None:
    for n in range(2, 25):
        await add_product(services, slug=f"shirt-{n}")
    assert (await add_product(services)).slug == "shirt"
    assert (await add_product(services)).slug == "shirt-25"


async def test_a_made_slug_takes_no_old_link_away(uow: UnitOfWork, services: Services) -> None:
    first = await add_product(services, "Shirt")
    await services.product_changes.update(first.id, {"slug": "linen-shirt"})
    assert (await add_product(services, "Shirt")).slug == "shirt-2"
    assert await table(uow, "slug_redirects", "slug, target_id", "slug") == [("shirt", first.id)]


async def test_a_slug_that_comes_back_into_use_leads_nowhere_else(
    uow: UnitOfWork, services: Services
) -> None:
    first = await add_product(services, slug="one")
    await services.product_changes.update(first.id, {"slug": "two"})
    await add_product(services, slug="one")
    assert await table(uow, "slug_redirects", "slug", "slug") == []
    await services.product_changes.update(first.id, {"slug": "three"})
    await services.product_changes.update(first.id, {"slug": "two"})
    assert await table(uow, "slug_redirects", "slug, target_id", "slug") == [("three", first.id)]


async def test_a_product_is_added_with_all_its_parts(uow: UnitOfWork, services: Services) -> None:
    brand = await make_brand(uow)
    category = await make_category(uow)
    added = await add_product(
        services,
        brand_id=brand.id,
        category_ids=[category.id],
        status=ACTIVE,
        description_html="<p>Hi<script>x</script></p>",
        options=[WantedOption("Size", [WantedValue("M"), WantedValue("S")])],
        variants=[WantedVariant(options=[("Size", "S")], sku="s", media_url="/s.jpg")],
        media=[WantedMedia("/a.jpg", "A")],
    )
    assert (added.brand_id, added.description_html, added.description_text) == (
        brand.id,
        "<p>Hi</p>",
        "Hi",
    )
    assert added.published_at is not None
    assert await table(uow, "option_values", "name", "position") == [("M",), ("S",)]
    assert await table(uow, "media", "url, alt, position", "position") == [
        ("/a.jpg", "A", 0),
        ("/s.jpg", "", 1),
    ]
    (variant,) = await table(uow, "variants", "sku, title, media_id")
    assert variant[:2] == ("s", "S")
    assert await table(uow, "product_categories", "product_id, category_id", "1") == [
        (added.id, category.id)
    ]


@pytest.mark.parametrize(
    ("values", "parts", "categories", "problem"),
    [
        ({"title": ""}, {}, (), Invalid("This must not be empty.", ("title",))),
        ({"slug": "taken"}, {}, (), SlugTaken("Another product has this slug.", ("slug",))),
        (
            {},
            {"variants": [WantedVariant(sku="taken")]},
            (),
            SkuTaken("Another product has the sku taken.", ("variants", "0", "sku")),
        ),
        ({"brand_id": 99}, {}, (), NotFound("There is no brand with this id.", ("brand_id",))),
        (
            {},
            {},
            [99],
            NotFound("There is no category with this id.", ("category_ids", "0")),
        ),
        (
            {},
            {"options": [WantedOption("Size")]},
            (),
            Invalid("An option needs at least one value.", ("options", "0", "values")),
        ),
    ],
)
async def test_a_product_that_cannot_be_is_not_added(
    uow: UnitOfWork,
    services: Services,
    values: dict[str, Any],
    parts: dict[str, Any],
    categories: Any,
    problem: Any,
) -> None:
    await add_product(services, slug="taken", variants=[WantedVariant(sku="taken")])
    refused = await services.product_changes.create(
        {"title": "Shirt", **values}, ProductParts(**parts), categories
    )
    assert refused == problem
    assert await table(uow, "products", "slug") == [("taken",)]


async def test_only_given_fields_change(services: Services) -> None:
    added = await add_product(services, vendor="Acme", tags=["a"])
    changed = await services.product_changes.update(added.id, {"title": "Blouse"})
    before, after = added._asdict(), changed._asdict()  # type: ignore[union-attr]  # no problem
    different = {name for name, value in before.items() if after[name] != value}
    assert different <= {"title", "version", "updated_at"}
    assert (after["title"], after["version"]) == ("Blouse", 2)


async def test_what_is_the_same_leaves_the_version_alone(services: Services) -> None:
    added = await add_product(services, description_html="<p>a<b>b</b></p>", tags=["x"])
    same = {"title": " Shirt", "description_html": "<p>a<b>b</b></p>", "tags": ["x", "X"]}
    assert await services.product_changes.update(added.id, same) == added


async def test_an_older_version_is_not_changed(services: Services) -> None:
    added = await add_product(services)
    update = services.product_changes.update
    await update(added.id, {"title": "Blouse"}, expected_version=1)
    assert await update(added.id, {"title": "Skirt"}, expected_version=1) == VersionConflict(
        "The product is at version 2 by now.", ("expected_version",), 2
    )
    assert (await update(added.id, {})).title == "Blouse"  # type: ignore[union-attr]  # no problem


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"slug": "other"}, SlugTaken("Another product has this slug.", ("slug",))),
        ({"brand_id": 99}, NotFound("There is no brand with this id.", ("brand_id",))),
        ({"title": "x" * 256}, Invalid("This must have at most 255 characters.", ("title",))),
    ],
)
async def test_a_change_that_cannot_be_says_why(
    services: Services, values: dict[str, Any], problem: Any
) -> None:
    await add_product(services, slug="other")
    added = await add_product(services)
    assert await services.product_changes.update(added.id, values) == problem


async def test_there_must_be_a_product_to_change(services: Services) -> None:
    missing = NotFound("There is no product with this id.", ("id",))
    assert await services.product_changes.update(99, {"title": "x"}) == missing
    assert await services.product_changes.archive(99) == missing


async def test_categories_are_replaced(uow: UnitOfWork, services: Services) -> None:
    one, two = await make_category(uow, "One"), await make_category(uow, "Two")
    added = await add_product(services, category_ids=[one.id])
    changed = await services.product_changes.update(added.id, {}, [two.id])
    assert changed.version == 2  # type: ignore[union-attr]  # no problem
    assert await table(uow, "product_categories", "category_id", "1") == [(two.id,)]
    await services.product_changes.update(added.id, {}, [])
    assert await table(uow, "product_categories", "category_id", "1") == []


async def test_a_product_joins_the_end_of_a_category(uow: UnitOfWork, services: Services) -> None:
    category = await make_category(uow)
    for _ in range(3):
        await add_product(services, category_ids=[category.id])
    positions = await table(uow, "product_categories", "position", "product_id")
    assert positions == [(0,), (1,), (2,)]


async def test_an_archived_product_leaves_with_its_variants(
    uow: UnitOfWork, services: Services
) -> None:
    added = await add_product(services, variants=sizes(2))
    gone = await services.product_changes.archive(added.id)
    assert (gone.status, gone.version) == (ARCHIVED, 2)  # type: ignore[union-attr]  # no problem
    times = {row[0] for row in await table(uow, "variants", "archived_at")}
    assert times == {gone.archived_at}  # type: ignore[union-attr]  # no problem
    ids = [row[0] for row in await table(uow, "variants", "id")]
    assert await table(uow, "tombstones", "kind, resource_id", "kind, resource_id") == [
        ("product", added.id),
        *(("variant", id_) for id_ in ids),
    ]
    assert await services.product_changes.archive(added.id) == gone
    assert len(await table(uow, "tombstones")) == 3


async def test_a_product_comes_back_with_what_left_with_it(
    uow: UnitOfWork, services: Services
) -> None:
    added = await add_product(services, variants=sizes(3))
    first, *rest = (row[0] for row in await table(uow, "variants", "id"))
    await services.variant_changes.archive(added.id, [first])
    await services.product_changes.archive(added.id)
    back = await services.product_changes.update(added.id, {"status": ACTIVE})
    assert (back.status, back.archived_at) == (ACTIVE, None)  # type: ignore[union-attr]  # no problem
    live = text("SELECT id FROM variants WHERE archived_at IS NULL ORDER BY id")
    assert list(await uow.scalars(live)) == rest


async def test_a_sku_is_free_once_its_product_is_archived(
    uow: UnitOfWork, services: Services
) -> None:
    old = await add_product(services, slug="old", variants=[WantedVariant(sku="a")])
    await services.product_changes.archive(old.id)
    new = await add_product(services, slug="new", variants=[WantedVariant(sku="a")])
    assert await services.product_changes.update(old.id, {"status": DRAFT}) == SkuTaken(
        "Another product has the sku a.", ("status",)
    )
    await services.product_changes.archive(new.id)
    back = await services.product_changes.update(old.id, {"status": DRAFT})
    assert back.status is DRAFT  # type: ignore[union-attr]  # no problem


async def test_a_product_was_published_when_it_was_first_active(services: Services) -> None:
    added = await add_product(services)
    first = await services.product_changes.update(added.id, {"status": ACTIVE})
    await services.product_changes.update(added.id, {"status": ProductStatus.HIDDEN})
    again = await services.product_changes.update(added.id, {"status": ACTIVE})
    assert first.published_at is not None  # type: ignore[union-attr]  # no problem
    assert again.published_at == first.published_at  # type: ignore[union-attr]  # no problem
    assert abs(first.published_at - system_clock()) < timedelta(minutes=1)  # type: ignore[union-attr]  # no problem


@pytest.mark.parametrize("count", [1, 50])
async def test_adding_costs_the_same_for_any_number_of_variants(
    services: Services, statements: list[str], count: int
) -> None:
    statements.clear()
    await add_product(services, variants=sizes(count))
    # locks, slugs, skus, ids, product, options, values, media, variants, choices, old links, result
    assert len(statements) == 12


@pytest.mark.parametrize("count", [1, 50])
async def test_archiving_costs_the_same_for_any_number_of_variants(
    services: Services, statements: list[str], count: int
) -> None:
    added = await add_product(services, variants=sizes(count))
    statements.clear()
    await services.product_changes.archive(added.id)
    # product, options, media, variants, choices, both updates, both tombstones, result
    assert len(statements) == 10


async def test_a_small_change_is_a_small_matter(services: Services, statements: list[str]) -> None:
    added = await add_product(services, variants=sizes(3))
    statements.clear()
    await services.product_changes.update(added.id, {"title": "Blouse"})
    assert len(statements) == 3  # product, update, result


async def test_a_description_of_any_language_and_length_is_searchable(services: Services) -> None:
    astral = "".join(chr(0x20000 + n % 40_000) + " " for n in range(200_000))
    added = await add_product(services, description_html=astral, tags=["x" * 100] * 250)
    assert len(added.description_text) == 399_999
