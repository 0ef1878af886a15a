"""Documents that Shopkit's clients send and are shown."""

from base64 import b64encode
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from commerce.app import create_app
from commerce.core.db import UnitOfWork
from commerce.core.ids import global_id
from commerce.core.viewer import Scope
from commerce.integrations.storage import file_storage
from commerce.runtime import Resources
from commerce.settings import Settings
from tests.conftest import Ask
from tests.rest.conftest import MakeKey
from tests.rest.shopkit.goods.conftest import Shopkit, rows
from tests.support.files import picture
from tests.support.orders import Item, place_order
from tests.support.store import Store

pytestmark = pytest.mark.usefixtures("client")  # has it noted what is called
PDF = b"%PDF-1.7 an invoice"
SENT = {"invoice_file": b64encode(PDF).decode()}
ATTACH = """mutation ($input: VariantFileAttachInput!) {
  variantFileAttach(input: $input) { userErrors { code path } } }"""
UPDATE = """mutation ($input: OrderUpdateInput!) {
  orderUpdate(input: $input) { order { invoiceUrl } userErrors { code path } } }"""
VARIANT = "query ($id: ID!) { product(id: $id) { variants(first: 1) { nodes { id } } } }"


@pytest.fixture
async def web(resources: Resources, tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    storage = file_storage(Settings(data_dir=tmp_path))
    app = create_app(replace(resources, ports=replace(resources.ports, file_storage=storage)))
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://store.test") as http:
        yield http


@pytest.fixture
async def shopkit(web: httpx.AsyncClient, make_key: MakeKey) -> Shopkit:
    return Shopkit(web, await make_key("shopkit"))


async def test_an_invoice_that_is_sent_along_is_opened_by_its_address(
    shopkit: Shopkit, web: httpx.AsyncClient, uow: UnitOfWork
) -> None:
    path = f"/order/{(await place_order(uow, Item('10.00'))).id}"
    for sent in (SENT, {"invoice_file": f"data:application/pdf;base64,{SENT['invoice_file']}"}):
        url = (await shopkit.ask("PUT", path, sent))["invoice_url"]
        opened = await web.get(url)
        assert (opened.status_code, opened.content) == (200, PDF)
        assert opened.headers["content-disposition"].startswith("attachment; filename=")
    assert len(rows(await shopkit.get("/order?invoice=true"))) == 1
    assert (await web.get(url.partition("?")[0])).status_code == 403
    assert (await web.get(url + "x")).status_code == 403
    for bad in (
        {"invoice_file": "%%"},
        {"invoice_file": ""},
        {**SENT, "invoice_url": "https://a.b"},
    ):
        assert await shopkit.refused("PUT", path, bad) == 400
    elsewhere = await shopkit.ask("PUT", path, {"invoice_url": "https://a.test/1.pdf"})
    assert elsewhere["invoice_url"] == "https://a.test/1.pdf"


async def test_only_who_may_write_files_sends_one(
    web: httpx.AsyncClient, make_key: MakeKey, uow: UnitOfWork
) -> None:
    path = f"/order/{(await place_order(uow, Item('10.00'))).id}"
    scopes = set(Scope) - {Scope.WRITE_FILES}
    clerk = Shopkit(web, await make_key("shopkit", *scopes))
    assert await clerk.refused("PUT", path, SENT) == 403
    assert (await clerk.ask("PUT", path, {"note": "x"}))["invoice_url"] is None


async def test_the_file_of_a_product_and_of_media(
    shopkit: Shopkit, web: httpx.AsyncClient, store: Store, ask: Ask, make_key: MakeKey
) -> None:
    book = await store.sell("Book", "10", 5, sku="book-1")
    await shopkit.ask("POST", "/media", {"file": b64encode(PDF).decode()}, 201)
    (held,) = rows(await shopkit.get("/media"))
    assert (held["url"]["thumb"], held["url"]["square"]) == (None, None)
    found = await ask(VARIANT, {"id": global_id("Product", book.id)})
    (variant,) = found["data"]["product"]["variants"]["nodes"]
    assert (await shopkit.get(f"/product/{book.id}"))["file"] is None
    file = global_id("File", held["id"])
    await ask(ATTACH, {"input": {"variantId": variant["id"], "fileId": file}})
    for url in (held["url"]["full"], (await shopkit.get(f"/product/{book.id}"))["file"]):
        assert (await web.get(url)).content == PDF
    reader = Shopkit(web, await make_key("shopkit", Scope.READ_PRODUCTS))
    assert (await reader.get(f"/product/{book.id}"))["file"] is None


async def test_an_order_takes_documents_alone(shopkit: Shopkit, uow: UnitOfWork, ask: Ask) -> None:
    order = global_id("Order", (await place_order(uow, Item("10.00"))).id)
    await shopkit.ask("POST", "/media", {"file": b64encode(picture(3, 2)).decode()}, 201)
    (image,) = rows(await shopkit.get("/media"))
    for file in (image["id"], 999_999):
        given = {"orderId": order, "invoiceFileId": global_id("File", file)}
        answer = (await ask(UPDATE, {"input": given}))["data"]["orderUpdate"]
        assert answer["userErrors"] == [{"code": "NOT_FOUND", "path": ["invoiceFileId"]}]
