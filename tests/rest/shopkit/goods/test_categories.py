"""Categories and brands by Shopkit's words."""

from pathlib import Path
from typing import Any

import pytest

from commerce.core.db import UnitOfWork
from tests.rest.shopkit.goods.conftest import Shopkit, rows
from tests.support.catalog import make_brand
from tests.support.golden import differences, sample
from tests.support.store import Store

GOLDEN = Path(__file__).parent.parent / "golden" / "category.json"


async def test_the_documents_category(shopkit: Shopkit, store: Store) -> None:
    golden = sample(GOLDEN)
    bowl, mug = await store.sell("Bowl"), await store.sell("Mug")
    made = await store.category("Cozinha", bowl, mug, description_html=golden["description"])
    golden |= {"id": made.id, "url": "http://store.test/category/cozinha"}
    for path in (f"/{made.id}", "/cozinha", f"?id={made.id}", "?handle=cozinha"):
        assert differences(await shopkit.get(f"/category{path}"), golden) == []
    for path in ("/999", "/nothing", "?id=999", "?handle=nothing"):
        assert await shopkit.refused("GET", f"/category{path}") == 404


async def test_lists_of_categories(shopkit: Shopkit, store: Store) -> None:
    kitchen = await store.category("Kitchen")
    bowls = await store.category("Bowls", parent=kitchen)
    await store.category("Hidden", active=False)
    for query, titles in (
        ("", {"Kitchen", "Bowls", "Hidden"}),
        ("?active=true", {"Kitchen", "Bowls"}),
        ("?active=false", {"Hidden"}),
        ("?is_parent=true", {"Kitchen"}),
        ("?is_parent=false&active=true", {"Bowls"}),
    ):
        listed = await shopkit.get(f"/category{query}")
        assert {row["title"] for row in rows(listed)} == titles, query
    first = await shopkit.get("/category?limit=2")
    assert first["paging"]["next"] == "http://store.test/v1/category?limit=2&page=2"
    shown = await shopkit.get(f"/category/{bowls.id}")
    assert (shown["parent"], shown["parent_title"], shown["is_child"]) == (
        kitchen.id,
        "Kitchen",
        True,
    )
    assert [parent["handle"] for parent in shown["parents"]] == ["kitchen"]
    above = await shopkit.get(f"/category/{kitchen.id}")
    assert [child["id"] for child in above["children"]] == [bowls.id]
    for query in ("?limit=0", "?page=x", "?active=maybe", "?id=x"):
        assert await shopkit.refused("GET", f"/category{query}") == 400


async def test_a_category_is_added_changed_moved_and_deleted(
    shopkit: Shopkit, store: Store
) -> None:
    kitchen = await store.category("Kitchen")
    sent = {
        "title": "Bowls",
        "parent_id": kitchen.id,
        "description": "<p>Round.</p>",
        "handle": "round-bowls",
        "image": "https://pictures.test/bowl.jpg",
        "meta_description": "All bowls",
        "meta_tags": "bowl",
        "page_title": "Bowls here",
        "active": False,
    }
    made = await shopkit.ask("POST", "/category", sent, 201)
    path = f"/category/{made['id']}"
    for name in ("title", "description", "handle", "meta_tags", "page_title", "active"):
        assert made[name] == sent[name], name
    assert (made["parent"], made["image"]["thumb"]) == (kitchen.id, sent["image"])
    for _ in range(2):
        changed = await shopkit.ask("PUT", path, {"title": "Cups", "parent_id": 0, "active": True})
        assert (changed["title"], changed["parent"], changed["active"]) == ("Cups", 0, True)
        assert changed["handle"] == "round-bowls"
    moved = await shopkit.ask("PUT", path, {"position": 0, "image": None})
    assert (moved["position"], moved["image"]) == (0, [])
    assert await shopkit.get(path) == moved
    assert await shopkit.refused("POST", "/category", {"title": "A", "handle": "kitchen"}) == 409
    assert await shopkit.refused("PUT", path, {"handle": "kitchen"}) == 409
    await shopkit.ask("DELETE", path, status=204)
    for method, body in (("DELETE", None), ("GET", None), ("PUT", {"title": "x"})):
        assert await shopkit.refused(method, path, body) == 404


@pytest.mark.parametrize(
    "sent", [{}, {"title": " "}, {"title": "A", "active": "maybe"}, {"title": "A", "parent_id": 99}]
)
async def test_what_makes_no_category(shopkit: Shopkit, sent: Any) -> None:
    assert await shopkit.refused("POST", "/category", sent) in (400, 404)
    assert rows(await shopkit.get("/category")) == []


async def test_a_category_with_others_below_it_stays(shopkit: Shopkit, store: Store) -> None:
    kitchen = await store.category("Kitchen")
    below = await store.category("Bowls", parent=kitchen)
    assert await shopkit.refused("DELETE", f"/category/{kitchen.id}") == 400
    assert await shopkit.refused("PUT", f"/category/{kitchen.id}", {"parent_id": below.id}) == 400
    assert (await shopkit.get(f"/category/{kitchen.id}"))["is_parent"] is True


async def test_brands(shopkit: Shopkit, store: Store, uow: UnitOfWork) -> None:
    acme = await make_brand(uow, "Acme")
    await make_brand(uow, "Hidden", active=False)
    await store.sell("Mug", brand_id=acme.id)
    for path in (f"/{acme.id}", "/acme", f"?id={acme.id}", "?handle=acme"):
        shown = await shopkit.get(f"/brand{path}")
        assert (shown["title"], shown["num_products"], shown["image"]) == ("Acme", 1, [])
    for query, titles in (("", ["Acme", "Hidden"]), ("?active=true", ["Acme"])):
        assert [row["title"] for row in rows(await shopkit.get(f"/brand{query}"))] == titles
    sent = {"title": "Zed", "handle": "zed", "description": "<p>Z</p>", "meta_tags": "z"}
    made = await shopkit.ask("POST", "/brand", sent, 201)
    assert {name: made[name] for name in sent} == sent
    assert await shopkit.refused("POST", "/brand", sent) == 409
    path = f"/brand/{made['id']}"
    changed = await shopkit.ask(
        "PUT", path, {"title": "Zet", "image": "https://pictures.test/z.png", "active": False}
    )
    assert (changed["title"], changed["handle"], changed["active"]) == ("Zet", "zed", False)
    assert changed["image"]["full"] == "https://pictures.test/z.png"
    assert await shopkit.refused("PUT", path, {"handle": "acme"}) == 409
    await shopkit.ask("DELETE", path, status=204)
    assert await shopkit.refused("DELETE", path) == 404
    for body in ({}, {"title": " "}, {"title": 7, "position": -1}):
        assert await shopkit.refused("POST", "/brand", body) == 400
