from typing import Any

import pytest

from commerce.catalog.kinds import ProductStatus
from commerce.core.db import UnitOfWork
from resolvers.nodes import node_id
from tests.conftest import Ask
from tests.support.catalog import make_category, make_product

TREE = """
query ($first: Int) {
  categories(where: {rootsOnly: true}, first: $first) {
    totalCount { count }
    nodes {
      title depth
      parent { title }
      ancestors { title }
      productCount { count precision }
      products(first: 2) { nodes { title } totalCount { count } pageInfo { hasNextPage } }
      children(first: 2) {
        totalCount { count }
        nodes {
          title depth
          parent { title }
          ancestors { title }
          productCount { count }
          products(first: 2) { nodes { title categories { nodes { title } } } }
        }
      }
    }
  }
}
"""
CREATE = """
mutation ($input: CategoryCreateInput!) {
  categoryCreate(input: $input) {
    category { id slug title imageUrl seo { title } active position depth parent { title } }
    userErrors { code path }
  }
}
"""


def cid(category: Any) -> str:
    return node_id("Category", category.id)


async def make_trees(uow: UnitOfWork, roots: int) -> None:
    for number in range(roots):
        products = [await make_product(uow, f"P{number}-{place}") for place in range(3)]
        root = await make_category(uow, f"Root {number}", *products, position=number)
        for place in range(3):
            await make_category(
                uow, f"Child {number}-{place}", products[0], parent=root, position=place
            )


@pytest.mark.parametrize("roots", [1, 7])
async def test_a_tree_is_read_with_the_same_statements_for_any_number_of_roots(
    ask: Ask, uow: UnitOfWork, statements: list[str], roots: int
) -> None:
    await make_trees(uow, roots)
    statements.clear()
    answer = await ask(TREE, {"first": 10})
    assert "errors" not in answer
    # Roots and their count; children and their count; lineages twice (roots, children); branch
    # counts twice; products twice and their count; parents; categories of products.
    assert len(statements) == 13
    categories = answer["data"]["categories"]
    assert categories["totalCount"]["count"] == roots
    assert len(categories["nodes"]) == roots
    assert categories["nodes"][0] == {
        "title": "Root 0",
        "depth": 0,
        "parent": None,
        "ancestors": [],
        "productCount": {"count": 3, "precision": "EXACT"},
        "products": {
            "nodes": [{"title": "P0-0"}, {"title": "P0-1"}],
            "totalCount": {"count": 3},
            "pageInfo": {"hasNextPage": True},
        },
        "children": {
            "totalCount": {"count": 3},
            "nodes": [child(0), child(1)],
        },
    }


def child(place: int) -> dict[str, Any]:
    inside = ("Root 0", "Child 0-0", "Child 0-1", "Child 0-2")
    return {
        "title": f"Child 0-{place}",
        "depth": 1,
        "parent": {"title": "Root 0"},
        "ancestors": [{"title": "Root 0"}],
        "productCount": {"count": 1},
        "products": {
            "nodes": [
                {
                    "title": "P0-0",
                    "categories": {
                        "nodes": [{"title": title} for title in sorted(inside, key=place_of)]
                    },
                }
            ]
        },
    }


def place_of(title: str) -> tuple[int, bool]:
    """By position, and by age where positions are the same."""
    return int(title[-1]), title.startswith("Child")


async def test_ancestors_stand_from_the_root_down(ask: Ask, uow: UnitOfWork) -> None:
    parent = None
    for title in "ABCD":
        parent = await make_category(uow, title, parent=parent)
    answer = await ask('{ category(slug: "d") { depth ancestors { title } parent { title } } }')
    assert answer["data"]["category"] == {
        "depth": 3,
        "ancestors": [{"title": "A"}, {"title": "B"}, {"title": "C"}],
        "parent": {"title": "C"},
    }


async def test_the_storefront_sees_active_categories_with_their_active_products(
    ask: Ask, ask_anonymously: Ask, uow: UnitOfWork
) -> None:
    shown = await make_product(uow, "Shown")
    draft = await make_product(uow, "Draft", status=ProductStatus.DRAFT)
    root = await make_category(uow, "Root", draft, shown)
    hidden = await make_category(uow, "Hidden", shown, draft, parent=root, active=False)
    await make_category(uow, "Below", shown, parent=hidden)
    query = """{
      root: category(slug: "root") {
        children { nodes { title } totalCount { count } }
        products { nodes { title } totalCount { count } }
        productCount { count }
      }
      hidden: category(slug: "hidden") { title }
      below: category(slug: "below") { depth parent { title } ancestors { title } }
      categories { nodes { title } totalCount { count } }
      product(slug: "shown") { categories { nodes { title } totalCount { count } } }
    }"""
    seen = (await ask_anonymously(query))["data"]
    assert seen == {
        "root": {
            "children": {"nodes": [], "totalCount": {"count": 0}},
            "products": {"nodes": [{"title": "Shown"}], "totalCount": {"count": 1}},
            "productCount": {"count": 1},
        },
        "hidden": None,
        "below": {"depth": 2, "parent": None, "ancestors": [{"title": "Root"}]},
        "categories": {
            "nodes": [{"title": "Root"}, {"title": "Below"}],
            "totalCount": {"count": 2},
        },
        "product": {
            "categories": {
                "nodes": [{"title": "Root"}, {"title": "Below"}],
                "totalCount": {"count": 2},
            }
        },
    }
    everything = (await ask(query))["data"]
    assert everything["root"]["productCount"] == {"count": 2}
    assert everything["hidden"] == {"title": "Hidden"}
    assert everything["categories"]["totalCount"] == {"count": 3}


@pytest.mark.parametrize(
    ("where", "titles"),
    [
        ({}, ["Men", "Shoes", "Boots", "Women"]),
        ({"rootsOnly": True}, ["Men", "Women"]),
        ({"parentId": "men"}, ["Shoes"]),
        ({"withinId": "men"}, ["Shoes", "Boots"]),
        ({"withinId": "boots"}, []),
        ({"titleContains": "OE"}, ["Shoes"]),
        ({"titleContains": "%"}, []),
        ({"active": False}, ["Women"]),
        ({"active": True, "rootsOnly": True}, ["Men"]),
        ({"parentId": "nonsense"}, []),
        ({"withinId": "nonsense"}, []),
    ],
)
async def test_categories_are_filtered(
    ask: Ask, uow: UnitOfWork, where: dict[str, Any], titles: list[str]
) -> None:
    men = await make_category(uow, "Men")
    shoes = await make_category(uow, "Shoes", parent=men)
    boots = await make_category(uow, "Boots", parent=shoes)
    await make_category(uow, "Women", active=False)
    ids = {"men": cid(men), "boots": cid(boots)}
    given = {
        name: ids.get(value, value) if name.endswith("Id") else value
        for name, value in where.items()
    }
    answer = await ask(
        "query ($where: CategoryWhere) { categories(where: $where)"
        " { nodes { title } totalCount { count } } }",
        {"where": given},
    )
    assert answer["data"]["categories"] == {
        "nodes": [{"title": title} for title in titles],
        "totalCount": {"count": len(titles)},
    }


async def test_a_cursor_is_good_for_its_own_filter_only(ask: Ask, uow: UnitOfWork) -> None:
    for title in "AB":
        await make_category(uow, title)
    query = """query ($where: CategoryWhere, $after: String) {
      categories(where: $where, first: 1, after: $after) {
        nodes { title } pageInfo { endCursor } } }"""
    first = (await ask(query))["data"]["categories"]
    assert first["nodes"] == [{"title": "A"}]
    after = first["pageInfo"]["endCursor"]
    assert (await ask(query, {"after": after}))["data"]["categories"]["nodes"] == [{"title": "B"}]
    refused = await ask(query, {"after": after, "where": {"rootsOnly": True}})
    assert "was not issued for this list" in refused["errors"][0]["message"]


async def test_a_category_is_created_changed_moved_and_archived(ask: Ask, uow: UnitOfWork) -> None:
    men = await make_category(uow, "Men")
    given = {
        "title": "Shoes",
        "parentId": cid(men),
        "imageUrl": "shoes.jpg",
        "seo": {"title": "All shoes"},
        "descriptionHtml": "<b>x</b><script>y</script>",
    }
    created = (await ask(CREATE, {"input": given}))["data"]["categoryCreate"]
    assert created["userErrors"] == []
    id_ = created["category"].pop("id")
    assert created["category"] == {
        "slug": "shoes",
        "title": "Shoes",
        "imageUrl": "shoes.jpg",
        "seo": {"title": "All shoes"},
        "active": True,
        "position": 0,
        "depth": 1,
        "parent": {"title": "Men"},
    }
    update = """mutation ($input: CategoryUpdateInput!) { categoryUpdate(input: $input) {
      category { slug imageUrl descriptionHtml version } userErrors { code } } }"""
    given = {"id": id_, "slug": "footwear", "imageUrl": None, "expectedVersion": 1}
    changed = (await ask(update, {"input": given}))["data"]["categoryUpdate"]
    assert changed == {
        "category": {
            "slug": "footwear",
            "imageUrl": None,
            "descriptionHtml": "<b>x</b>",
            "version": 2,
        },
        "userErrors": [],
    }
    former = await ask('{ category(slug: "shoes") { slug } }')
    assert former["data"]["category"] == {"slug": "footwear"}
    move = """mutation ($input: CategoryMoveInput!) { categoryMove(input: $input) {
      category { depth position } userErrors { code path } } }"""
    moved = await ask(move, {"input": {"id": id_, "parentId": None, "position": 0}})
    assert moved["data"]["categoryMove"]["category"] == {"depth": 0, "position": 0}
    kept = await ask(move, {"input": {"id": id_, "position": 1}})
    assert kept["data"]["categoryMove"]["category"] == {"depth": 0, "position": 1}
    circle = await ask(move, {"input": {"id": id_, "parentId": id_}})
    assert circle["data"]["categoryMove"] == {
        "category": None,
        "userErrors": [{"code": "CATEGORY_CYCLE", "path": ["parentId"]}],
    }
    archive = """mutation ($input: CategoryArchiveInput!) { categoryArchive(input: $input) {
      archivedIds userErrors { code path } } }"""
    archived = await ask(archive, {"input": {"id": id_, "strategy": "ARCHIVE"}})
    assert archived["data"]["categoryArchive"] == {"archivedIds": [id_], "userErrors": []}
    gone = await ask("query ($id: ID!) { node(id: $id) { id } }", {"id": id_})
    assert gone["data"]["node"] is None


async def test_a_refusal_names_the_field_and_changes_nothing(ask: Ask, uow: UnitOfWork) -> None:
    for given, code, path in (
        ({"title": " "}, "INVALID", ["title"]),
        ({"title": "A", "slug": "a b"}, "INVALID", ["slug"]),
        ({"title": "A", "imageUrl": "javascript:x"}, "INVALID", ["imageUrl"]),
        ({"title": "A", "parentId": node_id("Product", 1)}, "NOT_FOUND", ["parentId"]),
    ):
        answer = (await ask(CREATE, {"input": given}))["data"]["categoryCreate"]
        assert answer == {"category": None, "userErrors": [{"code": code, "path": path}]}
    nothing = await ask("{ categories { totalCount { count } } }")
    assert nothing["data"]["categories"]["totalCount"] == {"count": 0}


async def test_the_list_of_products_is_changed(ask: Ask, uow: UnitOfWork) -> None:
    products = [await make_product(uow, title) for title in "abc"]
    ids = [node_id("Product", product.id) for product in products]
    category = cid(await make_category(uow, "Men"))

    async def change(name: str, chosen: list[str], **more: Any) -> str:
        field = f"categoryProducts{name}"
        mutation = (
            f"mutation ($input: {field[0].upper()}{field[1:]}Input!) {{ {field}(input: $input) {{"
            " category { products { nodes { title } } } userErrors { code path } } }"
        )
        answer = await ask(mutation, {"input": {"id": category, "productIds": chosen, **more}})
        payload = answer["data"][field]
        assert payload["userErrors"] == []
        return "".join(node["title"] for node in payload["category"]["products"]["nodes"])

    assert await change("Set", [ids[1], ids[0]]) == "ba"
    assert await change("Add", [ids[2]], position=1) == "bca"
    assert await change("Reorder", [ids[0]]) == "abc"
    assert await change("Reorder", [ids[0]], position=1) == "bac"
    assert await change("Remove", [ids[1]]) == "ac"


async def test_a_list_may_not_be_longer_than_the_limit(ask: Ask, uow: UnitOfWork) -> None:
    category = cid(await make_category(uow, "Men"))
    given = {"id": category, "productIds": [node_id("Product", 1)] * 251}
    answer = await ask(
        "mutation ($input: CategoryProductsSetInput!)"
        " { categoryProductsSet(input: $input) { userErrors { code } } }",
        {"input": given},
    )
    assert answer["errors"][0]["message"] == "productIds takes at most 250 items."
