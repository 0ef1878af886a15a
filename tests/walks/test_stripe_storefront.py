"""Paying through Stripe, as a storefront and the shop's people see it; with a double of Stripe."""

import asyncio
import time
from typing import Any

import pytest

from tests.support.stripe_double import StripeDouble, signature
from tests.support.walking import Walker, codes, reported, sent

PAYMENT = "payment { state captured { amount } }"
REFUND = "refund { status }"


def sums(payment: Any) -> tuple[str, ...]:
    return tuple(payment[name]["amount"] for name in ("authorized", "captured", "refunded"))


async def test_set_aside_taken_in_part_and_given_back(
    walkers: tuple[Walker, Walker], stripe: StripeDouble
) -> None:
    first, second = walkers
    token = await first.cart(await first.shop.variant("25"))
    bought = (await first.complete(token, "stripe-later", paymentMethod="pm_ok"))["order"]
    assert (bought["status"], bought["paymentStatus"]) == ("PROCESSING", "AUTHORIZED")
    (payment,) = (await first.order(bought))["payments"]
    some = {"paymentId": payment["id"], "amount": "10"}
    assert (await first.work("transactionCapture", some, PAYMENT))["payment"]["state"] == "CAPTURED"
    back = {"orderId": bought["id"], "amount": "4"}
    stripe.faults.append("hang_after")
    for walker in walkers:  # sent again, to another server: done once
        assert (await walker.work("refundCreate", back, REFUND, key="back-of-25"))["refund"]
    await reported(second, stripe)
    seen = await second.order(bought)
    assert sums(seen["payments"][0]) == ("25.00", "10.00", "4.00")
    ledger = [(row["kind"], row["amount"]["amount"]) for row in seen["payments"][0]["transactions"]]
    assert ledger == [
        ("AUTHORIZATION", "25.00"),
        ("CAPTURE", "10.00"),
        ("VOID", "15.00"),
        ("REFUND", "4.00"),
    ]
    assert stripe.moved() == [("charge", 1000), ("refund", 400)]


async def test_a_buyer_who_proves_who_they_are(
    walkers: tuple[Walker, Walker], stripe: StripeDouble
) -> None:
    first, second = walkers
    token = await first.cart(await first.shop.variant("25"))
    for walker in walkers:
        asked = await walker.complete(token, "stripe", "25.00", paymentMethod="pm_3ds")
        assert asked["nextAction"]["kind"] == "redirect"
        assert asked["nextAction"]["redirectUrl"].startswith("https://hooks.stripe.test/")
    note = await first.change("cartNoteSet", {"cartToken": token, "note": "Ring twice."})
    assert codes(note) == ["CART_FROZEN"]
    stripe.intents.confirm(list(stripe.intents.all)[-1], "pm_3ds")
    await reported(second, stripe)
    placed = [await walker.complete(token, "stripe", "25.00") for walker in walkers]
    assert placed[0]["order"] == placed[1]["order"]
    assert placed[0]["order"]["paymentStatus"] == "PAID"
    assert stripe.moved() == [("charge", 2500)]


async def test_declined_then_another_card(
    walkers: tuple[Walker, Walker], stripe: StripeDouble
) -> None:
    first, second = walkers
    token = await first.cart(await first.shop.variant("25", stock=1))
    declined = await first.complete(token, "stripe", paymentMethod="pm_declined")
    assert (declined["order"], codes(declined)) == (None, ["PAYMENT_DECLINED"])
    assert (await first.look(token))["state"] == "ACTIVE"
    taken = await second.complete(token, "stripe", paymentMethod="pm_ok")
    assert taken["order"]["paymentStatus"] == "PAID"
    await reported(first, stripe)
    assert stripe.moved() == [("charge", 2500)]


@pytest.mark.parametrize("fault", ["reset", "500", "reset_after", "garbage_after", "500_after"])
async def test_charged_once_whatever_befalls_the_answer(
    walkers: tuple[Walker, Walker], stripe: StripeDouble, fault: str
) -> None:
    """Where Stripe has made a payment and took nothing, the buyer is told so and tries again."""
    first, second = walkers
    token = await first.cart(await first.shop.variant("25"))
    before = len(stripe.intents.moved)
    stripe.faults.append(fault)
    answer = await first.complete(token, "stripe", paymentMethod="pm_ok")
    async with asyncio.timeout(30):
        while answer["order"] is None:
            assert codes(answer)[0] in ("PAYMENT_IN_PROGRESS", "PAYMENT_DECLINED")
            await asyncio.sleep(0.1)
            answer = await second.complete(token, "stripe", "25.00", paymentMethod="pm_ok")
    assert answer["order"]["paymentStatus"] == "PAID"
    assert [move[1:] for move in stripe.intents.moved[before:]] == [("charge", 2500)]


async def test_let_go(walkers: tuple[Walker, Walker], stripe: StripeDouble) -> None:
    first, second = walkers
    token = await first.cart(await first.shop.variant("25"))
    bought = (await first.complete(token, "stripe-later", paymentMethod="pm_ok"))["order"]
    which = {"paymentId": (await first.order(bought))["payments"][0]["id"]}
    assert (await first.work("transactionVoid", which, PAYMENT))["payment"]["state"] == "VOIDED"
    await reported(second, stripe)
    assert (await first.order(bought))["paymentStatus"] == "VOIDED"
    assert stripe.moved() == []


async def test_a_refund_that_the_bank_sends_back(
    walkers: tuple[Walker, Walker], stripe: StripeDouble
) -> None:
    first, second = walkers
    token = await first.cart(await first.shop.variant("26"))
    bought = (await first.complete(token, "stripe", paymentMethod="pm_ok"))["order"]
    back = {"orderId": bought["id"], "amount": "26"}
    assert (await first.work("refundCreate", back, REFUND))["refund"]["status"] == "SUCCEEDED"
    stripe.intents.refund_fails(list(stripe.intents.refunds)[-1])
    await reported(second, stripe)
    seen = await second.order(bought)
    assert (seen["paymentStatus"], seen["refunds"][0]["status"]) == ("PAID", "FAILED")
    newest = [one["kind"] for one in seen["timeline"]["nodes"]][:2]
    assert newest == ["PAYMENT_CHANGED", "REFUND_FAILED"]
    assert (await first.work("refundCreate", back, REFUND))["refund"]["status"] == "SUCCEEDED"


async def test_who_is_not_stripe(walkers: tuple[Walker, Walker], stripe: StripeDouble) -> None:
    body = b'{"id": "evt_forged", "type": "payment_intent.succeeded", "data": {"object": {}}}'
    headers = [
        "",
        "t=1,v1=zz",
        signature(body, secret="whsec_of_another"),
        signature(body, at=time.time() - 400),
        signature(body + b" "),
    ]
    assert [await sent(walkers[0], body, header) for header in headers] == [400] * len(headers)
    for rubbish in (b"", b"\xff", b"[]", b"not json"):
        assert await sent(walkers[0], rubbish) == 400


async def test_nothing_secret_was_logged_and_everything_adds_up(
    walkers: tuple[Walker, Walker],
) -> None:
    log = "".join(walkers[0].log + walkers[1].log)
    assert not [word for word in ("canary", "pm_ok", "pm_3ds", "Traceback") if word in log]
    await walkers[0].doctor()
