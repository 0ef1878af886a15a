from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from commerce.http.pages import LandingFacts, page_routes, prefers_html

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"
HTML = {"accept": BROWSER}
GRAPHIQL_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self' data:; connect-src 'self'; worker-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


def empty_is(answer: bool | None) -> Callable[[], Awaitable[bool | None]]:
    async def store_is_empty() -> bool | None:
        return answer

    return store_is_empty


@pytest.fixture
def facts(tmp_path: Path) -> LandingFacts:
    """A server whose bundle is not built yet."""
    return LandingFacts("1.2.3", True, empty_is(False), bundle=tmp_path / "bundle")


@pytest.fixture
def bundle(facts: LandingFacts) -> Path:
    (facts.bundle / "static").mkdir(parents=True)
    (facts.bundle / "index.html").write_text("<title>GraphiQL</title>")
    (facts.bundle / "static" / "main-1a2b.js").write_text("render()")
    return facts.bundle


async def get(facts: LandingFacts, path: str, **headers: str) -> httpx.Response:
    app: Any = Starlette(routes=page_routes(facts))
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://shop:8000") as client:
        return await client.get(path, headers=headers)


@pytest.mark.parametrize(
    ("accept", "html"),
    [
        (BROWSER, True),
        ("text/html", True),
        ("TEXT/HTML; charset=utf-8", True),
        ("application/json;q=0.9, text/html", True),
        ("text/html, application/json", True),
        ("", False),
        ("*/*", False),
        ("text/*", False),
        ("application/json", False),
        ("application/graphql-response+json, text/html;q=0.5", False),
        ("text/html;q=0", False),
        ("text/html;q=much", False),
        (";,;q=,=", False),
    ],
)
def test_only_a_client_that_names_html_gets_html(accept: str, html: bool) -> None:
    assert prefers_html(accept) is html


async def test_the_start_page_tells_programs_where_things_are(facts: LandingFacts) -> None:
    answer = await get(facts, "/")
    assert answer.headers["vary"] == "Accept"
    assert answer.json() == {
        "name": "Storegraph",
        "version": "1.2.3",
        "graphql": "/graphql",
        "graphiql": "/graphiql",
        "rest": [
            {
                "dialect": "litestore",
                "list": "/api/products",
                "one": "/api/products/{id}",
                "key": "Authorization: Bearer KEY",
            },
            {
                "dialect": "cartino",
                "list": "/api/v1/products",
                "one": "/api/v1/products/{id}",
                "key": "Authorization: Bearer KEY",
            },
            {
                "dialect": "shopkit",
                "list": "/v1/product",
                "one": "/v1/product/{id}",
                "key": "X-API-KEY: KEY",
            },
        ],
        "health": {"live": "/livez", "ready": "/readyz", "metrics": "/metrics"},
        "store_is_empty": False,
        "fill_it_with": [],
    }


async def test_the_start_page_shows_people_where_things_are(facts: LandingFacts) -> None:
    answer = await get(facts, "/", **HTML)
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "<title>Storegraph</title>" in answer.text
    for text in ("Version 1.2.3", "curl http://shop:8000/graphql", 'href="/graphiql"'):
        assert text in answer.text
    for text in ("/api/v1/products/{id}", 'href="/livez"', "/readyz", "/metrics", "docs/"):
        assert text in answer.text
    assert "This store is empty" not in answer.text
    assert "$" not in answer.text


async def test_an_empty_store_is_told_how_to_be_filled(facts: LandingFacts) -> None:
    facts = replace(facts, store_is_empty=empty_is(True), command=".venv/bin/commerce")
    lines = [".venv/bin/commerce demo", ".venv/bin/commerce import products FILE"]
    page = (await get(facts, "/", **HTML)).text
    assert "This store is empty" in page
    assert "\n".join(lines) in page
    assert (await get(facts, "/")).json()["fill_it_with"] == lines


async def test_a_database_that_does_not_answer_leaves_the_start_page_standing(
    facts: LandingFacts,
) -> None:
    facts = replace(facts, store_is_empty=empty_is(None))
    answer = await get(facts, "/", **HTML)
    assert answer.status_code == 200
    assert "The database does not answer just now" in answer.text
    assert (await get(facts, "/")).json()["store_is_empty"] is None


async def test_what_comes_from_outside_is_escaped(facts: LandingFacts) -> None:
    page = (await get(facts, "/", **HTML, host='"><script>alert(1)</script>')).text
    assert "<script" not in page


async def test_graphiql_is_the_built_page(facts: LandingFacts, bundle: Path) -> None:
    answer = await get(facts, "/graphiql")
    assert (answer.status_code, answer.text) == (200, "<title>GraphiQL</title>")
    assert answer.headers["content-security-policy"] == GRAPHIQL_POLICY
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cache-control"] == "no-cache"


async def test_without_a_bundle_the_page_tells_how_to_build_it(facts: LandingFacts) -> None:
    answer = await get(facts, "/graphiql")
    assert answer.status_code == 404
    assert "make graphiql" in answer.text
    assert answer.headers["content-security-policy"] == PAGE_POLICY


async def test_without_a_bundle_its_files_are_not_found(facts: LandingFacts) -> None:
    assert (await get(facts, "/graphiql/static/main-1a2b.js")).status_code == 404


async def test_graphiql_can_be_off(facts: LandingFacts, bundle: Path) -> None:
    facts = replace(facts, graphiql_allowed=False)
    answer = await get(facts, "/graphiql")
    assert answer.status_code == 404
    assert "GraphiQL is off" in answer.text
    assert (await get(facts, "/graphiql/static/main-1a2b.js")).status_code == 404
    assert (await get(facts, "/")).json()["graphiql"] is None
    assert 'href="/graphiql"' not in (await get(facts, "/", **HTML)).text


async def test_files_of_the_bundle_are_kept_for_good(facts: LandingFacts, bundle: Path) -> None:
    answer = await get(facts, "/graphiql/static/main-1a2b.js")
    assert (answer.status_code, answer.text) == (200, "render()")
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    # A worker obeys the policy of its own file.
    assert answer.headers["content-security-policy"] == GRAPHIQL_POLICY
    again = await get(
        facts, "/graphiql/static/main-1a2b.js", **{"if-none-match": answer.headers["etag"]}
    )
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    "path",
    [
        "/graphiql/static/../index.html",
        "/graphiql/static/%2e%2e/index.html",
        "/graphiql/static//etc/passwd",
        "/graphiql/static/%00",
        "/graphiql/static/",
        "/assets/landing.html",
        "/assets/../pages.py",
    ],
)
async def test_nothing_else_can_be_fetched(facts: LandingFacts, bundle: Path, path: str) -> None:
    assert (await get(facts, path)).status_code == 404


@pytest.mark.parametrize("name", ["pages.css", "icon.svg"])
async def test_the_pages_own_files_are_served(facts: LandingFacts, name: str) -> None:
    answer = await get(facts, f"/assets/{name}")
    assert answer.status_code == 200
    assert answer.headers["etag"]
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_no_page_names_another_host(facts: LandingFacts) -> None:
    page = (await get(facts, "/", **HTML)).text
    assert "http" not in page.replace("http://shop:8000/graphql", "")
