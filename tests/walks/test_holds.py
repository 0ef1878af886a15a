"""What is held for a buyer who is paying, when the buyer takes too long."""

import asyncio

from tests.support.buying import told
from tests.support.invariants import assert_invariants
from tests.support.stripe_double import StripeDouble
from tests.support.walking import Walker, codes, left_alone, reported

OVER = """
UPDATE stock_reservations SET expires_at = now() - interval '1 second'
FROM carts WHERE carts.id = cart_id AND carts.token = :token RETURNING 1
"""
GIVEN_UP = """
UPDATE payment_attempts SET created_at = now() - interval '40 minutes',
    updated_at = now() - interval '40 minutes'
FROM payments JOIN carts ON carts.id = cart_id
WHERE payments.id = payment_id AND carts.token = :token RETURNING 1
"""


async def paying(walker: Walker, variant: int) -> str:
    """The token of a cart whose buyer is away, to prove who they are."""
    token = await walker.cart(variant)
    asked = await walker.complete(token, "stripe", paymentMethod="pm_3ds")
    assert asked["nextAction"]["kind"] == "redirect"
    return token


async def test_too_late_for_the_last_one(
    walkers: tuple[Walker, Walker], stripe: StripeDouble
) -> None:
    """Another buyer gets it, and the money of the first one goes back."""
    first, second = walkers
    variant = await first.shop.variant("40", stock=1)
    late = await paying(first, variant)
    late_intent = list(stripe.intents.all)[-1]
    other = await second.cart(variant)
    assert codes(await second.complete(other, "manual")) == ["INSUFFICIENT_STOCK"]
    await left_alone(first, late)
    assert await told(first.shop, OVER, token=late) == 1
    assert (await second.complete(other, "manual"))["order"] is not None
    stripe.intents.confirm(late_intent, "pm_3ds")
    await reported(first, stripe)
    async with asyncio.timeout(30):
        while len(stripe.moved()) < 2:  # noqa: ASYNC110  # the double tells nobody
            await asyncio.sleep(0.05)
    assert stripe.moved() == [("charge", 4000), ("refund", 4000)]
    assert codes(await first.complete(late, "stripe", "40.00")) == ["INSUFFICIENT_STOCK"]
    assert (await first.look(late))["state"] == "ACTIVE"
    await assert_invariants(first.shop.database)


async def test_late_and_still_in_time(walkers: tuple[Walker, Walker], stripe: StripeDouble) -> None:
    first, second = walkers
    token = await paying(first, await first.shop.variant("41", stock=1))
    await left_alone(first, token)
    await told(first.shop, OVER, token=token)
    stripe.intents.confirm(list(stripe.intents.all)[-1], "pm_3ds")
    placed = await second.complete(token, "stripe", "41.00")
    assert placed["order"]["paymentStatus"] == "PAID"
    assert stripe.moved() == [("charge", 4100)]


async def test_who_does_not_come_back_may_try_again(
    walkers: tuple[Walker, Walker], stripe: StripeDouble
) -> None:
    first, second = walkers
    token = await paying(first, await first.shop.variant("42", stock=1))
    await told(first.shop, GIVEN_UP, token=token)
    async with asyncio.timeout(30):
        while (await first.look(token))["state"] == "FROZEN":  # noqa: ASYNC110  # as buyers do
            await asyncio.sleep(0.05)
    assert stripe.intents.all[list(stripe.intents.all)[-1]]["status"] == "canceled"
    again = await second.complete(token, "stripe", "42.00", paymentMethod="pm_ok")
    assert again["order"]["paymentStatus"] == "PAID"
    assert stripe.moved() == [("charge", 4200)]


async def test_who_comes_back_pays_in_another_way(
    walkers: tuple[Walker, Walker], stripe: StripeDouble
) -> None:
    """Called off by the buyer, or by paying otherwise; the bank's page takes nothing then."""
    first, second = walkers
    tokens = [await paying(walker, await walker.shop.variant("43")) for walker in walkers]
    intents = list(stripe.intents.all)[-2:]
    called_off = await second.change("cartPaymentCancel", {"cartToken": tokens[0]})
    assert codes(called_off) == []
    note = await first.change("cartNoteSet", {"cartToken": tokens[0], "note": "Ring twice."})
    assert codes(note) == []
    for token in tokens:
        placed = await first.complete(token, "manual", "43.00")
        assert placed["order"]["paymentStatus"] == "UNPAID"
    assert [stripe.intents.all[intent]["status"] for intent in intents] == ["canceled"] * 2
    await reported(second, stripe)
    assert stripe.moved() == []
    await assert_invariants(first.shop.database)
