"""What a shop goes through, as its log of events tells it to somebody outside."""

import asyncio
import json
import re
from collections import defaultdict
from collections.abc import Sequence
from secrets import token_hex
from typing import Any, Final

import pytest
from sqlalchemy import select
from sqlmodel import col

from commerce.catalog.models import Variant
from commerce.core.events import EventType
from commerce.core.ids import global_id
from tests.support.told import told_by_mutations
from tests.support.walking import COMPLETE, Json, Walker, codes, mutation, text_of

CANARY: Final = "canary-9e41"
EMAIL: Final = f"{CANARY}@example.com"
PASSWORD: Final = f"{CANARY} horse battery"
LOG: Final = """
query ($after: String) { eventLog(first: 100, after: $after) {
  nodes { type resourceType resourceId resourceSequence data requestId }
  pageInfo { hasNextPage endCursor } } }
"""
Told = dict[str, list[str]]


class Diary:
    """Does things in a shop, each under a name of its own, and reads what the log says of them."""

    def __init__(self, walker: Walker) -> None:
        self.walker = walker
        self._mark = token_hex(4)
        self._done: dict[str, str] = {}  # the mutation, by the id of its request

    async def work(self, name: str, input_: Json, shape: str = "", key: str | None = None) -> Any:
        """What a mutation answers whom may do everything."""
        headers = {
            "Authorization": f"Bearer {self.walker.key}",
            "Idempotency-Key": key or token_hex(16),
        }
        return await self._send(name, mutation(name, shape), input_, headers)

    async def buy(self, token: str, method: str = "card") -> Any:
        wish = {
            "cartToken": token,
            "expectedTotal": await self.walker.total(token),
            "paymentMethod": method,
            "paymentData": {"paymentMethod": CANARY},
        }
        answer = await self._send("cartComplete", COMPLETE, wish, {})
        return answer["order"]

    async def guest(self, name: str, input_: Json, shape: str = "") -> Any:
        return await self._send(name, mutation(name, shape), input_, {})

    async def _send(self, name: str, query: str, input_: Json, headers: dict[str, str]) -> Any:
        request = f"{self._mark}-{len(self._done)}"
        self._done[request] = name
        answer = await self.walker.ask(query, {"input": input_}, **headers, **_id(request))
        assert codes(answer) == [], answer
        return answer

    async def refused(self, name: str, input_: Json) -> None:
        """Done by nobody: it must not be told."""
        headers = {"Authorization": f"Bearer {self.walker.key}", **_id(f"{self._mark}-refused")}
        answer = await self.walker.ask(mutation(name), {"input": input_}, **headers)
        assert codes(answer) != []

    async def events(self) -> Sequence[Json]:
        """All that is in the log of these requests, once what was asked for last is."""
        async with asyncio.timeout(30):
            while True:
                found = [each for each in await self._log() if each["requestId"] in self._done]
                if found and found[-1]["requestId"] == list(self._done)[-1]:
                    break
                await asyncio.sleep(0.1)
        assert not [each for each in await self._log() if each["requestId"].endswith("-refused")]
        return found

    async def _log(self) -> Sequence[Json]:
        nodes: list[Json] = []
        after = None
        while True:
            page = await self.walker.manage(LOG, {"after": after})
            nodes += page["nodes"]
            after = page["pageInfo"]["endCursor"]
            if not page["pageInfo"]["hasNextPage"]:
                return nodes

    def mutation_of(self, event: Json) -> str:
        return self._done[event["requestId"]]


def _id(request: str) -> dict[str, str]:
    return {"X-Request-ID": request}


def by_thing(events: Sequence[Json]) -> dict[str, list[str]]:
    """The types of what happened to each thing, in order."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for event in events:
        found[event["resourceId"]].append(EventType[event["type"]].value)
    return dict(found)


@pytest.fixture
def diary(walkers: tuple[Walker, Walker]) -> Diary:
    return Diary(walkers[0])


async def product_of(diary: Diary, variant_id: int) -> str:
    async with diary.walker.shop.open_unit() as uow:
        own = col(Variant.id) == variant_id
        return global_id("Product", await uow.scalar(select(col(Variant.product_id)).where(own)))


def each_by_its_list(diary: Diary, events: Sequence[Json]) -> None:
    listed = told_by_mutations()
    for event in events:
        name = diary.mutation_of(event)
        assert EventType[event["type"]] in listed[name], (name, event["type"])


def of_nobody(events: Sequence[Json]) -> None:
    written = json.dumps([event["data"] for event in events])
    for word in (CANARY, "Byron", "Ring 1", "10115"):
        assert word not in written


CREATED: Final = ["order.created", "order.updated"]
PAID: Final = ["order.payment_changed", "order.paid"]


async def test_a_purchase_and_what_follows(diary: Diary) -> None:
    variant = await diary.walker.shop.variant("10", stock=6)
    chosen = global_id("ProductVariant", variant)
    product = await product_of(diary, variant)
    await diary.work("stockLevelUpdate", {"variantId": chosen, "lowStockThreshold": 3})
    promotion = {"name": "Off", "trigger": "COUPON", "value": {"percent": "10"}}
    made = (await diary.work("promotionCreate", promotion, "promotion { id }"))["promotion"]["id"]
    code = token_hex(4)
    await diary.work("couponCreate", {"promotionId": made, "code": code})
    lines = [{"variantId": chosen, "quantity": 2}]
    cart = (await diary.guest("cartCreate", {"lines": lines}, "cart { id token }"))["cart"]
    token = cart["token"]
    await diary.guest("cartContactSet", {"cartToken": token, "email": EMAIL})
    await diary.guest("cartCouponApply", {"cartToken": token, "code": code})
    order = (await diary.buy(token))["id"]
    line, *_ = (await diary.walker.order({"id": order}))["lines"]["nodes"]
    sent = await diary.work("fulfillmentCreate", {"orderId": order}, "fulfillment { id }")
    await diary.work("fulfillmentDeliver", {"id": sent["fulfillment"]["id"]})
    one = [{"orderLineId": line["id"], "quantity": 1}]
    again = token_hex(16)
    for _ in range(2):  # the second is answered from memory, and tells nothing
        await diary.work("refundCreate", {"orderId": order, "lines": one}, key=again)
    back = {"orderId": order, "lines": one, "reason": CANARY}
    returned = (await diary.work("returnCreate", back, "orderReturn { id }"))["orderReturn"]["id"]
    await diary.work("returnReceive", {"id": returned})
    await diary.work("orderNoteAdd", {"orderId": order, "message": CANARY})
    await diary.refused("orderCancel", {"orderId": order})
    await diary.work("orderArchive", {"orderId": order})
    events = await diary.events()
    each_by_its_list(diary, events)
    of_nobody(events)
    told = by_thing(events)
    payment = (await diary.walker.order({"id": order}))["payments"][0]["id"]
    assert told[cart["id"]] == ["cart.created", *["cart.updated"] * 4]
    assert told[payment] == ["payment.captured", "payment.refunded"]
    assert told[order] == [
        *CREATED,
        *PAID,
        *["order.status_changed", "order.shipped", "order.updated"],
        *["order.status_changed", "order.delivered", "order.updated"],
        "order.updated",  # the money is asked to go back
        *["order.refunded", "order.updated", "order.payment_changed"],
        "order.updated",
        *["order.returned", "order.updated"],
        *["order.noted", "order.updated"],
        *["order.archived", "order.updated"],
    ]
    assert told[product] == ["product.purchased"]
    assert told[sent["fulfillment"]["id"]] == ["fulfillment.created", "fulfillment.delivered"]
    assert told[returned] == ["return.requested", "return.received"]
    assert told[chosen] == ["stock.changed"] * 4  # threshold, promised, sent, back on the shelf


async def test_another_is_called_off_and_stock_runs_low(diary: Diary) -> None:
    variant = await diary.walker.shop.variant("10", stock=5)
    chosen = global_id("ProductVariant", variant)
    product = await product_of(diary, variant)
    await diary.work("stockLevelUpdate", {"variantId": chosen, "lowStockThreshold": 4})
    token = await diary.walker.cart(variant)
    order = (await diary.buy(token, "manual"))["id"]
    await diary.work("orderCancel", {"orderId": order})
    one_less = {"variantId": chosen, "change": {"delta": -2}}
    await diary.work("stockAdjust", {"changes": [one_less], "reason": CANARY})
    await diary.work("productUpdate", {"id": product, "title": CANARY})
    price = {"variantId": chosen, "price": "11"}
    for _ in range(2):  # the second changes nothing
        await diary.work("pricesSet", {"prices": [price]})
    await diary.work("productArchive", {"id": product})
    events = await diary.events()
    each_by_its_list(diary, events)
    of_nobody(events)
    told = by_thing(events)
    assert told[order] == [*CREATED, "order.status_changed", "order.updated", "order.canceled"]
    assert told[chosen] == [
        "stock.changed",
        *["stock.changed", "stock.low"],  # five, of which one is promised
        "stock.changed",  # it is not any more
        *["stock.changed", "stock.low"],
    ]
    low = [event["data"] for event in events if event["type"] == "STOCK_LOW"]
    assert [(data["from"], data["available"]) for data in low] == [(5, 4), (5, 3)]
    assert told[product] == [
        "product.purchased",
        "product.updated",
        *["product.updated", "product.prices_changed"],
        *["product.updated", "product.variants_changed", "product.deleted"],
    ]


async def test_a_customer_comes_and_goes(diary: Diary) -> None:
    email = f"{CANARY}-{token_hex(4)}@example.com"
    about = {"email": email, "password": PASSWORD, "firstName": "Byron", "acceptsMarketing": True}
    await diary.guest("customerRegister", about)
    letter = text_of(await diary.walker.letter(email))
    found = re.search(r"token=([\w.~-]+)", letter)
    assert found is not None
    await diary.guest("customerVerify", {"token": found[1]})
    who = await diary.walker.manage(
        "query ($email: String!) { customer(email: $email) { id } }", {"email": email}
    )
    id_ = who["id"]
    await diary.work("customerUpdate", {"id": id_, "lastName": "Byron"})
    await diary.work("customerErase", {"id": id_, "reason": "CUSTOMER_REQUEST"})
    events = await diary.events()
    each_by_its_list(diary, events)
    of_nobody(events)
    assert by_thing(events)[id_] == [
        "customer.registered",
        *["customer.subscribed", "customer.updated"],
        "customer.updated",
        "customer.erased",
    ]
