"""Every endpoint that reads: its pages to their edges, its tags, and its other forms."""

from itertools import product
from typing import Any

from commerce.core.paging import MAX_OFFSET
from tests.rest.cartino.everything.conftest import World
from tests.rest.cartino.everything.routes import route_of
from tests.rest.cartino.everything.world import ROWS, Row

READS = [row for row in ROWS if row.method == "GET"]
META = {"current_page", "per_page", "total", "last_page", "from", "to", "next_cursor"}
LINKS = {"first", "last", "prev", "next"}


def lists(world: World) -> list[Row]:
    paged = [
        row for row in READS if any(f.name == "per_page" for f in route_of(row, world.ids).query)
    ]
    assert len(paged) > 20
    return paged


async def page(world: World, row: Row, query: str) -> tuple[int, Any]:
    asked = Row(row.method, f"{row.path}?{query}", mine=row.mine)
    answer = await world.call(asked)
    return answer.status_code, answer.json()


NO_PAGES = (
    ("page=0", "page", "The page must be greater than 0."),
    ("page=x", "page", "The page must be an integer."),
    ("per_page=0", "per_page", "The per_page must be greater than 0."),
    ("per_page=1.5", "per_page", "The per_page must be an integer."),
    ("cursor=forged", "cursor", "The cursor must be one that this list gave out."),
)


async def test_pages_that_are_none_are_refused(world: World) -> None:
    for row, (query, field, text) in product(lists(world), NO_PAGES):
        told = {"message": "The given data was invalid.", "errors": {field: [text]}}
        assert await page(world, row, query) == (422, told), row


async def test_pages_end_where_the_list_does(world: World) -> None:
    for row in lists(world):
        status, first = await page(world, row, "per_page=101")
        assert (status, set(first), set(first["meta"]), set(first["links"])) == (
            200,
            {"data", "meta", "links"},
            META,
            LINKS,
        ), row
        total = first["meta"]["total"]
        assert first["meta"] == {
            "current_page": 1,
            "per_page": 100,
            "total": total,
            "last_page": 1,
            "from": 1 if total else None,
            "to": total or None,
            "next_cursor": None,
        }, row
        assert len(first["data"]) == total
        status, beyond = await page(world, row, f"page={MAX_OFFSET}")
        assert (status, beyond["data"], beyond["links"]["next"]) == (200, [], None), row
        assert (beyond["meta"]["total"], beyond["meta"]["from"]) == (total, None), row


async def test_one_by_one_a_list_is_the_same(world: World) -> None:
    """By its pages and by its cursors."""
    for row in lists(world):
        whole = (await page(world, row, "per_page=100"))[1]["data"]
        numbered, following, query = [], [], "per_page=1"
        for number in range(1, min(len(whole), 3) + 1):
            numbered += (await page(world, row, f"per_page=1&page={number}"))[1]["data"]
            _, shown = await page(world, row, query)
            following += shown["data"]
            query = f"per_page=1&cursor={shown['meta']['next_cursor']}"
        assert numbered == following == whole[:3], row


async def test_what_is_known_is_not_sent_again(world: World) -> None:
    for row in READS:
        first = await world.call(row)
        tag = first.headers["ETag"]
        again = await world.call(row, world.own(row, **{"If-None-Match": tag}))
        assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", tag), row
        slashed = await world.call(Row("GET", f"{row.path}/", mine=row.mine))
        head = await world.call(Row("HEAD", row.path, mine=row.mine))
        assert (head.status_code, head.content) == (200, b""), row
        assert head.headers["Content-Length"] == first.headers["Content-Length"]
        assert slashed.json() == first.json() or "links" in first.json(), row


async def test_a_longer_page_takes_no_more_statements(world: World, statements: list[str]) -> None:
    """The least of three tries counts: a key is looked up once in a while."""

    async def cost(row: Row, size: int) -> tuple[int, int]:
        """The statements of a page, and its rows."""
        found = []
        for _ in range(3):
            statements.clear()
            _, shown = await page(world, row, f"per_page={size}")
            found.append(len(statements))
        return min(found), len(shown["data"])

    several = 0
    for row in lists(world):
        (one, _), (many, shown) = await cost(row, 1), await cost(row, 100)
        several += shown > 1
        assert 0 < many <= one, row
    assert several > 5
