"""C1: from an empty cart to a placed order, as a storefront sends it, by several buyers at once.

Seven requests: make a cart, add two lines, say who and where, look at the ways of shipping, choose
one, look at the total, buy.
"""

import asyncio
import json
import random
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from time import perf_counter
from typing import Any, Final

from tests.bench.load import post
from tests.support.servers import COMMERCE, environment

WIDTH: Final = 8
WARM_UP: Final = 24
JOURNEYS: Final = 200
TARGET_MS: Final = 40
ZONE: Final = """
mutation { shippingZoneUpsert(input: { name: "Bench", areas: [{ country: "DE" }] }) {
  shippingZone { id } userErrors { message } } }
"""
METHOD: Final = """
mutation ($zone: ID!) { shippingMethodUpsert(input: { code: "bench", name: "Parcel", zoneId: $zone,
  kind: FLAT, prices: [{ currencyCode: "EUR", price: "4.90" }] }) {
  shippingMethod { id } userErrors { message path } } }
"""
GOODS: Final = """
{ variants(first: 100, where: { inStock: true }) { nodes { id } } }
"""
CREATE: Final = "mutation { cartCreate(input: {}) { cart { token } userErrors { message } } }"
ADD: Final = """
mutation ($input: CartLinesAddInput!) { cartLinesAdd(input: $input) {
  cart { lines { nodes { quantity unitPrice { amount } variant { sku product { title } } } }
    cost { total { amount } } } userErrors { message } } }
"""
ADDRESS: Final = """
mutation ($who: CartContactSetInput!, $where: CartAddressSetInput!) {
  cartContactSet(input: $who) { cart { email } userErrors { message } }
  cartAddressSet(input: $where) { cart { version } userErrors { message } } }
"""
QUOTES: Final = """
query ($token: String) { cart(token: $token) {
  shippingOptions { methodId name price { amount } } } }
"""
SELECT: Final = """
mutation ($input: CartShippingSelectInput!) { cartShippingSelect(input: $input) {
  cart { cost { shipping { gross { amount } } total { amount } } } userErrors { message } } }
"""
REVIEW: Final = """
query ($token: String) { cart(token: $token) { version cost { subtotal { amount }
  shipping { gross { amount } } taxLines { amount { amount } } total { amount } } }
  paymentMethods { nodes { code name } } }
"""
COMPLETE: Final = """
mutation ($input: CartCompleteInput!) { cartComplete(input: $input) {
  order { number token status } userErrors { code message } } }
"""
BERLIN: Final = {
    "country": "DE", "firstName": "Ada", "lastName": "Byron", "street1": "Ring 1",
    "postalCode": "10115", "city": "Berlin",
}  # fmt: skip


@dataclass
class Journeys:
    """Buyers on connections of their own, each on one journey after the other."""

    host: str
    port: int
    goods: list[str]
    seconds: list[float] = field(default_factory=list)

    async def run(self, journeys: int, width: int = WIDTH) -> float:
        """How many a second; each one ends with a placed order, or this raises."""
        tickets, start = count(), perf_counter()

        async def buyer(number: int) -> None:
            connection = await asyncio.open_connection(self.host, self.port)
            while (ticket := next(tickets)) < journeys:
                began = perf_counter()
                await self._journey(asking(connection, self.host, self.port), number, ticket)
                self.seconds.append(perf_counter() - began)
            connection[1].close()
            await connection[1].wait_closed()

        await asyncio.gather(*(buyer(number) for number in range(width)))
        return journeys / (perf_counter() - start)

    async def _journey(self, ask: Callable[..., Any], buyer: int, ticket: int) -> None:
        token = (await ask(CREATE))["cartCreate"]["cart"]["token"]
        lines = [{"variantId": id_, "quantity": 1} for id_ in random.sample(self.goods, 2)]
        await ask(ADD, input={"cartToken": token, "lines": lines})
        who = {"cartToken": token, "email": f"buyer{buyer}-{ticket}@example.com"}
        await ask(ADDRESS, who=who, where={"cartToken": token, "shippingAddress": BERLIN})
        options = (await ask(QUOTES, token=token))["cart"]["shippingOptions"]
        await ask(SELECT, input={"cartToken": token, "methodId": options[0]["methodId"]})
        seen = (await ask(REVIEW, token=token))["cart"]
        wish = {"cartToken": token, "expectedVersion": seen["version"], "paymentMethod": "manual"}
        wish["expectedTotal"] = seen["cost"]["total"]["amount"]
        bought = (await ask(COMPLETE, input=wish))["cartComplete"]
        if bought["order"] is None:
            raise RuntimeError(f"no order: {bought['userErrors']}")


def asking(connection: Any, host: str, port: int, key: str | None = None) -> Callable[..., Any]:
    async def ask(document: str, **variables: Any) -> Any:
        body = json.dumps({"query": document, "variables": variables}).encode()
        answer = json.loads(await post(*connection, host, port, "/graphql", body, key))
        if "errors" in answer:
            raise RuntimeError(f"{document}: {answer['errors']}")
        return answer["data"]

    return ask


async def prepared(host: str, port: int, data_dir: str) -> Journeys:
    """A shop that sends parcels to Germany, and what can be bought in it."""
    key = await asyncio.to_thread(new_key, data_dir)
    connection = await asyncio.open_connection(host, port)
    ask = asking(connection, host, port, key)
    zone = (await ask(ZONE))["shippingZoneUpsert"]["shippingZone"]["id"]
    await ask(METHOD, zone=zone)
    goods = [node["id"] for node in (await ask(GOODS))["variants"]["nodes"]]
    connection[1].close()
    await connection[1].wait_closed()
    return Journeys(host, port, goods)


def new_key(data_dir: str) -> str:
    made = subprocess.run(
        [COMMERCE, "keys", "create", "--name", "bench", "--all-scopes"],
        env=environment({"DATA_DIR": data_dir}),
        check=True,
        capture_output=True,
        text=True,
    )
    return next(word for word in made.stdout.split() if word.startswith("ck_"))
