from typing import Any

import pytest

from commerce.catalog.kinds import ProductStatus
from commerce.core.db import UnitOfWork
from resolvers.nodes import node_id
from tests.conftest import Ask
from tests.support.catalog import make_collection, make_product

BOTH_WAYS = """
{
  collections {
    totalCount { count }
    nodes {
      title
      products(first: 2) {
        nodes { title collections { nodes { title } totalCount { count } } }
        totalCount { count }
      }
    }
  }
}
"""
UPSERT = """
mutation ($input: CollectionUpsertInput!) {
  collectionUpsert(input: $input) {
    collection { id slug title imageUrl active position version }
    userErrors { code path }
  }
}
"""


@pytest.mark.parametrize("collections", [1, 7])
async def test_both_ways_cost_the_same_for_any_number(
    ask: Ask, uow: UnitOfWork, statements: list[str], collections: int
) -> None:
    for number in range(collections):
        products = [await make_product(uow, f"P{number}-{place}") for place in range(3)]
        await make_collection(uow, f"C{number}", *reversed(products))
    statements.clear()
    answer = await ask(BOTH_WAYS)
    assert len(statements) == 6  # each of the three lists and its count
    found = answer["data"]["collections"]
    assert found["totalCount"]["count"] == collections
    own = {"nodes": [{"title": "C0"}], "totalCount": {"count": 1}}
    assert found["nodes"][0] == {
        "title": "C0",
        "products": {
            "nodes": [
                {"title": "P0-2", "collections": own},
                {"title": "P0-1", "collections": own},
            ],
            "totalCount": {"count": 3},
        },
    }


async def test_a_page_of_products_goes_on_where_the_last_one_ended(
    ask: Ask, uow: UnitOfWork
) -> None:
    products = [await make_product(uow, title) for title in "dacb"]
    await make_collection(uow, "Summer", *products)
    query = """query ($after: String, $before: String, $first: Int, $last: Int) {
      collection(slug: "summer") {
        products(first: $first, after: $after, last: $last, before: $before) {
          edges { cursor node { title } } pageInfo { hasNextPage hasPreviousPage } } } }"""

    async def page(**given: Any) -> tuple[str, list[str], dict[str, bool]]:
        found = (await ask(query, given))["data"]["collection"]["products"]
        titles = "".join(edge["node"]["title"] for edge in found["edges"])
        return titles, [edge["cursor"] for edge in found["edges"]], found["pageInfo"]

    titles, cursors, info = await page(first=3)
    assert (titles, info) == ("dac", {"hasNextPage": True, "hasPreviousPage": False})
    titles, _, info = await page(first=3, after=cursors[-1])
    assert (titles, info) == ("b", {"hasNextPage": False, "hasPreviousPage": True})
    titles, _, info = await page(last=1, before=cursors[-1])
    assert (titles, info) == ("a", {"hasNextPage": True, "hasPreviousPage": True})


async def test_the_storefront_sees_active_collections_with_their_active_products(
    ask: Ask, ask_anonymously: Ask, uow: UnitOfWork
) -> None:
    shown = await make_product(uow, "Shown")
    draft = await make_product(uow, "Draft", status=ProductStatus.DRAFT)
    await make_collection(uow, "Summer", draft, shown)
    await make_collection(uow, "Secret", shown, active=False)
    query = """{
      collections { nodes { title products { nodes { title } totalCount { count } } } }
      collection(slug: "secret") { title }
      product(slug: "shown") { collections { nodes { title } totalCount { count } } }
    }"""
    assert (await ask_anonymously(query))["data"] == {
        "collections": {
            "nodes": [
                {
                    "title": "Summer",
                    "products": {"nodes": [{"title": "Shown"}], "totalCount": {"count": 1}},
                }
            ]
        },
        "collection": None,
        "product": {"collections": {"nodes": [{"title": "Summer"}], "totalCount": {"count": 1}}},
    }
    everything = (await ask(query))["data"]
    assert everything["collection"] == {"title": "Secret"}
    assert everything["product"]["collections"]["totalCount"] == {"count": 2}


async def test_a_collection_is_added_changed_and_deleted(ask: Ask) -> None:
    async def upsert(**given: Any) -> Any:
        return (await ask(UPSERT, {"input": given}))["data"]["collectionUpsert"]

    added = await upsert(slug="summer", title="Summer", imageUrl="/s.jpg")
    id_ = added["collection"].pop("id")
    assert added == {
        "collection": {
            "slug": "summer",
            "title": "Summer",
            "imageUrl": "/s.jpg",
            "active": True,
            "position": 0,
            "version": 1,
        },
        "userErrors": [],
    }
    again = await upsert(slug="summer", title="Summer", imageUrl="/s.jpg")
    assert again["collection"] == {"id": id_, **added["collection"]}
    moved = await upsert(id=id_, slug="sale", position=3)
    assert (moved["collection"]["slug"], moved["collection"]["version"]) == ("sale", 2)
    former = await ask('{ collection(slug: "summer") { slug } }')
    assert former["data"]["collection"] == {"slug": "sale"}
    taken = await upsert(title="Sale")
    assert taken == {"collection": None, "userErrors": [{"code": "SLUG_TAKEN", "path": ["slug"]}]}
    delete = """mutation ($id: ID!) { collectionDelete(input: {id: $id}) {
      deletedId userErrors { code } } }"""
    gone = await ask(delete, {"id": id_})
    assert gone["data"]["collectionDelete"] == {"deletedId": id_, "userErrors": []}
    left = await ask(
        '{ collections { totalCount { count } } former: collection(slug: "summer") { slug } }'
    )
    assert left["data"] == {"collections": {"totalCount": {"count": 0}}, "former": None}


async def test_the_list_of_products_is_changed(ask: Ask, uow: UnitOfWork) -> None:
    products = [await make_product(uow, title) for title in "abc"]
    ids = [node_id("Product", product.id) for product in products]
    collection = node_id("Collection", (await make_collection(uow)).id)

    async def change(name: str, chosen: list[str], **more: Any) -> str:
        field = f"collectionProducts{name}"
        mutation = (
            f"mutation ($input: C{field[1:]}Input!) {{ {field}(input: $input) {{"
            " collection { products { nodes { title } } } userErrors { code path } } }"
        )
        answer = await ask(mutation, {"input": {"id": collection, "productIds": chosen, **more}})
        payload = answer["data"][field]
        assert payload["userErrors"] == []
        return "".join(node["title"] for node in payload["collection"]["products"]["nodes"])

    assert await change("Set", [ids[1], ids[0]], expectedVersion=1) == "ba"
    assert await change("Add", [ids[2]]) == "bac"
    assert await change("Reorder", [ids[2], ids[0]]) == "cab"
    assert await change("Remove", [ids[0]]) == "cb"
