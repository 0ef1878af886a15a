"""Paying online: intents of carts and orders, and orders that are charged as they are placed."""

from dataclasses import replace
from typing import Any

import pytest

from commerce.core.clock import system_clock
from commerce.core.db import OpenUnit, UnitOfWork
from commerce.core.ids import global_id
from commerce.integrations.test_payments import PretendPayments
from commerce.payments.kinds import CaptureMode, MethodKind
from commerce.payments.manual import ManualPayments
from commerce.payments.providers import Providers
from commerce.rest.cartino.orders import flows
from commerce.rest.errors import Kind, Refusal, RefusedError
from commerce.rest.route import Call
from commerce.runtime import Resources
from tests.conftest import Ask
from tests.rest.cartino.buying.calling import Buyer
from tests.rest.cartino.buying.conftest import ADDRESS, Counter
from tests.support import payments
from tests.support.services import PORTS

STOCK = "query ($id: ID!) { variant(id: $id) { availability { quantity } } }"
PAID = "{ orders { nodes { status paymentStatus payments { amount { amount } } } } }"


@pytest.fixture
def resources(resources: Resources, open_unit: OpenUnit) -> Resources:
    """With the provider that moves no money, and does as its tokens say."""
    providers = Providers([ManualPayments(), PretendPayments(open_unit, system_clock)])
    return replace(resources, ports=replace(PORTS, payment_providers=providers))


@pytest.fixture(autouse=True)
async def card(counter: Counter, uow: UnitOfWork) -> None:
    capture = CaptureMode.AT_ONCE
    await payments.make_method(uow, "visa", kind=MethodKind.CARD, capture=capture)


async def new_order(counter: Counter, buyer: Buyer, **values: Any) -> tuple[int, Any]:
    body = {
        "items": [{"variant_id": counter.shirt.id, "quantity": 2}],
        "shipping_address": ADDRESS,
        "shipping_method": "standard",
        **values,
    }
    return await buyer("POST", "/orders", body)


async def left(ask: Ask, counter: Counter) -> int:
    shown = await ask(STOCK, {"id": global_id("ProductVariant", counter.shirt.id)})
    quantity: int = shown["data"]["variant"]["availability"]["quantity"]
    return quantity


@pytest.mark.parametrize("method", ["visa", "credit_card"])
async def test_an_order_is_charged_as_it_is_placed(
    buyer: Buyer, counter: Counter, ask: Ask, method: str
) -> None:
    paid = {"payment_method": method, "payment_token": "tok_visa"}
    status, shown = await new_order(counter, buyer, **paid)
    assert status == 201, shown
    order = shown["data"]
    assert (order["payment_status"], order["payment_method"]) == ("paid", "visa")
    (stored,) = (await ask(PAID))["data"]["orders"]["nodes"]
    assert stored["payments"] == [{"amount": {"amount": str(order["total"])}}]


async def test_an_order_whose_payment_is_refused_is_none(
    buyer: Buyer, counter: Counter, ask: Ask
) -> None:
    paid = {"payment_method": "visa", "payment_token": "test_declined"}
    status, shown = await new_order(counter, buyer, **paid)
    assert (status, set(shown)) == (422, {"message", "errors"})
    (stored,) = (await ask(PAID))["data"]["orders"]["nodes"]
    assert stored["status"] == "CANCELED"
    assert await left(ask, counter) == 100


@pytest.mark.parametrize("token", ["test_action", "test_lost"])
async def test_an_order_waits_for_a_payment_that_is_not_over(
    buyer: Buyer, counter: Counter, ask: Ask, token: str
) -> None:
    status, shown = await new_order(counter, buyer, payment_method="visa", payment_token=token)
    assert status == 201, shown
    assert shown["data"]["payment_status"] == "pending"
    assert await left(ask, counter) == 98
    again = {"order_id": shown["data"]["id"], "payment_method": "visa"}
    status, refused = await buyer("POST", "/payments/intents", again)
    assert (status, set(refused)) == (409, {"message"})
    assert int(buyer.heard["Retry-After"]) >= 1


async def test_a_token_is_nothing_to_a_method_that_charges_nobody(
    buyer: Buyer, counter: Counter, ask: Ask
) -> None:
    told = {"payment_method": "transfer", "payment_token": "x"}
    status, shown = await new_order(counter, buyer, **told)
    assert (status, shown["data"]["payment_method"]) == (201, "transfer")
    (stored,) = (await ask(PAID))["data"]["orders"]["nodes"]
    assert (stored["status"], len(stored["payments"])) == ("PENDING", 1)


async def test_without_a_token_an_order_is_paid_later(buyer: Buyer, counter: Counter) -> None:
    status, shown = await new_order(counter, buyer, payment_method="visa")
    assert (status, shown["data"]["payment_status"]) == (201, "pending")
    body = {"order_id": shown["data"]["id"], "payment_method": "card"}
    intent = await buyer.data("POST", "/payments/intents", body, 201)
    assert intent["status"] == "succeeded"
    for _ in range(2):
        told = await buyer.data("POST", f"/payments/{intent['id']}/confirm", {})
        assert (told["status"], told["amount"]) == ("succeeded", shown["data"]["total"])


async def test_money_that_is_to_come_is_asked_for_once(
    buyer: Buyer, counter: Counter, ask: Ask
) -> None:
    """An offline payment waits however often one asks after it; another way is another payment."""
    _, shown = await new_order(counter, buyer, payment_method="transfer")
    body = {"order_id": shown["data"]["id"], "payment_method": "bank_transfer"}
    for _ in range(2):
        intent = await buyer.data("POST", "/payments/intents", body, 201)
        told = await buyer.data("POST", f"/payments/{intent['id']}/confirm", {})
        assert intent["status"] == told["status"] == "processing"
    (stored,) = (await ask(PAID))["data"]["orders"]["nodes"]
    assert len(stored["payments"]) == 1
    paid = await buyer.data("POST", "/payments/intents", body | {"payment_method": "visa"}, 201)
    assert paid["status"] == "succeeded"


async def test_an_intent_of_a_cart_buys_it(buyer: Buyer, counter: Counter, ask: Ask) -> None:
    item = {"variant_id": counter.shirt.id, "quantity": 1}
    await buyer.data("POST", "/cart/items", item, 201)
    quick = {"payment_method": "visa", "payment_token": "tok_visa"}
    early = await buyer.refused("POST", "/payments/intents", quick)
    assert set(early) <= {"email", "shipping_address", "shipping_method"}
    address = {"shipping_address": ADDRESS, "shipping_method": "express"}
    declined = {**address, "payment_method": "visa", "payment_token": "test_declined"}
    await buyer.refused("POST", "/cart/checkout", declined)
    intent = await buyer.data("POST", "/payments/intents", quick, 201)
    assert (intent["status"], intent["id"][:5], intent["currency"]) == ("succeeded", "cart_", "USD")
    told = await buyer.data("POST", f"/payments/{intent['id']}/confirm", {})
    assert (told["status"], told["order_id"]) == ("succeeded", intent["order_id"])
    order = await buyer.data("GET", f"/orders/{intent['order_id']}")
    assert (order["payment_status"], str(order["shipping"])) == ("paid", "25.00")
    assert order["total"] == intent["amount"]


async def test_an_intent_waits_for_the_buyer(buyer: Buyer, counter: Counter, ask: Ask) -> None:
    item = {"variant_id": counter.shirt.id, "quantity": 1}
    await buyer.data("POST", "/cart/items", item, 201)
    body = {
        "shipping_address": ADDRESS,
        "payment_method": "visa",
        "payment_token": "test_action",
    }
    waiting = await buyer.data("POST", "/cart/checkout", body, 202)
    assert waiting == {
        "status": "requires_action",
        "action": "wait",
        "client_secret": None,
        "redirect_url": None,
    }
    assert (await ask(PAID))["data"]["orders"]["nodes"] == []


async def test_a_token_without_a_way_of_paying_charges_nothing(
    buyer: Buyer, counter: Counter, ask: Ask
) -> None:
    status, shown = await new_order(counter, buyer, payment_token="tok_visa")
    assert (status, shown["data"]["payment_status"]) == (201, "pending")


@pytest.mark.parametrize(("waits", "next_"), [(None, flows.CANCEL), (1, flows.ORDER)])
def test_only_what_cannot_pass_calls_the_order_off(waits: int | None, next_: str) -> None:
    body = {"items": [], "payment_method": "visa", "payment_token": "x"}
    steps = flows.create(Call("/orders", body=body))
    next(steps)
    asked = steps.send({"order": {"id": "o", "paymentStatus": "UNPAID"}})
    assert asked.operation == flows.PAY
    refused = RefusedError(Refusal(Kind.INVALID, retry_after=waits))
    assert steps.throw(refused).operation == next_
