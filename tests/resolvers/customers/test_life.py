"""A customer whom the shop added, from the first mail to the door being closed, over HTTP."""

import asyncio

import httpx

from commerce.core.db import OpenUnit, UnitOfWork
from commerce.core.ids import global_id
from tests.conftest import Ask
from tests.support.accounts import PASSWORD, Shopper, link_in, post_of
from tests.support.catalog import make_product, make_variant
from tests.support.customers import make_group
from tests.support.pricing import make_price, make_price_list

EMAIL = "trader@shop.test"
CREATE = """mutation ($input: CustomerCreateInput!) {
  customerCreate(input: $input) { customer { id } userErrors { code } } }"""
BLOCK = """mutation ($input: CustomerBlockInput!) {
  customerBlock(input: $input) { userErrors { code } } }"""
PRICE = '{ variant(sku: "A") { pricing { price { amount } } } }'


async def _price(shopper: Shopper) -> str:
    answer = await shopper.ask(PRICE)
    amount: str = answer["data"]["variant"]["pricing"]["price"]["amount"]
    return amount


async def test_a_customer_of_a_group_gets_in_by_mail_sees_its_prices_and_is_thrown_out(
    ask: Ask, client: httpx.AsyncClient, open_unit: OpenUnit, uow: UnitOfWork
) -> None:
    group = await make_group(uow)
    base = await make_price_list(uow, is_default=True)
    trade = await make_price_list(uow, "trade", customer_group_id=group.id)
    variant = await make_variant(uow, await make_product(uow), sku="A")
    await make_price(uow, base, variant, "10")
    await make_price(uow, trade, variant, "6")
    given = {"email": EMAIL, "groupId": global_id("CustomerGroup", group.id)}
    added = (await ask(CREATE, {"input": given}))["data"]["customerCreate"]["customer"]

    shopper = Shopper(client)
    assert await shopper.sign_in(EMAIL) == ["INVALID_CREDENTIALS"]
    async with post_of(open_unit) as post:
        assert await shopper.do("passwordResetRequest", email=EMAIL) == []
        _, token = link_in(await post.letter())
    assert await shopper.do("passwordReset", token=token, password=PASSWORD) == []
    assert await _price(shopper) == "10.00"
    assert await shopper.sign_in(EMAIL) == []
    assert await _price(shopper) == "6.00"

    blocked = await ask(BLOCK, {"input": {"id": added["id"]}})
    assert blocked["data"]["customerBlock"]["userErrors"] == []
    await asyncio.sleep(1.05)  # as long as a process may remember who somebody is
    assert (await shopper.ask(PRICE))["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
    shopper.token = None
    assert await shopper.sign_in(EMAIL) == ["INVALID_CREDENTIALS"]
