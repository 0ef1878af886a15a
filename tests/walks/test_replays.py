"""The same call twice, as docs/idempotency.md tells it, to two servers."""

import asyncio
from secrets import token_urlsafe

import httpx
import pytest

from commerce.core.ids import global_id
from tests.support.walking import COMPLETE, Json, Walker, left_alone, mutation

MADE = "mutation { cartCreate(input: {}) %s { cart { token } userErrors { code } } }"


def data_of(answer: httpx.Response) -> bytes:
    """Its data, byte for byte."""
    return answer.content.split(b',"extensions"')[0]


def refusal(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["errors"][0]["extensions"]["code"]


async def test_while_it_is_being_done_and_after(walkers: tuple[Walker, Walker]) -> None:
    """The provider takes three seconds."""
    first, second = walkers
    token = await first.cart(await first.shop.variant("25"))
    slow: Json = {"paymentMethod": "test_slow"}
    wish = {"cartToken": token, "expectedTotal": "25.00", "paymentMethod": "card"}
    key = {"Idempotency-Key": token_urlsafe(16)}
    sent = {"input": {**wish, "paymentData": slow}}
    doing = asyncio.create_task(first.post(COMPLETE, sent, **key))
    await asyncio.sleep(0.1)
    async with asyncio.timeout(30):
        while (await first.look(token))["state"] == "ACTIVE":  # noqa: ASYNC110  # as buyers do
            await asyncio.sleep(0.05)
    await left_alone(first, token)
    for walker in walkers:
        meanwhile = await walker.post(COMPLETE, sent, **key)
        assert refusal(meanwhile) == (409, "IDEMPOTENCY_IN_FLIGHT")
        assert int(meanwhile.headers["Retry-After"]) > 0
    done = await doing
    assert done.json()["data"]["cartComplete"]["order"]["paymentStatus"] == "PAID"
    assert "Idempotent-Replayed" not in done.headers
    for walker in walkers:
        again = await walker.post(COMPLETE, sent, **key)
        assert (again.status_code, again.headers["Idempotent-Replayed"]) == (200, "true")
        assert data_of(again) == data_of(done)
    other = await second.post(COMPLETE, {"input": {**wish, "expectedTotal": "26.00"}}, **key)
    assert refusal(other) == (422, "IDEMPOTENCY_KEY_REUSED")


async def test_the_header_and_the_directive_say_the_same(walkers: tuple[Walker, Walker]) -> None:
    first, second = walkers
    key = token_urlsafe(16)
    directive = MADE % f'@idempotent(key: "{key}")'
    made = await first.post(directive)
    again = await second.post(directive)
    by_header = await second.post(MADE % "", **{"Idempotency-Key": key})
    quoted = await first.post(MADE % "", **{"Idempotency-Key": f'"{key}"'})
    assert data_of(made) == data_of(again) == data_of(by_header) == data_of(quoted)
    both = await first.post(directive, **{"Idempotency-Key": token_urlsafe(16)})
    assert refusal(both) == (400, "IDEMPOTENCY_KEY_INVALID")


@pytest.mark.parametrize(
    ("name", "wish"),
    [
        ("transactionCapture", {"paymentId": global_id("Payment", 1)}),
        ("transactionVoid", {"paymentId": global_id("Payment", 1)}),
        ("refundCreate", {"orderId": global_id("Order", 1), "amount": "1"}),
        (
            "stockAdjust",
            {"changes": [{"variantId": global_id("ProductVariant", 1), "change": {"delta": 1}}]},
        ),
    ],
)
async def test_programs_name_what_must_not_happen_twice(
    walkers: tuple[Walker, Walker], name: str, wish: Json
) -> None:
    first, _ = walkers
    key = {"Authorization": f"Bearer {first.key}"}
    answer = await first.post(mutation(name), {"input": wish}, **key)
    assert refusal(answer) == (400, "IDEMPOTENCY_KEY_REQUIRED")
