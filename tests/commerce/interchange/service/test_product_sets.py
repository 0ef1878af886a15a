from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import text

from commerce.catalog.kinds import ErrorPolicy, ProductStatus
from commerce.catalog.rules.wanted import WantedMedia, WantedOption, WantedValue
from commerce.core.clock import system_clock
from commerce.core.db import UnitOfWork
from commerce.core.problems import ForbiddenError, Problem
from commerce.core.viewer import SYSTEM, Scope, Viewer, ViewerKind
from commerce.interchange.rules import ProductSet, SetResult, StockSet, VariantSet
from commerce.wiring import Services
from tests.support.catalog import make_brand, make_category
from tests.support.inventory import make_location
from tests.support.pricing import make_price_list
from tests.support.writers import table

ALL, SKIP = ErrorPolicy.ALL_OR_NOTHING, ErrorPolicy.SKIP_FAILED_ROWS
WRITTEN = (
    "products",
    "option_groups",
    "option_values",
    "variants",
    "media",
    "prices",
    "stock_movements",
)


@pytest.fixture
async def services(uow: UnitOfWork) -> Services:
    """With a price list in EUR and a location."""
    await make_price_list(uow, is_default=True)
    await make_location(uow)
    return Services(uow, SYSTEM, system_clock)


class Sets:
    """Product sets, every request in a transaction of its own."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def set_many(self, *asked: Any, **values: Any) -> Any:
        sets = self._services.product_sets
        return await self._services.uow.transact(lambda: sets.set_many(*asked, **values))


@pytest.fixture
def sets(services: Services) -> Sets:
    return Sets(services)


def whole(number: int = 1, **values: Any) -> ProductSet:
    """A product with everything; those of different numbers have nothing in common."""
    given: dict[str, Any] = {
        "slug": f"shirt-{number}",
        "title": f"Shirt {number}",
        "description_html": "<p>Soft</p>",
        "status": ProductStatus.ACTIVE,
        "brand": f"Brand {number}",
        "vendor": "Acme",
        "tags": ["a", "b"],
        "categories": ["Shirts", f"Category {number}"],
        "collections": ["Summer"],
        "create_missing": True,
        "variants": [
            VariantSet(
                options=[("Size", size)],
                sku=f"{number}-{size}",
                weight_grams=200,
                price=Decimal("9.50"),
                compare_at=Decimal(12),
                cost=Decimal(4),
                stock=[StockSet(5)],
                media_url=f"/{number}-{size}.jpg",
            )
            for size in "SML"
        ],
        "media": [WantedMedia(f"/{number}.jpg", "A shirt")],
    }
    return ProductSet(**given | values)


async def snapshot(uow: UnitOfWork) -> dict[str, list[Any]]:
    return {name: await table(uow, name) for name in WRITTEN}


async def test_a_whole_product_is_added(uow: UnitOfWork, sets: Sets) -> None:
    (result,) = await sets.set_many([whole()])
    assert result == SetResult(0, result.product_id, created=True, changed=True)
    assert await table(uow, "products", "slug, title, description_text, status, vendor") == [
        ("shirt-1", "Shirt 1", "Soft", "active", "Acme")
    ]
    assert await table(uow, "variants", "sku, title, weight_grams") == [
        ("1-S", "S", 200),
        ("1-M", "M", 200),
        ("1-L", "L", 200),
    ]
    prices = await table(uow, "prices", "amount, compare_at, cost, min_quantity")
    assert prices == [(Decimal("9.5"), Decimal(12), Decimal(4), 1)] * 3
    movements = await table(uow, "stock_movements", "delta, kind, reason, actor")
    assert movements == [(5, "import", "", "system")] * 3
    assert await table(uow, "brands", "slug, name") == [("brand-1", "Brand 1")]
    assert await table(uow, "categories", "slug, title, position") == [
        ("category-1", "Category 1", 0),
        ("shirts", "Shirts", 0),
    ]
    assert await table(uow, "collections", "slug, title") == [("summer", "Summer")]
    assert await table(uow, "media", "url, alt", "position") == [
        ("/1.jpg", "A shirt"),
        ("/1-S.jpg", ""),
        ("/1-M.jpg", ""),
        ("/1-L.jpg", ""),
    ]


async def test_the_same_again_changes_nothing(uow: UnitOfWork, sets: Sets) -> None:
    products = [whole(number) for number in range(3)]
    first = await sets.set_many(products)
    before = await snapshot(uow)
    again = await sets.set_many(products)
    assert [replace(result, created=True, changed=True) for result in again] == first
    assert not any(result.created or result.changed for result in again)
    assert await snapshot(uow) == before


@pytest.mark.parametrize(
    "change",
    [
        {"title": "Other"},
        {"tags": ["a"]},
        {"brand": None},
        {"categories": []},
        {"collections": []},
        {"media": []},
        {"variants": [VariantSet(sku="1-S", price=Decimal(1))]},
        {"variants": [VariantSet(sku=f"1-{size}", price=Decimal(8)) for size in "SML"]},
        {"variants": [VariantSet(sku=f"1-{size}", stock=[StockSet(6)]) for size in "SML"]},
        {"variants": [VariantSet(sku=f"1-{size}") for size in "LMS"]},
    ],
    ids=lambda change: "-".join(change),
)
async def test_what_is_different_is_changed_once(
    uow: UnitOfWork, sets: Sets, change: dict[str, Any]
) -> None:
    await sets.set_many([whole()])
    product = ProductSet(slug="shirt-1", **change)
    (changed,) = await sets.set_many([product])
    assert (changed.created, changed.changed, changed.problems) == (False, True, ())
    before = await snapshot(uow)
    (again,) = await sets.set_many([product])
    assert again.changed is False
    assert await snapshot(uow) == before


async def test_what_is_absent_is_left_alone(uow: UnitOfWork, sets: Sets) -> None:
    await sets.set_many([whole()])
    before = await snapshot(uow)
    (result,) = await sets.set_many([ProductSet(slug="shirt-1")])
    assert result.changed is False
    assert await snapshot(uow) == before


async def test_prices_and_stock_alone_leave_the_version(uow: UnitOfWork, sets: Sets) -> None:
    await sets.set_many([whole()])
    rows = [VariantSet(sku=f"1-{size}", cost=None, stock=[StockSet(9)]) for size in "SML"]
    (result,) = await sets.set_many([ProductSet(slug="shirt-1", variants=rows)])
    assert result.changed is True
    assert await table(uow, "products", "version") == [(1,)]
    prices = await table(uow, "prices", "amount, compare_at, cost")
    assert prices == [(Decimal("9.5"), Decimal(12), None)] * 3
    assert await table(uow, "stock_levels", "on_hand", "1") == [(9,)] * 3


async def test_variants_that_are_not_named_are_archived(uow: UnitOfWork, sets: Sets) -> None:
    await sets.set_many([whole()])
    await sets.set_many([ProductSet(slug="shirt-1", variants=[VariantSet(sku="1-M")])])
    rows = await table(uow, "variants", "sku, archived_at IS NULL")
    assert rows == [("1-S", False), ("1-M", True), ("1-L", False)]
    assert len(await table(uow, "tombstones")) == 2


async def test_what_is_not_exhaustive_takes_nothing_away(uow: UnitOfWork, sets: Sets) -> None:
    await sets.set_many([whole()])
    more = ProductSet(
        slug="shirt-1",
        exhaustive=False,
        create_missing=True,
        categories=["New"],
        collections=["Winter"],
        media=[WantedMedia("/new.jpg")],
        variants=[VariantSet(options=[("Size", "XL")], price=Decimal(10))],
    )
    (result,) = await sets.set_many([more])
    assert (result.changed, result.problems) == (True, ())
    assert await table(uow, "variants", "title") == [("S",), ("M",), ("L",), ("XL",)]
    assert len(await table(uow, "product_categories", "1", "1")) == 3
    assert len(await table(uow, "collection_products", "1", "1")) == 2
    assert len(await table(uow, "media")) == 5
    assert await table(uow, "tombstones") == []
    (again,) = await sets.set_many([more])
    assert again.changed is False


async def test_a_product_gets_another_slug_by_its_id(uow: UnitOfWork, sets: Sets) -> None:
    (added,) = await sets.set_many([whole()])
    (moved,) = await sets.set_many([ProductSet(id=added.product_id, slug="blouse")])
    assert (moved.product_id, moved.changed) == (added.product_id, True)
    assert await table(uow, "slug_redirects", "slug, target_id", "1") == [
        ("shirt-1", added.product_id)
    ]
    (new,) = await sets.set_many([whole(variants=[VariantSet(sku="new")])])
    assert new.created
    assert await table(uow, "slug_redirects", "slug", "1") == []


async def test_bad_rows_never_lose_the_others(uow: UnitOfWork, sets: Sets) -> None:
    await sets.set_many([whole(0)])
    rows = [
        whole(1),
        whole(2, title=""),
        whole(3, variants=[VariantSet(sku="0-S")]),
        whole(4, slug="shirt-1"),
        whole(5, categories=["Nowhere"], create_missing=False, brand=None, collections=[]),
        whole(6, variants=[VariantSet(price=Decimal("1.001"))]),
        whole(7, variants=[VariantSet(sku="8-S")]),
        whole(8),
        ProductSet(id=999),
        whole(10, variants=[VariantSet(stock=[StockSet(1, "moon")])]),
        whole(11),
    ]
    results = await sets.set_many(rows, SKIP)
    assert [result.index for result in results] == list(range(len(rows)))
    assert [[problem.path for problem in result.problems] for result in results] == [
        [],
        [("title",)],
        [("variants", "0", "sku")],
        [("slug",)],
        [("categories", "0")],
        [("variants", "0", "price")],
        [],
        [("variants", "0", "sku")],
        [("id",)],
        [("variants", "0", "stock", "0", "location")],
        [],
    ]
    assert [result.created for result in results if not result.problems] == [True, True, True]
    slugs = [row[0] for row in await table(uow, "products", "slug")]
    assert slugs == ["shirt-0", "shirt-1", "shirt-7", "shirt-11"]
    # What only failed rows would have needed was not added.
    assert "brand-8" not in [row[0] for row in await table(uow, "brands", "slug")]


async def test_one_bad_row_keeps_the_others_out_when_all_or_nothing_is_asked_for(
    uow: UnitOfWork, sets: Sets
) -> None:
    results = await sets.set_many([whole(1), whole(2, title="")], ALL)
    assert [len(result.problems) for result in results] == [0, 1]
    assert not any(result.created or result.changed or result.product_id for result in results)
    assert await snapshot(uow) == {name: [] for name in WRITTEN}


async def test_a_sku_passes_from_one_product_to_the_next(uow: UnitOfWork, sets: Sets) -> None:
    await sets.set_many([whole(1), whole(2)])
    rows = [
        ProductSet(slug="shirt-1", variants=[VariantSet(options=[("Size", "S")], sku="free")]),
        ProductSet(slug="shirt-2", variants=[VariantSet(options=[("Size", "S")], sku="1-S")]),
    ]
    results = await sets.set_many(rows, ALL)
    assert [result.problems for result in results] == [(), ()]
    live = text("SELECT sku FROM variants WHERE archived_at IS NULL ORDER BY id")
    assert list(await uow.scalars(live)) == ["free", "1-S"]


async def test_archived_products_come_back_with_their_prices(uow: UnitOfWork, sets: Sets) -> None:
    await sets.set_many([whole()])
    gone = whole(status=ProductStatus.ARCHIVED)
    (result,) = await sets.set_many([gone])
    assert result.changed is True
    assert (await sets.set_many([gone]))[0].changed is False
    assert len(await table(uow, "tombstones")) == 4
    (back,) = await sets.set_many([whole()])
    assert (back.changed, back.problems) == (True, ())
    assert len(await table(uow, "prices")) == 3
    assert await table(uow, "variants", "archived_at") == [(None,)] * 3


async def test_a_product_does_not_come_back_when_its_sku_has_gone(
    services: Services, sets: Sets
) -> None:
    await sets.set_many([whole()])
    await sets.set_many([ProductSet(slug="shirt-1", status=ProductStatus.ARCHIVED)])
    await sets.set_many([whole(2, variants=[VariantSet(sku="1-S")])])
    (result,) = await sets.set_many([ProductSet(slug="shirt-1", status=ProductStatus.ACTIVE)])
    assert [problem.path for problem in result.problems] == [("status",)]


async def test_things_are_referred_to_by_slug_or_name(uow: UnitOfWork, sets: Sets) -> None:
    brand = await make_brand(uow, "Acme", slug="acme-inc")
    category = await make_category(uow, "Hats", slug="headwear")
    archived = await make_category(uow, "Gone", archived_at=system_clock())
    product = ProductSet(slug="cap", title="Cap", brand="acme", categories=["headwear"])
    (result,) = await sets.set_many([product])
    assert result.problems == ()
    assert await table(uow, "products", "brand_id") == [(brand.id,)]
    assert await table(uow, "product_categories", "category_id", "1") == [(category.id,)]
    lost = ProductSet(slug="cap", categories=["Gone"], create_missing=True)
    await sets.set_many([lost])
    (linked,) = await table(uow, "product_categories", "category_id", "1")
    assert linked[0] not in {category.id, archived.id}


async def test_two_with_one_name_have_to_be_told_apart(uow: UnitOfWork, sets: Sets) -> None:
    await make_category(uow, "Hats", slug="hats-1")
    await make_category(uow, "Hats", slug="hats-2")
    row = ProductSet(slug="cap", title="Cap", categories=["Hats"], create_missing=True)
    (result,) = await sets.set_many([row])
    assert [problem.path for problem in result.problems] == [("categories", "0")]


async def test_stock_is_counted_where_it_is(uow: UnitOfWork, sets: Sets) -> None:
    await make_location(uow, "outlet", is_default=False)
    row = VariantSet(stock=[StockSet(3), StockSet(4, "outlet")])
    product = ProductSet(slug="mug", title="Mug", variants=[row])
    await sets.set_many([product])
    assert await table(uow, "stock_levels", "on_hand", "location_id") == [(3,), (4,)]
    (again,) = await sets.set_many([product])
    assert again.changed is False
    assert len(await table(uow, "stock_movements")) == 2


async def test_options_without_variants_are_set(uow: UnitOfWork, sets: Sets) -> None:
    await sets.set_many([whole()])
    sizes = WantedOption("Size", [WantedValue(size) for size in ("L", "M", "S", "XL")])
    (result,) = await sets.set_many([ProductSet(slug="shirt-1", options=[sizes])])
    assert result.changed
    fewer = WantedOption("Size", [WantedValue("M")])
    (refused,) = await sets.set_many([ProductSet(slug="shirt-1", options=[fewer])])
    assert [problem.code for problem in refused.problems] == ["OPTION_IN_USE"]


@pytest.mark.parametrize(
    ("scopes", "row", "missing"),
    [
        ((), VariantSet(), "write_products"),
        ((Scope.WRITE_PRODUCTS,), VariantSet(price=Decimal(1)), "write_prices"),
        ((Scope.WRITE_PRODUCTS,), VariantSet(cost=None), "write_prices"),
        (
            (Scope.WRITE_PRODUCTS, Scope.WRITE_PRICES),
            VariantSet(stock=[StockSet(1)]),
            "write_stock",
        ),
    ],
)
async def test_prices_and_stock_need_scopes_of_their_own(
    services: Services, uow: UnitOfWork, scopes: Any, row: VariantSet, missing: str
) -> None:
    viewer = Viewer(ViewerKind.API_KEY, 1, frozenset(scopes))
    sets = Services(uow, viewer, system_clock).product_sets
    with pytest.raises(ForbiddenError, match=missing):
        await sets.set_many([ProductSet(slug="a", title="A", variants=[row])])
    assert await table(uow, "products") == []


async def test_without_prices_and_stock_one_scope_is_enough(
    services: Services, uow: UnitOfWork
) -> None:
    viewer = Viewer(ViewerKind.API_KEY, 1, frozenset({Scope.WRITE_PRODUCTS}))
    sets = Services(uow, viewer, system_clock).product_sets
    (result,) = await sets.set_many([ProductSet(slug="a", title="A", variants=[VariantSet()])])
    assert result.created


async def test_a_store_without_price_lists_takes_no_prices(uow: UnitOfWork) -> None:
    sets = Services(uow, SYSTEM, system_clock).product_sets
    rows = [whole(1), ProductSet(slug="free", title="Free")]
    results = await sets.set_many(rows, SKIP)
    assert {problem.path for problem in results[0].problems} == {
        ("variants", str(place), "price") for place in range(3)
    }
    assert results[1].created


async def test_nothing_at_all_is_no_trouble(sets: Sets) -> None:
    assert await sets.set_many([]) == []
    assert not any(isinstance(item, Problem) for item in await sets.set_many([ProductSet()]))


@pytest.mark.parametrize("count", [1, 50])
async def test_it_costs_the_same_for_any_number_of_products(
    sets: Sets, statements: list[str], count: int
) -> None:
    products = [whole(number) for number in range(count)]
    statements.clear()
    await sets.set_many(products)
    assert len(statements) == 37
    statements.clear()
    await sets.set_many(products)
    assert len(statements) == 17
    changed = [
        replace(
            product,
            title=f"Other {number}",
            media=[WantedMedia(f"/other-{number}.jpg")],
            variants=[
                VariantSet(
                    options=[("Size", size)],
                    sku=f"new-{number}-{size}",
                    price=Decimal(1),
                    stock=[StockSet(1)],
                )
                for size in ("S", "M", "XXL")
            ],
        )
        for number, product in enumerate(products)
    ]
    statements.clear()
    await sets.set_many(changed)
    assert len(statements) == 40
