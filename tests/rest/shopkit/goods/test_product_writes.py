"""Adding, changing and deleting products by Shopkit's words."""

from decimal import Decimal
from typing import Any

import httpx
import pytest

from commerce.core.db import UnitOfWork
from commerce.core.viewer import Scope
from tests.conftest import Ask
from tests.rest.conftest import MakeKey
from tests.rest.shopkit.goods.conftest import Shopkit, rows
from tests.support.catalog import make_brand, make_product
from tests.support.store import Store

STORED = """
query ($slug: String!) {
  product(slug: $slug) {
    title status announced onePerOrder excerpt seo { keywords }
    brand { name } categories { nodes { title } } media { nodes { url kind } }
    variants { nodes {
      sku barcode weightGrams trackStock backorder
      pricing { price { amount } compareAt { amount } }
      availability { quantity }
    } }
  }
}
"""


@pytest.fixture
async def kitchen(store: Store) -> Any:
    return await store.category("Kitchen")


async def test_a_product_is_added_as_documented(shopkit: Shopkit, kitchen: Any) -> None:
    sent = {"title": "Rustic Spice Bowl Set", "price": 17.45, "categories": [kitchen.id]}
    made = await shopkit.ask("POST", "/product", sent, 201)
    assert (made["handle"], str(made["price"]), made["status_alias"]) == (
        "rustic-spice-bowl-set",
        "17.45",
        "active",
    )
    assert [category["id"] for category in made["categories"]] == [kitchen.id]
    assert (made["stock"], made["options"], made["sales"]) == ({"stock_enabled": False}, [], 0)
    assert made["variants_same_values"] is True
    again = await shopkit.ask("POST", "/product/", sent, 201)
    assert again["handle"] == "rustic-spice-bowl-set-2"
    assert await shopkit.get(f"/product/{made['id']}") == made


async def test_everything_that_is_said_is_kept(
    shopkit: Shopkit, store: Store, uow: UnitOfWork, kitchen: Any, ask: Ask
) -> None:
    acme = await make_brand(uow, "Acme")
    sent = {
        "title": "Mug",
        "price": "10.00",
        "price_promo": 8.5,
        "categories": [kitchen.id],
        "brand": acme.id,
        "handle": "blue-mug",
        "reference": "MUG-1",
        "barcode": "4006381333931",
        "status": 4,
        "featured": True,
        "new": "true",
        "description": "<p>Blue.</p>",
        "excerpt": "A mug",
        "video_url": "https://www.youtube.com/watch?v=dQw4w9WgXcQ",
        "taxable": False,
        "meta_tags": "mug, blue",
        "meta_description": "A blue mug",
        "page_title": "Blue mugs",
        "weight": 350,
        "images": ["https://pictures.test/1.jpg", "https://pictures.test/2.jpg"],
        "tags": ["blue"],
        "stock_enabled": True,
        "stock_qty": 7,
        "stock_backorder": True,
        "stock_show": False,
        "stock_sold_single": True,
    }
    made = await shopkit.ask("POST", "/product", sent, 201)
    assert (made["status"], made["status_alias"], made["promo"]) == (4, "soon", True)
    assert (made["price"], str(made["price_promo"])) == (10, "8.5")
    assert made["video_embed_url"] == "https://www.youtube.com/embed/dQw4w9WgXcQ"
    assert made["brand"]["title"] == "Acme"
    kept = (*("reference", "barcode", "excerpt", "meta_tags", "meta_description", "page_title"),)
    for name in (*kept, "weight", "tags", "taxable", "featured", "video_url"):
        assert made[name] == sent[name], name
    assert made["stock"] == {
        "stock_enabled": True,
        "stock_qty": 7,
        "stock_backorder": True,
        "stock_show": False,
        "stock_sold_single": True,
        "stock_notify": None,
    }
    assert [image["full"] for image in (made["image"], *made["images"].values())] == sent["images"]
    product = (await ask(STORED, {"slug": "blue-mug"}))["data"]["product"]
    assert (product["announced"], product["onePerOrder"]) == (True, True)
    (variant,) = product["variants"]["nodes"]
    assert (variant["pricing"]["price"]["amount"], variant["backorder"]) == ("8.50", "ALLOW")


async def test_a_change_leaves_alone_what_it_does_not_say(shopkit: Shopkit, store: Store) -> None:
    mug = await store.sell("Mug", "10", 5, sku="mug-1")
    await store.pictures(mug, "a.jpg", "b.jpg")
    before = await shopkit.get(f"/product/{mug.id}")
    after = await shopkit.ask("PUT", f"/product/{mug.id}", {"featured": True, "weight": 90})
    changed = {name for name in before if before[name] != after[name]}
    assert changed - {"updated_at"} == {"featured", "weight"}
    same = await shopkit.ask("PUT", f"/product/{mug.id}", {"featured": True, "weight": 90})
    assert {**same, "updated_at": ""} == {**after, "updated_at": ""}


async def test_what_was_read_may_be_sent_back(shopkit: Shopkit, store: Store) -> None:
    mug = await store.sell("Mug", "10", 5)
    await store.pictures(mug, "a.jpg")
    shown = await shopkit.get(f"/product/{mug.id}")
    names = ("title", "handle", "price", "shipping", "shipping_alone", "status", "tax", "weight")
    sent = {name: _plain(shown[name]) for name in names} | {"reference": "", "price_promo": 0}
    again = await shopkit.ask("PUT", f"/product/{mug.id}", sent)
    assert {**again, "updated_at": ""} == {**shown, "updated_at": ""}


def _plain(value: Any) -> Any:
    return float(value) if isinstance(value, Decimal) else value


async def test_promotions_begin_and_end(shopkit: Shopkit, store: Store) -> None:
    mug = await store.sell("Mug", "10")
    path = f"/product/{mug.id}"
    for sent, price, promo in (
        ({"price_promo": 8}, 10, 8),
        ({"price": 12}, 12, 8),
        ({"price_promo": 0}, 12, 0),
        ({"price": 9, "price_promo": 7}, 9, 7),
        ({"price_promo": None}, 9, 0),
    ):
        shown = await shopkit.ask("PUT", path, sent)
        assert (shown["price"], shown["price_promo"]) == (price, promo), sent
    for sent in ({"price_promo": 9}, {"price_promo": 10}, {"price": -1}):
        assert await shopkit.refused("PUT", path, sent) == 400
    assert (await shopkit.get(path))["price"] == 9


@pytest.mark.parametrize(
    ("sent", "alias"),
    [
        ({"status": 1}, "active"),
        ({"status": 2}, "hidden"),
        ({"status": 3}, "out_of_stock"),
        ({"status": 4}, "soon"),
    ],
)
async def test_statuses(shopkit: Shopkit, store: Store, sent: Any, alias: str) -> None:
    mug = await store.sell("Mug")
    assert (await shopkit.ask("PUT", f"/product/{mug.id}", sent))["status_alias"] == alias
    listed = await shopkit.get(f"/product?status={sent['status']}")
    assert [row["id"] for row in rows(listed)] == [mug.id]
    assert rows(await shopkit.get(f"/product?status={sent['status'] % 4 + 1}")) == []


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"title": "Mug"},
        {"title": "Mug", "price": 1},
        {"title": " ", "price": 1, "categories": []},
        {"title": "Mug", "price": "x", "categories": []},
        {"title": "Mug", "price": 1, "categories": [999]},
        {"title": "Mug", "price": 1, "categories": ["kitchen"]},
        {"title": "Mug", "price": 1, "categories": [], "brand": 999},
        {"title": "Mug", "price": 1, "categories": [], "status": 5},
        {"title": "Mug", "price": 1, "categories": [], "shipping": 5},
        {"title": "Mug", "price": 1, "categories": [], "shipping_alone": True},
        {"title": "Mug", "price": 1, "categories": [], "price_promo": 2},
        {"title": "Mug", "price": 1, "categories": [], "images": ["x"] * 11},
        {"title": "Mug", "price": 1, "categories": [], "handle": "no such/handle"},
        [],
    ],
)
async def test_what_makes_no_product_is_a_bad_request(shopkit: Shopkit, sent: Any) -> None:
    assert await shopkit.refused("POST", "/product", sent) in (400, 404)
    assert rows(await shopkit.get("/product")) == []


async def test_handles_and_references_are_taken_once(shopkit: Shopkit, store: Store) -> None:
    await store.sell("Mug", sku="mug-1")
    for taken in ({"handle": "mug"}, {"reference": "mug-1"}):
        sent = {"title": "Other", "price": 1, "categories": [], **taken}
        assert await shopkit.refused("POST", "/product", sent) == 409
    assert len(rows(await shopkit.get("/product"))) == 1


async def test_a_product_is_deleted_once(shopkit: Shopkit, store: Store, ask: Ask) -> None:
    mug = await store.sell("Mug")
    await shopkit.ask("DELETE", f"/product/{mug.id}", status=204)
    for method, sent in (("DELETE", None), ("PUT", {"featured": True}), ("GET", None)):
        assert await shopkit.refused(method, f"/product/{mug.id}", sent) == 404
    found = await ask('{ product(slug: "mug") { status } }')
    assert found["data"]["product"] == {"status": "ARCHIVED"}


async def test_with_a_key_of_its_own_a_call_is_done_once(shopkit: Shopkit, kitchen: Any) -> None:
    sent = {"title": "Mug", "price": 1, "categories": [kitchen.id]}
    key = {"Idempotency-Key": "one"}
    first = await shopkit.send("POST", "/product", sent, key)
    again = await shopkit.send("POST", "/product", sent, key)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert len(rows(await shopkit.get("/product"))) == 1


async def test_readers_write_nothing(
    store: Store, client: httpx.AsyncClient, make_key: MakeKey
) -> None:
    mug = await store.sell("Mug")
    reader = Shopkit(client, await make_key("shopkit", Scope.READ_PRODUCTS))
    sent = {"title": "Mug", "price": 1, "categories": []}
    assert await reader.refused("POST", "/product", sent) == 403
    assert await reader.refused("PUT", f"/product/{mug.id}", {"title": "Cup"}) == 403
    assert await reader.refused("DELETE", f"/product/{mug.id}") == 403
    assert (await reader.get(f"/product/{mug.id}"))["sales"] is None
    nobody = Shopkit(client, "0" * 40)
    assert await nobody.refused("POST", "/product", sent) == 401


async def test_words_are_looked_for_in_the_named_parts(
    shopkit: Shopkit, store: Store, uow: UnitOfWork
) -> None:
    mug = await store.sell("Rústic Mug", sku="RM-1", tags=["clay"])
    acme = await make_brand(uow, "Acme Pottery")
    bowl = await make_product(uow, "Bowl", description_text="Rustic", brand_id=acme.id)
    await store.category("Kitchen", mug)
    await store.option(bowl, "Size", "Small")
    for query, found in (
        ("query=rustic", {mug.id, bowl.id}),
        ("query=RUSTIC&fields=title", {mug.id}),
        ("query=rustic&fields=description", {bowl.id}),
        ("query=rustic+mug", {mug.id}),
        ("query=pottery&fields=title,brand", {bowl.id}),
        ("query=kitchen&fields=categories", {mug.id}),
        ("query=small&fields=options", {bowl.id}),
        ("query=clay&fields=tags", {mug.id}),
        ("query=rm-1&fields=reference", {mug.id}),
        ("query=rm-1&fields=barcode", set()),
        ("query=bowl&fields=handle", {bowl.id}),
        ("query=%25", set()),
    ):
        listed = await shopkit.get(f"/product/search?{query}")
        assert {row["id"] for row in rows(listed)} == found, query
    for query in ("", "?query=", "?query=x&fields=price", "?query=x&limit=0"):
        assert await shopkit.refused("GET", f"/product/search{query}") == 400
    first = await shopkit.get("/product/search?query=rustic&limit=1")
    assert first["paging"]["next"].endswith("/v1/product/search?query=rustic&limit=1&page=2")
