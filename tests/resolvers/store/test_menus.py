from typing import Any

import pytest
from sqlalchemy import delete, select
from sqlmodel import col

from commerce.catalog.kinds import ProductStatus
from commerce.core.db import UnitOfWork
from commerce.core.ids import global_id
from commerce.store.models import Menu, MenuItem, StorePage
from tests.conftest import Ask
from tests.support.catalog import make_category, make_product

ITEM = "title url newTab product { title } category { title } collection { title } page { title }"
UPSERT = f"""
mutation ($input: MenuUpsertInput!) {{ menuUpsert(input: $input) {{
  menu {{ id code title version items {{ {ITEM} items {{ {ITEM} }} }} }}
  userErrors {{ code path }}
}} }}
"""
MENU = f"""
query ($code: String, $id: ID) {{ menu(code: $code, id: $id) {{
  title items {{ {ITEM} items {{ {ITEM} items {{ {ITEM} }} }} }} }} }}
"""
NOTHING = {"url": "", "newTab": False} | dict.fromkeys(
    ("product", "category", "collection", "page")
)


async def _upsert(ask: Ask, **given: Any) -> Any:
    return (await ask(UPSERT, {"input": given}))["data"]["menuUpsert"]


async def _page(ask: Ask, title: str, published: bool = True) -> str:
    given = f'{{title: "{title}", published: {str(published).lower()}}}'
    query = f"mutation {{ storePageUpsert(input: {given}) {{ storePage {{ id }} }} }}"
    id_: str = (await ask(query))["data"]["storePageUpsert"]["storePage"]["id"]
    return id_


async def test_a_menu_is_set_as_a_whole(ask: Ask, uow: UnitOfWork) -> None:
    category = await make_category(uow, "Shirts")
    items = [
        {
            "title": "Shop",
            "items": [
                {"title": "Shirts", "categoryId": global_id("Category", category.id)},
                {"title": "Us", "pageId": await _page(ask, "About")},
            ],
        },
        {"title": "Elsewhere", "url": "https://a.example", "newTab": True},
    ]
    added = (await _upsert(ask, title="Main menu", items=items))["menu"]
    assert (added["code"], added["version"]) == ("main-menu", 1)
    assert added["items"] == [
        {
            "title": "Shop",
            **NOTHING,
            "items": [
                {"title": "Shirts", **NOTHING, "category": {"title": "Shirts"}},
                {"title": "Us", **NOTHING, "page": {"title": "About"}},
            ],
        },
        {
            "title": "Elsewhere",
            **NOTHING,
            "url": "https://a.example",
            "newTab": True,
            "items": [],
        },
    ]
    again = await _upsert(ask, code="main-menu", items=items, expectedVersion=1)
    assert again["menu"] == added
    kept = await _upsert(ask, id=added["id"], title="Top", code="top")
    assert kept["menu"] == {**added, "title": "Top", "code": "top", "version": 2}
    emptied = await _upsert(ask, code="top", items=[])
    assert (emptied["menu"]["items"], emptied["menu"]["version"]) == ([], 3)
    late = await _upsert(ask, code="top", items=items, expectedVersion=2)
    assert [error["code"] for error in late["userErrors"]] == ["VERSION_CONFLICT"]
    assert await uow.rows(select(col(MenuItem.place))) == []


@pytest.mark.parametrize(
    ("given", "code", "path"),
    [
        ({}, "INVALID", "title"),
        ({"title": "关于"}, "INVALID", "code"),
        ({"code": "old", "title": ""}, "INVALID", "title"),
        ({"code": "new"}, "INVALID", "title"),
        ({"title": "\0", "code": "new"}, "INVALID", "title"),
        ({"title": "New", "items": [{"title": ""}]}, "INVALID", "items.0.title"),
        (
            {"title": "New", "items": [{"title": "x", "productId": global_id("Product", 404)}]},
            "NOT_FOUND",
            "items",
        ),
        (
            {"title": "New", "items": [{"title": "x", "items": [{"title": "y", "pageId": "no"}]}]},
            "NOT_FOUND",
            "items.0.items.0.pageId",
        ),
        ({"id": global_id("Menu", 404), "title": "x"}, "NOT_FOUND", "id"),
    ],
)
async def test_what_a_menu_cannot_be(
    ask: Ask, uow: UnitOfWork, given: dict[str, Any], code: str, path: str
) -> None:
    await _upsert(ask, title="Old")
    refused = await _upsert(ask, **given)
    found = [(error["code"], ".".join(error["path"])) for error in refused["userErrors"]]
    assert found == [(code, path)]
    assert await uow.scalars(select(col(Menu.code))) == ["old"]


async def test_links_to_what_is_not_there_or_not_for_everybody_are_null(
    ask: Ask, ask_anonymously: Ask, uow: UnitOfWork
) -> None:
    draft = await make_product(uow, "Secret", status=ProductStatus.DRAFT)
    page, gone = await _page(ask, "Draft", published=False), await _page(ask, "Gone")
    items = [
        {"title": "a", "productId": global_id("Product", draft.id)},
        {"title": "b", "pageId": page},
        {"title": "c", "pageId": gone},
    ]
    await _upsert(ask, title="Main", items=items)
    await uow.change(delete(StorePage).where(col(StorePage.title) == "Gone"))
    seen = (await ask_anonymously(MENU, {"code": "main"}))["data"]["menu"]
    assert [(item["title"], item["product"], item["page"]) for item in seen["items"]] == [
        ("a", None, None),
        ("b", None, None),
        ("c", None, None),
    ]
    own = (await ask(MENU, {"code": "main"}))["data"]["menu"]
    assert [item["product"] or item["page"] for item in own["items"]] == [
        {"title": "Secret"},
        {"title": "Draft"},
        None,
    ]
    for asked in ({}, {"code": "none"}, {"id": "none"}, {"id": global_id("Menu", 404)}):
        assert (await ask_anonymously(MENU, asked))["data"] == {"menu": None}


@pytest.mark.parametrize("count", [1, 5])
async def test_a_menu_costs_the_same_for_any_number_of_items_on_any_level(
    ask: Ask, ask_anonymously: Ask, uow: UnitOfWork, statements: list[str], count: int
) -> None:
    def links(page: str, below: list[Any]) -> list[Any]:
        product = {"title": "p", "productId": global_id("Product", products[0].id)}
        return [product, {"title": "x", "pageId": page, "items": below}] * count

    products = [await make_product(uow, status=ProductStatus.ACTIVE)]
    page = await _page(ask, "About")
    await _upsert(ask, title="Main", items=links(page, links(page, [])))
    statements.clear()
    seen = (await ask_anonymously(MENU, {"code": "main"}))["data"]["menu"]
    assert len(statements) == 4  # the menu, its items, products, pages
    assert len(seen["items"]) == 2 * count


async def test_menus_are_listed_with_their_items(
    ask: Ask, ask_anonymously: Ask, statements: list[str]
) -> None:
    for title in ("Main", "Footer"):
        await _upsert(ask, title=title, items=[{"title": title}])
    statements.clear()
    query = "{ menus(first: 5) { nodes { code items { title } } totalCount { count } } }"
    found = (await ask_anonymously(query))["data"]["menus"]
    assert len(statements) == 3
    assert [node["code"] for node in found["nodes"]] == ["footer", "main"]
    assert found["nodes"][0]["items"] == [{"title": "Footer"}]


async def test_a_menu_is_deleted_with_its_items(ask: Ask, uow: UnitOfWork) -> None:
    id_ = (await _upsert(ask, title="Main", items=[{"title": "x"}]))["menu"]["id"]
    query = """mutation ($id: ID!) { menuDelete(input: {id: $id}) {
      deletedId userErrors { code } } }"""
    assert (await ask(query, {"id": id_}))["data"]["menuDelete"]["deletedId"] == id_
    again = (await ask(query, {"id": id_}))["data"]["menuDelete"]
    assert [error["code"] for error in again["userErrors"]] == ["NOT_FOUND"]
    assert await uow.rows(select(col(MenuItem.place))) == []
