from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import col

from commerce.catalog.kinds import ProductStatus
from commerce.catalog.models import Media
from commerce.core.db import UnitOfWork
from resolvers.nodes import node_id
from tests.conftest import Ask
from tests.support.catalog import make_product

CREATE = """
mutation ($input: MediaCreateInput!) {
  mediaCreate(input: $input) {
    media { id url alt kind position product { slug version } }
    userErrors { code path }
  }
}
"""
GALLERY = '{ product(slug: "shirt") { media { nodes { url position } } } }'


async def gallery(ask: Ask) -> str:
    nodes = (await ask(GALLERY))["data"]["product"]["media"]["nodes"]
    assert [node["position"] for node in nodes] == list(range(len(nodes)))
    return "".join(node["url"] for node in nodes)


async def test_media_are_added_changed_reordered_and_deleted(ask: Ask, uow: UnitOfWork) -> None:
    product = node_id("Product", (await make_product(uow)).id)
    given = {
        "productId": product,
        "media": [{"url": "a", "alt": "A"}, {"url": "b", "kind": "VIDEO"}],
    }
    created = (await ask(CREATE, {"input": given}))["data"]["mediaCreate"]
    assert created["userErrors"] == []
    ids = [item.pop("id") for item in created["media"]]
    own = {"slug": "shirt", "version": 2}
    assert created["media"] == [
        {"url": "a", "alt": "A", "kind": "IMAGE", "position": 0, "product": own},
        {"url": "b", "alt": "", "kind": "VIDEO", "position": 1, "product": own},
    ]
    update = """mutation ($input: MediaUpdateInput!) { mediaUpdate(input: $input) {
      media { url alt kind } userErrors { code path } } }"""
    changed = await ask(update, {"input": {"id": ids[1], "url": "c", "expectedVersion": 2}})
    assert changed["data"]["mediaUpdate"] == {
        "media": {"url": "c", "alt": "", "kind": "VIDEO"},
        "userErrors": [],
    }
    taken = await ask(update, {"input": {"id": ids[1], "url": "a"}})
    assert taken["data"]["mediaUpdate"] == {
        "media": None,
        "userErrors": [{"code": "TAKEN", "path": ["url"]}],
    }
    reorder = """mutation ($input: MediaReorderInput!) { mediaReorder(input: $input) {
      product { media { nodes { url } } } userErrors { code path } } }"""
    moved = await ask(reorder, {"input": {"productId": product, "mediaIds": [ids[1]]}})
    assert moved["data"]["mediaReorder"] == {
        "product": {"media": {"nodes": [{"url": "c"}, {"url": "a"}]}},
        "userErrors": [],
    }
    delete = """mutation ($ids: [ID!]!) { mediaDelete(input: {ids: $ids}) {
      deletedIds userErrors { code } } }"""
    for gone in ([ids[1]], []):
        answer = await ask(delete, {"ids": [ids[1], node_id("Brand", 1), "nonsense"]})
        assert answer["data"]["mediaDelete"] == {"deletedIds": gone, "userErrors": []}
    assert await gallery(ask) == "a"


async def test_refusals_name_the_field(ask: Ask, uow: UnitOfWork) -> None:
    product = node_id("Product", (await make_product(uow)).id)
    for given, code, path in (
        ({"media": [{"url": "a"}, {"url": "javascript:x"}]}, "INVALID", ["media", "1", "url"]),
        ({"media": [], "expectedVersion": 9}, "VERSION_CONFLICT", ["expectedVersion"]),
        ({"media": [], "productId": node_id("Brand", 1)}, "NOT_FOUND", ["productId"]),
    ):
        answer = await ask(CREATE, {"input": {"productId": product, **given}})
        assert answer["data"]["mediaCreate"] == {
            "media": [],
            "userErrors": [{"code": code, "path": path}],
        }
    assert await gallery(ask) == ""


@pytest.mark.parametrize("products", [1, 20])
async def test_the_products_of_any_number_of_media_take_one_statement(
    ask: Ask, uow: UnitOfWork, statements: list[str], products: int
) -> None:
    for number in range(products):
        await make_product(uow, f"P{number}", media=2)
    statements.clear()
    answer = await ask(
        "{ media(first: 100) { nodes { url product { slug } } totalCount { count } } }"
    )
    assert len(statements) == 3  # media, count, products
    found = answer["data"]["media"]
    assert found["totalCount"]["count"] == 2 * products
    assert found["nodes"][-1] == {
        "url": f"p{products - 1}-1.jpg",
        "product": {"slug": f"p{products - 1}"},
    }


async def test_the_storefront_sees_the_media_of_active_products(
    ask: Ask, ask_anonymously: Ask, uow: UnitOfWork
) -> None:
    shown = await make_product(uow, "Shown", media=2)
    draft = await make_product(uow, "Draft", media=1, status=ProductStatus.DRAFT)
    (secret,) = await uow.scalars(select(Media.id).where(col(Media.product_id) == draft.id))
    query = """query ($shown: ID!, $draft: ID!, $secret: ID!) {
      media { nodes { url } totalCount { count } }
      shown: media(productId: $shown) { nodes { url } totalCount { count } }
      draft: media(productId: $draft) { nodes { url } totalCount { count } }
      nobody: media(productId: "nonsense") { totalCount { count } }
      node(id: $secret) { id }
    }"""
    ids: dict[str, Any] = {
        "shown": node_id("Product", shown.id),
        "draft": node_id("Product", draft.id),
        "secret": node_id("Media", secret),
    }
    two = {"nodes": [{"url": "shown-0.jpg"}, {"url": "shown-1.jpg"}], "totalCount": {"count": 2}}
    assert (await ask_anonymously(query, ids))["data"] == {
        "media": two,
        "shown": two,
        "draft": {"nodes": [], "totalCount": {"count": 0}},
        "nobody": {"totalCount": {"count": 0}},
        "node": None,
    }
    everything = (await ask(query, ids))["data"]
    assert everything["media"]["totalCount"] == {"count": 3}
    assert everything["draft"]["nodes"] == [{"url": "draft-0.jpg"}]
