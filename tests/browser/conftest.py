"""Headless Chromium, the one of the operating system: nothing is downloaded."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Browser, ConsoleMessage, Page, Request, async_playwright

from commerce.http.bundles import BUNDLES, build
from tests.support.npm import toolchain

NAMES = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
TELL_VIOLATIONS = """document.addEventListener("securitypolicyviolation", (event) => {
    console.error(`policy violated: ${event.violatedDirective} ${event.blockedURI}`);
});"""


@dataclass
class Watch:
    """All that a page does and should not."""

    host: str
    complaints: list[str] = field(default_factory=list)

    def on_console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(f"console: {message.text}")

    def on_error(self, error: Exception) -> None:
        self.complaints.append(f"error: {error}")

    def on_request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in ("data", "blob") and address.netloc != self.host:
            self.complaints.append(f"foreign request: {request.url}")

    def on_failure(self, request: Request) -> None:
        self.complaints.append(f"failed request: {request.url} {request.failure}")


OpenPage = Callable[[str], Awaitable[tuple[Page, Watch]]]


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        pytest.skip(f"none of {', '.join(NAMES)} on PATH")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        await browser.close()


@pytest.fixture(scope="session")
async def bundle() -> None:
    """The pages as their sources are now."""
    toolchain()
    for folder in BUNDLES:
        await asyncio.to_thread(build, folder)


@pytest.fixture
async def open_page(browser: Browser, live_server: str) -> AsyncIterator[OpenPage]:
    """Opens a path of the server in a browser that remembers nothing."""
    context = await browser.new_context()
    await context.add_init_script(TELL_VIOLATIONS)

    async def open_(path: str) -> tuple[Page, Watch]:
        watch = Watch(urlsplit(live_server).netloc)
        page = await context.new_page()
        page.on("console", watch.on_console)
        page.on("pageerror", watch.on_error)
        page.on("requestfailed", watch.on_failure)
        context.on("request", watch.on_request)  # those of workers too
        await page.goto(f"{live_server}{path}")
        return page, watch

    yield open_
    await context.close()
