"""The shop of Shopkit's documents, and one of its clients."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final

import httpx
from sqlalchemy import update
from sqlmodel import col

from commerce.core.clock import system_clock
from commerce.core.db import UnitOfWork
from commerce.core.viewer import SYSTEM
from commerce.orders.kinds import OrderStatus
from commerce.orders.models import Order, OrderLine
from commerce.payments.models import Payment
from commerce.pricing.rules.promotions import Percent, Promotion, Stage
from commerce.wiring import Services
from tests.support.catalog import make_product, make_variant
from tests.support.golden import body
from tests.support.orders import STANDARD, Item, lines_of, place_order
from tests.support.payments import make_method, opening
from tests.support.services import PORTS

BAJEVOLP: Final = Promotion(
    7, "Ten off", Percent(Decimal(10)), Stage.ORDER, code="bajevolp"
)  # the coupon of the documents
PLACED: Final = datetime(2017, 5, 17, 9, 45, 5, tzinfo=UTC)
CHANGED: Final = datetime(2017, 5, 17, 9, 54, 38, tzinfo=UTC)
ADDRESS: Final = {
    "first_name": "Shopkit",
    "last_name": "",
    "company": "",
    "phone": "969057993",
    "street1": "Centro de Empresas Inovadoras\nAvª do Empresário, 1, S1.08",
    "street2": "",
    "postal_code": "6000-767",
    "city": "Castelo Branco",
    "region": "",
    "country": "PT",
}
MULTIBANCO: Final = {
    "name": "Multibanco",
    "provider": "manual",
    "details": {"entity": 88888, "user": "USER88888", "cin": 888},
}


class Client:
    """A program with a key for Shopkit's API."""

    def __init__(self, client: httpx.AsyncClient, key: str) -> None:
        self._client = client
        self.headers = {"X-API-KEY": key}

    async def call(self, method: str, path: str, body: Any = None, **more: str) -> httpx.Response:
        content = {} if body is None else {"json": body}
        headers = self.headers | more
        return await self._client.request(method, f"/v1{path}", headers=headers, **content)

    async def get(self, path: str) -> Any:
        return await self.found("GET", path)

    async def found(self, method: str, path: str, sent: Any = None, status: int = 200) -> Any:
        response = await self.call(method, path, sent)
        assert response.status_code == status, response.text
        return None if status == 204 else body(response)

    async def refused(self, method: str, path: str, sent: Any = None) -> int:
        """The status of a refusal, which has a message and nothing else."""
        response = await self.call(method, path, sent)
        assert response.status_code >= 400, response.text
        assert list(response.json()) == ["message"]
        return response.status_code


async def order_1337(uow: UnitOfWork, golden: Any) -> Any:
    """The order of the documents, priced by the engine."""
    items = [
        Item(str(line["price"]), taxes=(STANDARD,) if line["tax"] else (), title=line["title"])
        for line in golden["products"]
    ]
    texts = [line["description_short"].removesuffix("&#8230;") for line in golden["products"]]
    items = [
        replace(item, variant=await _variant(uow, item.title, f"{text} like {text}"))
        for item, text in zip(items, texts, strict=True)
    ]
    values = {
        "name": "Shopkit",
        "phone": "969057993",
        "billing_address": ADDRESS,
        "shipping_address": ADDRESS,
        "status": OrderStatus.AWAITING_CONFIRMATION,
        "seen_at": PLACED,
        "shipping_method": {"name": "Transportadora", "price": "7.25", "code": "transportadora"},
    }
    order = await place_order(
        uow,
        *items,
        shipping="7.25",
        promotions=(BAJEVOLP,),
        email="info@shopk.it",
        placed_at=PLACED,
        values=values,
    )
    for line, shown in zip(await lines_of(uow, order), golden["products"], strict=True):
        await uow.change(
            update(OrderLine)
            .where(col(OrderLine.id) == line.id)
            .values(
                variant_title=shown["option"] or "",
                sku=shown["reference"],
                slug=shown["url"].rpartition("/")[2],
                image_url=shown["image"]["full"],
                weight_grams=0,
            )
        )
    await _multibanco(uow, order)
    await uow.change(update(Order).where(col(Order.id) == order.id).values(updated_at=CHANGED))
    return order


async def _variant(uow: UnitOfWork, title: str, text: str) -> Any:
    return await make_variant(uow, await make_product(uow, title, description_text=text))


async def _multibanco(uow: UnitOfWork, order: Any) -> None:
    method = await make_method(uow, "multibanco", **MULTIBANCO)
    ledger = Services(uow, SYSTEM, system_clock, PORTS).payment_ledger
    asked = opening(method.id, str(order.total), cart_id=None, order_id=order.id, capture_now=True)
    await uow.transact(lambda: ledger.open(asked))
    of_order = col(Payment.order_id) == order.id
    await uow.change(update(Payment).where(of_order).values(payment_reference="888888888"))
