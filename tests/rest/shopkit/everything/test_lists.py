"""The pages of every list: from its parameters to the page that is asked for, and its links."""

from typing import Any

import httpx
import pytest

from commerce.core.paging import MAX_OFFSET, cursor_at_offset
from commerce.rest.shopkit.routes import SHOPKIT
from tests.support.rest import BEARER, SHOPKIT_KEY, PaperShop, empty_list

KEY = BEARER["shopkit"]
# Lists that are an array have their total in the header alone.
ARRAYS = {"/client"}
# What a list must be told besides its page.
NEEDED = {"/product/search": "query=bowl&"}
LISTS = sorted(
    route.path for route in SHOPKIT.routes if "limit" in {field.name for field in route.query}
)
PAGES = {
    "": (25, 0),
    "page=1": (25, 0),
    "page=3": (25, 50),
    "limit=1&page=2": (1, 1),
    "limit=50": (50, 0),
    "limit=51&page=2": (50, 50),
    "limit=99999999999": (50, 0),
    f"page={MAX_OFFSET}": (25, MAX_OFFSET),
    "limit=&page=": (25, 0),
}
REFUSED = (
    *("limit=0", "limit=-1", "limit=x", "limit=1.5", "limit=1e1"),
    *("page=0", "page=-1", "page=x", "page=1.5", "page=%00", f"page={MAX_OFFSET + 1}"),
)


def address(path: str, query: str) -> str:
    return f"/v1{path}?{NEEDED.get(path, '')}{query}"


@pytest.fixture
def shop() -> PaperShop:
    return PaperShop(result=empty_list())


@pytest.fixture
def client(shop: PaperShop) -> httpx.AsyncClient:
    return shop.client()


def test_all_lists_are_there() -> None:
    goods = {"/brand", "/category", "/media", "/product", "/product/search"}
    assert goods | {"/client", "/order", "/shipment", "/webhook"} == set(LISTS)


@pytest.mark.parametrize("path", LISTS)
async def test_a_page_is_asked_for(path: str, shop: PaperShop, client: httpx.AsyncClient) -> None:
    for query, (first, offset) in PAGES.items():
        answer = await client.get(address(path, query), headers=KEY)
        assert answer.status_code == 200, (query, answer.text)
        asked = {name: shop.variables[name] for name in ("first", "after")}
        assert asked == {"first": first, "after": cursor_at_offset(offset) if offset else None}, (
            query
        )


@pytest.mark.parametrize("path", LISTS)
async def test_what_is_no_page_is_a_bad_request(
    path: str, shop: PaperShop, client: httpx.AsyncClient
) -> None:
    for query in REFUSED:
        answer = await client.get(address(path, query), headers=KEY)
        assert (answer.status_code, answer.text) == (400, '{"message":"Bad request."}'), query
    assert shop.executed == []


@pytest.mark.parametrize("path", LISTS)
async def test_the_pages_beside_it_are_linked(
    path: str, shop: PaperShop, client: httpx.AsyncClient
) -> None:
    """With all other parameters, in their order, but the key; the total is in a header."""
    told = NEEDED.get(path, "")
    sent = f"limit=7&page=2&other=a+b&X-API-KEY={SHOPKIT_KEY}&x-api-key=y"
    for more in (True, False):
        shop.result = empty_list() | {"pageInfo": {"hasNextPage": more, "endCursor": "x"}}
        shop.result["totalCount"] = {"count": 40}
        answer = await client.get(address(path, sent))
        assert answer.headers["X-Total-Count"] == "40"
        assert SHOPKIT_KEY not in answer.text
        base = f"http://shop.test/v1{path}?{told}limit=7&other=a+b&page="
        links = {"previous": f"{base}1", "next": f"{base}3" if more else None}
        expected: Any = [] if path in ARRAYS else {"paging": links}
        assert answer.json() == expected


@pytest.mark.parametrize("path", LISTS)
async def test_a_trailing_slash_makes_no_difference(path: str, client: httpx.AsyncClient) -> None:
    plain = await client.get(address(path, ""), headers=KEY)
    slashed = await client.get(address(f"{path}/", NEEDED.get(path, "")), headers=KEY)
    assert (plain.status_code, slashed.status_code) == (200, 200)
    assert slashed.json() == plain.json()
