"""Categories and brands over the real schema and database."""

import pytest

from commerce.core.db import UnitOfWork
from tests.rest.cartino.calling import Cartino
from tests.support.catalog import make_brand, make_category
from tests.support.store import Store


async def test_categories_are_listed_and_read(cartino: Cartino, uow: UnitOfWork) -> None:
    kitchen = await make_category(uow, "Kitchen")
    cups = await make_category(uow, "Cups", parent=kitchen)
    _, shown = await cartino("GET", "/categories?per_page=1")
    assert (shown["meta"]["total"], len(shown["data"])) == (2, 1)
    (below,) = await cartino.data("GET", f"/categories?parent_id={kitchen.id}")
    assert below == await cartino.data("GET", f"/categories/{cups.id}")
    assert below == {
        "id": cups.id,
        "title": "Cups",
        "slug": "cups",
        "description": None,
        "image_url": None,
        "parent_id": kitchen.id,
        "depth": 1,
        "is_active": True,
        "position": 0,
        "seo_title": None,
        "seo_description": None,
        "created_at": below["created_at"],
        "updated_at": below["updated_at"],
    }
    assert await cartino.data("GET", "/categories?parent_id=99999") == []
    assert list(await cartino.refused("GET", "/categories?parent_id=x")) == ["parent_id"]


async def test_the_products_of_a_category_stand_in_its_order(
    cartino: Cartino, store: Store
) -> None:
    mug, cup = await store.sell("Mug"), await store.sell("Cup")
    await store.sell("Plate")
    cups = await store.category("Cups", cup, mug)
    path = f"/categories/{cups.id}/products"
    found = await cartino.data("GET", f"{path}?include=categories")
    assert [each["title"] for each in found] == ["Cup", "Mug"]
    assert found[0] == await cartino.data("GET", f"/products/{cup.id}?include=categories")
    _, shown = await cartino("GET", f"{path}?per_page=1&page=2&fields[products]=title")
    assert (shown["data"], shown["meta"]["total"]) == ([{"title": "Mug"}], 2)


async def test_brands_are_listed_and_read(cartino: Cartino, uow: UnitOfWork) -> None:
    await make_brand(uow, "Zeta")
    acme = await make_brand(uow, "Acme", description_html="<p>Old.</p>")
    _, shown = await cartino("GET", "/brands")
    assert ([each["name"] for each in shown["data"]], shown["meta"]["total"]) == (
        ["Acme", "Zeta"],
        2,
    )
    assert shown["data"][0] == await cartino.data("GET", f"/brands/{acme.id}")
    assert shown["data"][0] == {
        "id": acme.id,
        "name": "Acme",
        "slug": "acme",
        "description": "<p>Old.</p>",
        "logo_url": None,
        "is_active": True,
        "position": 0,
        "seo_title": None,
        "seo_description": None,
        "created_at": shown["data"][0]["created_at"],
        "updated_at": shown["data"][0]["updated_at"],
    }


@pytest.mark.parametrize(
    "path", ["/categories/99999", "/categories/99999/products", "/brands/99999"]
)
async def test_what_is_not_there_is_not_found(cartino: Cartino, path: str) -> None:
    assert (await cartino("GET", path))[0] == 404


@pytest.mark.parametrize("rows", [1, 8])
@pytest.mark.parametrize("path", ["/categories", "/brands", "/categories/{}/products"])
async def test_a_list_costs_the_same_for_any_number_of_rows(
    cartino: Cartino, store: Store, uow: UnitOfWork, statements: list[str], path: str, rows: int
) -> None:
    root = await make_category(uow, "Root", *[await store.sell(f"Mug {i}") for i in range(rows)])
    for place in range(rows):
        await make_category(uow, f"Category {place}", parent=root)
        await make_brand(uow, f"Brand {place}")
    statements.clear()
    found = await cartino.data("GET", path.format(root.id) + "?include=media" * ("{" in path))
    assert len(found) >= rows
    asked = [sent for sent in statements if not any(name in sent for name in OF_THE_KEY)]
    assert len(asked) == STATEMENTS[path], "\n\n".join(asked)


OF_THE_KEY = ("api_keys", "audit_log")
STATEMENTS = {"/categories": 4, "/brands": 2, "/categories/{}/products": 12}
