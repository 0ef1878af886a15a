"""Option groups and options of products by Shopkit's words."""

from typing import Any

import pytest

from commerce.core.db import UnitOfWork
from tests.rest.shopkit.goods.conftest import Shopkit
from tests.support.catalog import make_product
from tests.support.store import Store


@pytest.fixture
async def mug(store: Store) -> Any:
    return await store.sell("Mug", "10", 5, sku="mug-1")


async def titles(shopkit: Shopkit, id_: int) -> list[str]:
    return [row["title"] for row in await shopkit.get(f"/product/{id_}/option")]


async def test_a_group_makes_the_options_of_a_product(shopkit: Shopkit, mug: Any) -> None:
    path = f"/product/{mug.id}/option_group"
    assert await shopkit.get(path) == []
    sent = {"title": "Size", "options": ["Small", "Big"]}
    groups = await shopkit.ask("POST", path, sent, 201)
    assert [(g["title"], [v["title"] for v in g["options"]]) for g in groups] == [
        ("Size", ["Small", "Big"])
    ]
    assert {type(groups[0]["id"]), type(groups[0]["options"][0]["id"])} == {int}
    assert await titles(shopkit, mug.id) == ["Small", "Big"]
    small, big = await shopkit.get(f"/product/{mug.id}/option")
    assert (small["reference"], small["stock"], small["price"]) == ("mug-1", 5, 10)
    assert (big["reference"], big["stock"], big["price"]) == (None, 0, 10)
    assert big["id_variant_1"] == groups[0]["options"][1]["id"]
    await shopkit.ask("POST", path, {"title": "Color", "options": ["Red", "Blue"]}, 201)
    assert await titles(shopkit, mug.id) == [
        "Small / Red",
        "Small / Blue",
        "Big / Red",
        "Big / Blue",
    ]
    assert await shopkit.get(path) == await shopkit.get(path + "/")
    one = (await shopkit.get(path))[1]
    assert await shopkit.get(f"{path}/{one['id']}") == one


async def test_a_group_gets_other_values(shopkit: Shopkit, mug: Any) -> None:
    path = f"/product/{mug.id}/option_group"
    await shopkit.ask("POST", path, {"title": "Size", "options": ["S", "M"]}, 201)
    (size,) = await shopkit.get(path)
    kept = (await shopkit.get(f"/product/{mug.id}/option"))[0]["id"]
    for _ in range(2):  # the same again changes nothing
        changed = await shopkit.ask(
            "PUT", f"{path}/{size['id']}", {"title": "Width", "options": ["L", "S"]}
        )
        assert [(g["id"], g["title"]) for g in changed] == [(size["id"], "Width")]
        assert await titles(shopkit, mug.id) == ["L", "S"]
    options = await shopkit.get(f"/product/{mug.id}/option")
    assert options[1]["id"] == kept
    renamed = await shopkit.ask("PUT", f"{path}/{size['id']}", {"title": "Size"})
    assert renamed[0]["title"] == "Size"
    assert await titles(shopkit, mug.id) == ["L", "S"]


async def test_options_that_were_deleted_do_not_come_back(shopkit: Shopkit, mug: Any) -> None:
    path = f"/product/{mug.id}/option_group"
    await shopkit.ask("POST", path, {"title": "Size", "options": ["S", "M", "L"]}, 201)
    gone = (await shopkit.get(f"/product/{mug.id}/option"))[1]["id"]
    await shopkit.ask("DELETE", f"/product/{mug.id}/option/{gone}", status=204)
    assert await shopkit.refused("DELETE", f"/product/{mug.id}/option/{gone}") == 404
    (size,) = await shopkit.get(path)
    await shopkit.ask("PUT", f"{path}/{size['id']}", {"options": ["S", "M", "L", "XL"]})
    assert await titles(shopkit, mug.id) == ["S", "L", "XL"]


async def test_a_group_is_deleted_with_the_options_it_told_apart(
    shopkit: Shopkit, mug: Any
) -> None:
    path = f"/product/{mug.id}/option_group"
    await shopkit.ask("POST", path, {"title": "Size", "options": ["S", "M"]}, 201)
    groups = await shopkit.ask("POST", path, {"title": "Color", "options": ["Red", "Blue"]}, 201)
    await shopkit.ask("DELETE", f"{path}/{groups[0]['id']}", status=204)
    assert await titles(shopkit, mug.id) == ["Red", "Blue"]
    assert await shopkit.refused("DELETE", f"{path}/{groups[0]['id']}") == 404
    await shopkit.ask("DELETE", f"{path}/{groups[1]['id']}", status=204)
    shown = await shopkit.get(f"/product/{mug.id}")
    assert (shown["options"], shown["option_groups"], shown["reference"]) == ([], [], "mug-1")


async def test_an_option_is_changed(shopkit: Shopkit, mug: Any) -> None:
    await shopkit.ask(
        "POST", f"/product/{mug.id}/option_group", {"title": "Size", "options": ["S", "M"]}, 201
    )
    id_ = (await shopkit.get(f"/product/{mug.id}/option"))[1]["id"]
    path = f"/product/{mug.id}/option/{id_}"
    sent = {
        "price": 12.5,
        "price_promo": 11,
        "stock": 3,
        "weight": 400,
        "reference": "mug-m",
        "barcode": "4006381333931",
        "image": "https://pictures.test/m.jpg",
        "active": True,
    }
    changed = await shopkit.ask("PUT", path, sent)
    assert (str(changed["price"]), changed["price_promo"], changed["promo"]) == ("12.5", 11, True)
    assert (changed["stock"], changed["weight"]) == (3, 400)
    assert (changed["reference"], changed["barcode"]) == ("mug-m", "4006381333931")
    assert changed["image"]["full"] == "https://pictures.test/m.jpg"
    assert await shopkit.get(path) == changed
    ended = await shopkit.ask("PUT", path, {"price_promo": 0, "reference": ""})
    assert (str(ended["price"]), ended["promo"], ended["reference"]) == ("12.5", False, None)
    for bad in ({"price": "x"}, {"price_promo": 13}, {"stock": -1}, {"active": "maybe"}):
        assert await shopkit.refused("PUT", path, bad) == 400
    assert await shopkit.refused("PUT", path, {"reference": "mug-1"}) == 409


async def test_what_options_say_their_product_does_not(shopkit: Shopkit, mug: Any) -> None:
    path = f"/product/{mug.id}"
    await shopkit.ask("POST", path + "/option_group", {"title": "Size", "options": ["S", "M"]}, 201)
    for sent in ({"price": 99}, {"price_promo": 1}, {"reference": "x"}, {"stock_qty": 4}):
        assert await shopkit.refused("PUT", path, sent) == 400
    shown = await shopkit.ask("PUT", path, {"price": 10, "stock_qty": 5, "weight": 120})
    assert {option["weight"] for option in shown["options"]} == {120}


async def test_bad_groups(shopkit: Shopkit, mug: Any) -> None:
    path = f"/product/{mug.id}/option_group"
    for sent in ({}, {"title": "Size"}, {"title": "Size", "options": []}, {"options": ["S"]}):
        assert await shopkit.refused("POST", path, sent) == 400
    many = [str(number) for number in range(101)]
    assert await shopkit.refused("POST", path, {"title": "Size", "options": many}) == 400
    await shopkit.ask("POST", path, {"title": "Size", "options": ["S"]}, 201)
    assert await shopkit.refused("POST", path, {"title": "size", "options": ["M"]}) == 409
    assert await shopkit.refused("GET", f"{path}/999") == 404
    assert await shopkit.refused("PUT", f"{path}/999", {"title": "x"}) == 404
    assert (
        await shopkit.refused("POST", "/product/999/option_group", {"title": "a", "options": ["b"]})
        == 404
    )
    assert await shopkit.refused("GET", f"/product/{mug.id}/option/999") == 404
    assert await shopkit.refused("GET", "/product/999/option") == 404


async def test_a_product_without_variants_has_none_that_options_could_be_like(
    shopkit: Shopkit, uow: UnitOfWork
) -> None:
    product = await make_product(uow)
    size = {"title": "Size", "options": ["S", "M"]}
    assert await shopkit.refused("POST", f"/product/{product.id}/option_group", size) == 400
