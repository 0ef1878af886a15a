"""The documents of the REST dialects as a person meets them."""

import pytest
from playwright.async_api import expect

from tests.browser.conftest import OpenPage

pytestmark = [pytest.mark.timeout(600), pytest.mark.usefixtures("bundle")]


async def test_the_start_page_leads_to_an_endpoint_with_its_parameters_and_answers(
    open_page: OpenPage,
) -> None:
    page, watch = await open_page("/")
    await page.get_by_role("link", name="All endpoints").click()
    await page.get_by_role("link", name="/api/docs/cartino", exact=True).click()
    endpoint = page.locator("#operations-products-getProductsById")
    await endpoint.click()
    await expect(endpoint.get_by_text("/api/products/{id}")).to_be_visible()
    await expect(endpoint.get_by_text("There is no such thing")).to_be_visible()
    await expect(page.get_by_role("button", name="Authorize")).to_be_visible()
    assert watch.complaints == []


async def test_an_endpoint_can_be_tried(open_page: OpenPage) -> None:
    page, _watch = await open_page("/api/docs/shopkit")
    endpoint = page.locator("#operations-product-getProductById")
    await endpoint.click()
    await endpoint.get_by_role("button", name="Try it out").click()
    await endpoint.get_by_placeholder("id").fill("1")
    await endpoint.get_by_role("button", name="Execute").click()
    await expect(endpoint.get_by_text("Unauthorized.").first).to_be_visible()
