"""Invoices and receipts come as PDF files, to whoever may see the order or holds a link."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from threading import Event
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from commerce.app import create_app
from commerce.core.clock import system_clock
from commerce.core.db import UnitOfWork
from commerce.core.viewer import Scope, Viewer, ViewerKind
from commerce.invoices.rules.papers import Paper
from commerce.runtime import Resources
from tests.support.customers import make_customer, viewer_of
from tests.support.invoices import issue, set_store, text_of
from tests.support.orders import STANDARD, Item, place_order
from tests.support.services import PORTS

LINKS = PORTS.document_links


class Known:
    """Answers a viewer for each of the credentials of a test."""

    def __init__(self) -> None:
        self.viewers: dict[str, Viewer] = {}

    async def viewer(self, text: str, *_more: Any) -> Viewer | None:
        return self.viewers.get(text)


@pytest.fixture
def known() -> Known:
    return Known()


@pytest.fixture
async def http(resources: Resources, known: Known) -> AsyncIterator[httpx.AsyncClient]:
    app = create_app(replace(resources, authenticator=known))  # type: ignore[arg-type]  # its double
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://store.test") as client:
        yield client


def _signed(path: str) -> str:
    url = urlsplit(LINKS.url(path, system_clock()))
    return f"{url.path}?{url.query}"


async def _paths(uow: UnitOfWork, **values: Any) -> list[str]:
    order = await place_order(uow, Item("9.99", taxes=(STANDARD,)), **values)
    invoice = await issue(uow, order)
    return [f"/invoices/{invoice.id}.pdf", f"/orders/{order.id}/receipt.pdf"]


async def test_a_link_opens_the_file(http: httpx.AsyncClient, uow: UnitOfWork) -> None:
    await set_store(uow, invoice_prefix="RE / ")
    invoice, receipt = await _paths(uow)
    answer = await http.get(_signed(invoice))
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["cache-control"] == "private, no-store"
    assert answer.headers["content-disposition"] == 'attachment; filename="invoice-RE-0001.pdf"'
    assert "€12.29" in text_of(answer.content)
    assert (await http.get(_signed(invoice))).content == answer.content
    assert "Receipt" in text_of((await http.get(_signed(receipt))).content)


async def test_nobody_else_learns_that_it_is_there(
    http: httpx.AsyncClient, known: Known, uow: UnitOfWork
) -> None:
    ada, eve = await make_customer(uow), await make_customer(uow, "eve@shop.test")
    known.viewers = {"ada": viewer_of(ada), "eve": viewer_of(eve)}
    known.viewers["nothing"] = Viewer(ViewerKind.STAFF, 1)
    known.viewers["reader"] = Viewer(ViewerKind.API_KEY, 1, frozenset({Scope.READ_ORDERS}))
    seen = {"ada": 200, "reader": 200, "eve": 404, "nothing": 404, "bad": 401}
    for path in await _paths(uow, customer=ada):
        for name, status in seen.items():
            answer = await http.get(path, headers={"Authorization": f"Bearer {name}"})
            assert (answer.status_code, name) == (status, name)
            assert answer.headers["cache-control"] == "private, no-store"
        assert (await http.get(path)).status_code == 404


async def test_a_guest_holds_the_token(http: httpx.AsyncClient, uow: UnitOfWork) -> None:
    order = await place_order(uow)
    path = f"/orders/{order.id}/receipt.pdf"
    for token, status in ((order.token, 200), ("x" * 43, 404), ("?", 400)):
        answer = await http.get(path, headers={"X-Guest-Token": token})
        assert answer.status_code == status


@pytest.mark.parametrize(
    "path",
    [
        "/invoices/0.pdf",
        f"/invoices/{10**30}.pdf",
        f"/orders/{10**30}/receipt.pdf",
        "/invoices/x.pdf",
        "/invoices/-1.pdf",
        "/invoices/1",
    ],
)
async def test_what_is_not_there(http: httpx.AsyncClient, path: str) -> None:
    assert (await http.get(_signed(path))).status_code == 404


async def test_links_are_for_one_document_and_an_hour(
    http: httpx.AsyncClient, uow: UnitOfWork
) -> None:
    invoice, receipt = await _paths(uow)
    query = _signed(invoice).partition("?")[2]
    assert (await http.get(f"{receipt}?{query}")).status_code == 404
    assert (await http.get(f"{invoice}?{query}x")).status_code == 404
    old = urlsplit(LINKS.url(invoice, system_clock() - timedelta(hours=1)))
    assert (await http.get(f"{old.path}?{old.query}")).status_code == 404
    for odd in ("expires=&signature=", "expires=9e9&signature=%00", "signature=%ff&expires=%ff"):
        assert (await http.get(f"{invoice}?{odd}")).status_code == 404


async def test_the_server_goes_on_while_it_prints(
    resources: Resources, uow: UnitOfWork, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Printing waits for a request that is answered meanwhile: on the loop it would never be."""
    live = Event()

    def slowly(_paper: Paper, _logo: bytes) -> bytes:
        return b"live" if live.wait(5) else b"stuck"

    monkeypatch.setattr("commerce.app.print_paper", slowly)
    path, _ = await _paths(uow)
    transport = httpx.ASGITransport(create_app(resources))
    async with httpx.AsyncClient(transport=transport, base_url="http://store.test") as http:
        printing = asyncio.create_task(http.get(_signed(path)))
        await asyncio.sleep(0.05)
        assert (await http.get("/livez")).status_code == 200
        live.set()
        assert (await printing).content == b"live"
