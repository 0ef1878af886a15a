"""Goods that are files: whoever has paid downloads them, so often and no more."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, update
from sqlmodel import col

from commerce.core.db import UnitOfWork
from commerce.orders.kinds import OrderStatus, PaymentStatus
from commerce.orders.models import Order, OrderLine
from commerce.runtime import Resources
from resolvers.nodes import node_id
from tests.support.catalog import make_product, make_variant
from tests.support.files import Shop, file_shop, local, picture
from tests.support.orders import Item, place_order

ATTACH = """mutation ($input: VariantFileAttachInput!) { variantFileAttach(input: $input) {
  variant { files { fileId title filename maxDownloads } } userErrors { code path } } }"""
DETACH = """mutation ($input: VariantFileDetachInput!) { variantFileDetach(input: $input) {
  variant { files { fileId } } userErrors { code } } }"""
SHOWN = """query ($id: ID!) { order(id: $id) { lines { nodes {
  downloads { title filename size remaining url expiresAt } } } } }"""
BOOK = b"<html><script>not for browsers</script>"


@pytest.fixture
async def shop(resources: Resources, tmp_path: Path) -> AsyncIterator[Shop]:
    async with file_shop(resources, tmp_path) as shop:
        yield shop


async def sold(shop: Shop, uow: UnitOfWork, most: int = 2) -> tuple[Any, str, str]:
    """The order, and the ids of the variant and its file."""
    variant = await make_variant(uow, await make_product(uow))
    order = await place_order(uow, Item("9.99"))
    await uow.change(
        update(OrderLine).where(col(OrderLine.order_id) == order.id).values(variant_id=variant.id)
    )
    made = await shop.make(BOOK, 'My "book".html', "DOCUMENT")
    file, own = made["file"]["id"], node_id("ProductVariant", variant.id)
    given = {"variantId": own, "fileId": file, "title": "The book", "maxDownloads": most}
    answer = await shop.ask(ATTACH, {"input": given})
    assert answer["userErrors"] == []
    assert [each["maxDownloads"] for each in answer["variant"]["files"]] == [most]
    return order, own, file


async def downloads(shop: Shop, order: Any) -> Any:
    (line,) = (await shop.ask(SHOWN, {"id": node_id("Order", order.id)}))["lines"]["nodes"]
    return line["downloads"]


async def pay(uow: UnitOfWork, order: Any, status: PaymentStatus = PaymentStatus.PAID) -> None:
    await uow.change(update(Order).where(col(Order.id) == order.id).values(payment_status=status))


async def test_who_has_paid_downloads_so_often(shop: Shop, uow: UnitOfWork) -> None:
    order, variant, file = await sold(shop, uow)
    assert await downloads(shop, order) == []
    await pay(uow, order)
    (shown,) = await downloads(shop, order)
    assert (shown["title"], shown["remaining"], shown["size"]) == ("The book", 2, len(BOOK))
    link = local(shown["url"])
    assert (await shop.http.get(link.split("?")[0])).status_code == 403
    assert (await shop.http.get(link.replace("/downloads/", "/downloads/1"))).status_code == 403
    assert (await shop.http.head(link)).status_code == 405
    answer = await shop.http.get(link)
    assert (answer.status_code, answer.content) == (200, BOOK)
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"].startswith('attachment; filename="My book.html"')
    assert answer.headers["cache-control"] == "private, no-store"
    assert (await shop.http.get(link, headers={"Range": "bytes=5-"})).content == BOOK
    assert (await shop.http.get(link)).status_code == 410
    (shown,) = await downloads(shop, order)
    assert (shown["remaining"], shown["url"], shown["expiresAt"]) == (0, None, None)
    used = await shop.ask(
        "mutation ($ids: [ID!]!) { fileDelete(input: {ids: $ids}) { userErrors { code } } }",
        {"ids": [file]},
    )
    assert [each["code"] for each in used["userErrors"]] == ["IN_USE"]
    gone = await shop.ask(DETACH, {"input": {"variantId": variant, "fileId": file}})
    assert gone == {"variant": {"files": []}, "userErrors": []}
    assert (await shop.http.get(link)).status_code == 404


@pytest.mark.parametrize(
    ("table", "values"),
    [
        (Order, {"payment_status": PaymentStatus.REFUNDED}),
        (Order, {"payment_status": PaymentStatus.AUTHORIZED}),
        (Order, {"status": OrderStatus.CANCELED, "canceled_at": func.now()}),
        (OrderLine, {"canceled": OrderLine.quantity}),
        (OrderLine, {"refunded": OrderLine.quantity}),
    ],
)
async def test_a_link_is_good_while_the_order_is(
    shop: Shop, uow: UnitOfWork, table: Any, values: dict[str, Any]
) -> None:
    order, _, _ = await sold(shop, uow)
    await pay(uow, order)
    (shown,) = await downloads(shop, order)
    key = Order.id if table is Order else OrderLine.order_id
    await uow.change(update(table).where(col(key) == order.id).values(**values))
    assert await downloads(shop, order) == []
    assert (await shop.http.get(local(shown["url"]))).status_code == 404


async def test_what_cannot_be_attached(shop: Shop, uow: UnitOfWork) -> None:
    variant = node_id("ProductVariant", (await make_variant(uow, await make_product(uow))).id)
    image = (await shop.make(picture(50, 50)))["file"]["id"]
    book = (await shop.make(BOOK, "book", "DOCUMENT"))["file"]["id"]
    for given, path in (
        ({"fileId": image}, ["fileId"]),
        ({"fileId": node_id("File", 99_999)}, ["fileId"]),
        ({"variantId": node_id("ProductVariant", 99_999)}, ["variantId"]),
        ({"maxDownloads": 0}, ["maxDownloads"]),
    ):
        wanted = {"variantId": variant, "fileId": book, **given}
        answer = await shop.ask(ATTACH, {"input": wanted})
        assert [each["path"] for each in answer["userErrors"]] == [path]
