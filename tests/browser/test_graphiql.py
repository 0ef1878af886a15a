"""GraphiQL as a person meets it, in a real browser against a real server."""

import asyncio
import json
from contextlib import suppress
from functools import partial
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from playwright.async_api import Page, expect

from commerce.core.db import units_on
from commerce.core.pool import Database
from tests.browser.conftest import OpenPage, Watch
from tests.support.live import happen
from tests.support.servers import commerce

TEXT_OF = """name => globalThis.__MONACO?.editor.getModels()
    .find(model => model.uri.path.endsWith(name))?.getValue() ?? "" """
CLICK_AND_RUN = """example => {
    example.click();
    document.querySelector(".graphiql-execute-button").click();
} """
SET_TEXT = """([name, text]) => globalThis.__MONACO.editor.getModels()
    .find(model => model.uri.path.endsWith(name)).setValue(text) """
OPERATION, VARIABLES, RESPONSE = "operation.graphql", "variables.json", "response.json"
HEADERS = "request-headers.json"
LISTEN = """subscription {
  events(types: [CART_UPDATED], after: "%s") { event { resourceDatabaseId } }
}"""
LOGGED = "{ eventLog(types: [CART_UPDATED], first: 100) { edges { cursor } } }"

pytestmark = [pytest.mark.timeout(600), pytest.mark.usefixtures("bundle")]


async def text_with(page: Page, editor: str, wanted: str) -> str:
    """The editor's text as soon as `wanted` is in it.

    Asked again and again from here: the page's policy forbids the `eval` of wait_for_function.
    """
    async with asyncio.timeout(30):
        while wanted not in (text := await page.evaluate(TEXT_OF, editor)):  # noqa: ASYNC110  # no event leaves the page
            await asyncio.sleep(0.05)
    return str(text)


async def run(page: Page) -> dict[str, Any]:
    await page.get_by_role("button", name="Execute").click()
    return dict(json.loads(await text_with(page, RESPONSE, "\n}")))


@pytest.mark.parametrize(
    ("title", "operation", "filled_in"),
    [
        ("Storefront listing", "StorefrontListing", ""),
        ("Product detail by slug", "ProductBySlug", "slug"),
        ("Search with facets", "SearchWithFacets", "query"),
        ("Variants, page by page", "NestedVariants", ""),
    ],
)
async def test_an_example_shows_the_data_of_the_store(
    open_page: OpenPage, live_server: str, title: str, operation: str, filled_in: str
) -> None:
    page, watch = await open_page("/graphiql")
    await page.get_by_role("button", name=title).click()
    query = await text_with(page, OPERATION, f"query {operation}")
    variables = json.loads(await text_with(page, VARIABLES, filled_in) or "{}")
    shown = await run(page)

    body = {"query": query, "variables": variables}
    async with httpx.AsyncClient(base_url=live_server, timeout=30) as client:
        stored = (await client.post("/graphql", json=body)).json()["data"]
    assert shown.get("data") == stored, shown
    assert "errors" not in shown
    assert '"title": "' in json.dumps(stored)
    assert watch.complaints == []


async def test_an_example_may_be_run_at_once(open_page: OpenPage) -> None:
    """Sooner than GraphiQL notices which operation is in its editor now, opened anew or again."""
    page, _ = await open_page("/graphiql")
    await text_with(page, OPERATION, "query StorefrontListing")
    for title in ("Variants, page by page", "Storefront listing"):
        example = page.get_by_role("button", name=title)
        await expect(example).to_be_enabled()
        await example.evaluate(CLICK_AND_RUN)
        shown = json.loads(await text_with(page, RESPONSE, "\n}"))
        assert "errors" not in shown, shown
        assert shown["data"]["products"], shown


async def test_a_browser_at_the_endpoint_gets_graphiql(open_page: OpenPage) -> None:
    page, watch = await open_page("/graphql")
    await expect(page.get_by_role("heading", name="Examples")).to_be_visible()
    assert watch.complaints == []


async def test_the_start_page_leads_to_graphiql(open_page: OpenPage) -> None:
    page, watch = await open_page("/")
    await page.get_by_role("link", name="Open GraphiQL").click()
    await expect(page.get_by_role("heading", name="Examples")).to_be_visible()
    assert watch.complaints == []


async def test_the_editor_knows_the_schema(open_page: OpenPage) -> None:
    page, watch = await open_page("/graphiql?query=%7B%20%7D")
    await page.locator(".graphiql-query-editor .view-line").first.click()
    await page.keyboard.press("Control+Home")
    await page.keyboard.press("ArrowRight")
    await page.keyboard.type("prod")  # of long lists only the first rows are in the page
    suggested = page.locator(".suggest-widget .monaco-list-row").filter(has_text="product").first
    for seconds in (0.5, 1, 2, 4, 8, 16):  # the schema may still be on its way
        await page.keyboard.press("Control+Space")
        with suppress(AssertionError):
            await expect(suggested).to_be_visible(timeout=seconds * 1_000)
            break
        await page.keyboard.press("Escape")
    await expect(suggested).to_be_visible()
    assert watch.complaints == []


async def test_a_key_in_the_headers_is_sent(open_page: OpenPage) -> None:
    page, _ = await open_page("/graphiql")
    await page.get_by_role("button", name="Send an API key").click()
    await text_with(page, OPERATION, "query StockPerLocation")
    async with page.expect_request("**/graphql") as sent:
        await page.get_by_role("button", name="Execute").click()
    assert (await sent.value).headers["authorization"] == "Bearer YOUR_KEY"


async def listening(open_page: OpenPage, key: str, query: str) -> tuple[Page, Watch]:
    """GraphiQL with a subscription that was begun with that key in the headers."""
    page, watch = await open_page(f"/graphiql?{urlencode({'query': query})}")
    await page.get_by_role("button", name="Headers", exact=True).click()
    await text_with(page, OPERATION, "subscription")
    await page.evaluate(SET_TEXT, [HEADERS, json.dumps({"Authorization": f"Bearer {key}"})])
    await page.get_by_role("button", name="Execute").click()
    return page, watch


async def new_key(url: str, scope: str) -> str:
    made = await commerce("keys", "create", "--name", "page", "--scope", scope, DATABASE_URL=url)
    return made[1].strip()


async def newest_cursor(server: str, key: str) -> str:
    headers = {"Authorization": f"Bearer {key}"}
    async with httpx.AsyncClient(base_url=server, headers=headers, timeout=30) as client:
        while True:
            answer = await client.post("/graphql", json={"query": LOGGED})
            edges = answer.json()["data"]["eventLog"]["edges"]
            if edges:
                return str(edges[-1]["cursor"])


async def test_a_subscription_shows_what_happens(
    open_page: OpenPage, live_server: str, live_url: str
) -> None:
    key = await new_key(live_url, "read_events")
    database = Database(live_url)
    happened = partial(happen, units_on(database), kind="Cart")
    await happened(41)
    cursor = await newest_cursor(live_server, key)
    await happened(4242)
    page, watch = await listening(open_page, key, LISTEN % cursor)
    for thing in (4242, 4343, 4444):
        if thing != 4242:  # the page listens by now
            await happened(thing)
        shown = json.loads(await text_with(page, RESPONSE, str(thing)))
        assert shown["data"]["events"]["event"] == {"resourceDatabaseId": thing}
    await page.get_by_role("button", name="Stop query").click()
    await expect(page.get_by_role("button", name="Execute query")).to_be_visible()
    await database.close()
    assert watch.complaints == []


@pytest.mark.parametrize(
    ("scope", "spoilt", "said"),
    [("read_carts", "", "FORBIDDEN"), ("read_events", "x", "Socket closed with event 4403")],
)
async def test_a_subscription_is_refused_as_a_query_would_be(
    open_page: OpenPage, live_url: str, scope: str, spoilt: str, said: str
) -> None:
    key = await new_key(live_url, scope)
    page, _ = await listening(open_page, key + spoilt, "subscription { events { type } }")
    assert said in await text_with(page, RESPONSE, said)


@pytest.mark.parametrize(
    ("deed", "complaint"),
    [
        ("fetch('http://127.0.0.2:9/').catch(() => 0)", "policy violated: connect-src"),
        ("document.body.append(Object.assign(new Image(), {src: '//127.0.0.2:9/'}))", "img-src"),
        (
            "document.body.append(Object.assign(document.createElement('script'), {text: '1'}))",
            "policy violated: script-src",
        ),
        ("setTimeout(() => { throw new Error('broken') })", "error: broken"),
    ],
)
async def test_the_watch_notices(open_page: OpenPage, deed: str, complaint: str) -> None:
    page, watch = await open_page("/graphiql")
    await expect(page.get_by_role("heading", name="Examples")).to_be_visible()
    assert watch.complaints == []
    await page.evaluate(f"() => {{ {deed} }}")
    await page.wait_for_timeout(300)
    assert complaint in "\n".join(watch.complaints)
