from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import col

from commerce.core.db import UnitOfWork
from commerce.core.ids import global_id
from commerce.store.models import StorePage
from tests.conftest import Ask

UPSERT = """
mutation ($input: StorePageUpsertInput!) { storePageUpsert(input: $input) {
  storePage { id kind slug title bodyHtml url seo { title } published position externalId version }
  userErrors { code path }
} }
"""
DELETE = """
mutation ($input: StorePageDeleteInput!) { storePageDelete(input: $input) {
  deletedId userErrors { code } } }
"""
LIST = """
query ($kind: PageKind) { storePages(first: 9, kind: $kind) {
  nodes { slug } totalCount { count } } }
"""
ONE = "query ($slug: String, $id: ID) { storePage(slug: $slug, id: $id) { title } }"


async def _upsert(ask: Ask, **given: Any) -> Any:
    return (await ask(UPSERT, {"input": given}))["data"]["storePageUpsert"]


async def _pages(uow: UnitOfWork) -> list[tuple[Any, ...]]:
    columns = (col(StorePage.slug), col(StorePage.version))
    return [tuple(row) for row in await uow.rows(select(*columns).order_by(col(StorePage.id)))]


async def test_a_page_is_sanitised_kept_and_changed(ask: Ask, uow: UnitOfWork) -> None:
    html = "<p onclick='x()'>We sell.<script>alert(1)</script></p>"
    added = (await _upsert(ask, title=" About us ", kind="ABOUT", bodyHtml=html))["storePage"]
    assert added["bodyHtml"] == "<p>We sell.</p>"
    assert (added["slug"], added["title"], added["published"], added["version"]) == (
        "about-us",
        "About us",
        False,
        1,
    )
    again = (await _upsert(ask, title="About us", kind="ABOUT", bodyHtml=html))["storePage"]
    assert again == added
    named = await _upsert(ask, id=added["id"], title="We", externalId="p", seo={"title": "S"})
    assert named["storePage"] == {
        **added,
        "title": "We",
        "externalId": "p",
        "seo": {"title": "S"},
        "version": 2,
    }
    moved = await _upsert(ask, externalId="p", slug="we", published=True, expectedVersion=2)
    assert (moved["storePage"]["slug"], moved["storePage"]["version"]) == ("we", 3)
    late = await _upsert(ask, id=added["id"], title="Late", expectedVersion=2)
    assert [error["code"] for error in late["userErrors"]] == ["VERSION_CONFLICT"]
    assert await _pages(uow) == [("we", 3)]


@pytest.mark.parametrize(
    ("given", "code", "path"),
    [
        ({}, "INVALID", "title"),
        ({"title": "关于"}, "INVALID", "slug"),
        ({"slug": "new"}, "INVALID", "title"),
        ({"title": "\0"}, "INVALID", "title"),
        ({"title": "New", "slug": "N w"}, "INVALID", "slug"),
        ({"title": "New", "bodyHtml": "x" * 200_001}, "INVALID", "bodyHtml"),
        ({"title": "New", "url": "javascript:x"}, "INVALID", "url"),
        ({"title": "New", "seo": {"title": "\ud800"}}, "INVALID", "seoTitle"),
        ({"title": "New", "externalId": "p", "slug": "old"}, "TAKEN", "slug"),
        ({"id": global_id("StorePage", 404), "title": "X"}, "NOT_FOUND", "id"),
        ({"id": global_id("Menu", 1), "title": "X"}, "NOT_FOUND", "id"),
    ],
)
async def test_what_a_page_cannot_be(
    ask: Ask, uow: UnitOfWork, given: dict[str, Any], code: str, path: str
) -> None:
    await _upsert(ask, title="Old")
    refused = await _upsert(ask, **given)
    found = [(error["code"], ".".join(error["path"])) for error in refused["userErrors"]]
    assert found == [(code, path)]
    assert await _pages(uow) == [("old", 1)]


async def test_the_storefront_sees_what_is_published(
    ask: Ask, ask_anonymously: Ask, statements: list[str]
) -> None:
    draft = (await _upsert(ask, title="Draft", kind="TERMS"))["storePage"]["id"]
    await _upsert(ask, title="Terms", kind="TERMS", published=True, position=1)
    await _upsert(ask, title="First", published=True, position=-1)
    statements.clear()
    seen = (await ask_anonymously(LIST))["data"]["storePages"]
    assert len(statements) == 2
    assert seen == {"nodes": [{"slug": "first"}, {"slug": "terms"}], "totalCount": {"count": 2}}
    terms = (await ask_anonymously(LIST, {"kind": "TERMS"}))["data"]["storePages"]
    assert terms["nodes"] == [{"slug": "terms"}]
    for asked in ({"slug": "draft"}, {"id": draft}, {"slug": "none"}, {"id": "none"}, {}):
        assert (await ask_anonymously(ONE, asked))["data"] == {"storePage": None}
    assert (await ask_anonymously(ONE, {"slug": "terms"}))["data"]["storePage"] is not None
    node = "query ($id: ID!) { node(id: $id) { id } }"
    assert (await ask_anonymously(node, {"id": draft}))["data"] == {"node": None}
    assert (await ask(node, {"id": draft}))["data"] == {"node": {"id": draft}}
    assert len((await ask(LIST))["data"]["storePages"]["nodes"]) == 3


async def test_a_page_is_deleted_once(ask: Ask, uow: UnitOfWork) -> None:
    id_ = (await _upsert(ask, title="Old"))["storePage"]["id"]
    gone = (await ask(DELETE, {"input": {"id": id_}}))["data"]["storePageDelete"]
    assert gone == {"deletedId": id_, "userErrors": []}
    again = (await ask(DELETE, {"input": {"id": id_}}))["data"]["storePageDelete"]
    assert [error["code"] for error in again["userErrors"]] == ["NOT_FOUND"]
