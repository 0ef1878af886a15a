"""Somebody who knows a shop from outside alone: its documents, its address, and a key."""

import asyncio
import re
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from secrets import token_urlsafe
from typing import Any, Final

import httpx

from commerce.core.ids import global_id
from tests.support.buying import told
from tests.support.buying_process import NOWHERE
from tests.support.checkout import Shop
from tests.support.servers import COMMERCE, commerce, serving
from tests.support.stripe_double import StripeDouble, signature

Json = dict[str, Any]
PATIENT: Final = (str(COMMERCE), "serve")
HASTY: Final = (sys.executable, "-m", "tests.support.buying_process", NOWHERE, "1", "hasty")
SECRET = "a secret of the tests, and a long one"
BERLIN: Json = {
    "firstName": "Ada",
    "lastName": "Byron",
    "street1": "Ring 1",
    "postalCode": "10115",
    "city": "Berlin",
    "country": "DE",
}
CART = """
state version warnings { code } shippingOptions { methodId name price { amount } }
cost { taxLines { name amount { amount } } total { amount } }
"""
ERRORS = "userErrors { code path message }"
COMPLETE = """
mutation ($input: CartCompleteInput!) { cartComplete(input: $input) {
  order { id number token status paymentStatus cost { total { amount } } }
  nextAction { kind clientSecret redirectUrl }
  userErrors { code path ... on PriceChangedError { actual { amount } } } } }
"""
ORDER = """
query ($id: ID!) { order(id: $id) { number status paymentStatus
  lines { nodes { id quantity cost { net { amount } tax { amount } gross { amount } } } }
  payments { id state authorized { amount } captured { amount } refunded { amount }
             transactions { kind amount { amount } } }
  refunds { id status } timeline { nodes { kind } } } }
"""
LEFT_ALONE = """
UPDATE payment_attempts SET updated_at = now() + interval '1 minute'
FROM payments JOIN carts ON carts.id = cart_id
WHERE payments.id = payment_id AND carts.token = :token RETURNING 1
"""


@dataclass
class Walker:
    shop: Shop
    client: httpx.AsyncClient
    key: str
    outbox: Path
    log: list[str] = field(default_factory=list)

    async def post(self, query: str, variables: Json | None = None, **headers: str) -> Any:
        body = {"query": query, "variables": variables or {}}
        return await self.client.post("/graphql", json=body, headers=headers)

    async def ask(self, query: str, variables: Json | None = None, **headers: str) -> Any:
        """What the only root field answers."""
        answer = await self.post(query, variables, **headers)
        told = answer.json()
        assert answer.status_code == 200, told
        assert "errors" not in told, told
        (result,) = told["data"].values()
        return result

    async def manage(self, query: str, variables: Json | None = None, **headers: str) -> Any:
        """As somebody who may do everything."""
        return await self.ask(query, variables, Authorization=f"Bearer {self.key}", **headers)

    async def change(self, name: str, input_: Json, shape: str = "", **headers: str) -> Any:
        """What a mutation answers a guest."""
        return await self.ask(mutation(name, shape), {"input": input_}, **headers)

    async def work(self, name: str, input_: Json, shape: str = "", key: str | None = None) -> Any:
        """What it answers whom may do everything; without errors."""
        headers = {"Idempotency-Key": key or token_urlsafe(16)}
        done = await self.manage(mutation(name, shape), {"input": input_}, **headers)
        assert done["userErrors"] == []
        return done

    async def cart(self, *variants: int, email: str = "ada@example.com", **values: Any) -> str:
        """The token of a guest's cart with a unit of each variant."""
        lines = [{"variantId": global_id("ProductVariant", id_)} for id_ in variants]
        made = await self.change("cartCreate", {"lines": lines, **values}, "cart { token }")
        assert made["userErrors"] == []
        token = str(made["cart"]["token"])
        await self.change("cartContactSet", {"cartToken": token, "email": email})
        return token

    async def look(self, token: str, shape: str = CART) -> Any:
        query = f"query ($token: String!) {{ cart(token: $token) {{ {shape} }} }}"
        return await self.ask(query, {"token": token})

    async def total(self, token: str) -> str:
        return str((await self.look(token))["cost"]["total"]["amount"])

    async def order(self, order: Json) -> Any:
        """As the shop's people see it."""
        return await self.manage(ORDER, {"id": order["id"]})

    async def complete(self, token: str, method: str, total: str | None = None, **data: str) -> Any:
        wish = {
            "cartToken": token,
            "expectedTotal": total or await self.total(token),
            "paymentMethod": method,
            "paymentData": data,
        }
        return await self.ask(COMPLETE, {"input": wish})

    async def letter(self, to: str) -> EmailMessage:
        """The latest mail to somebody, once there is one."""
        async with asyncio.timeout(30):
            while not (found := self._letters(to)):  # noqa: ASYNC110  # a folder tells nobody
                await asyncio.sleep(0.05)
        return found[-1]

    def _letters(self, to: str) -> list[EmailMessage]:
        files = sorted(self.outbox.glob("*.eml"))
        read = (message_from_bytes(file.read_bytes(), policy=default) for file in files)
        return [letter for letter in read if str(letter["To"]) == to]

    async def doctor(self) -> None:
        """The command finds nothing wrong."""
        settings = {"DATABASE_URL": self.shop.database.url, "SECRET_KEY": SECRET}
        code, said, told = await commerce("doctor", "--invariants", **settings)
        assert code == 0, said + told


def text_of(letter: EmailMessage) -> str:
    body = letter.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def token_in(letter: EmailMessage) -> str:
    """That of the letter's link."""
    found = re.search(r"token=([\w.~-]+)", text_of(letter))
    assert found is not None
    return found[1]


def mutation(name: str, shape: str = "") -> str:
    type_ = f"{name[0].upper()}{name[1:]}Input!"
    return f"mutation ($input: {type_}) {{ {name}(input: $input) {{ {shape} {ERRORS} }} }}"


def codes(answer: Any) -> list[str]:
    return [error["code"] for error in answer["userErrors"]]


async def left_alone(walker: Walker, token: str) -> None:
    """No server asks about the payment of a cart for a minute."""
    assert await told(walker.shop, LEFT_ALONE, token=token) == 1


async def sent(walker: Walker, body: bytes, header: str | None = None) -> int:
    """What a report of Stripe is answered with."""
    headers = {"Stripe-Signature": signature(body) if header is None else header}
    answer = await walker.client.post("/payments/stripe/events", content=body, headers=headers)
    return answer.status_code


async def reported(walker: Walker, stripe: StripeDouble) -> None:
    """All that Stripe has to say, in the wrong order, and twice."""
    for body in [*reversed(stripe.reports()), *stripe.reports()]:
        assert await sent(walker, body) == 200


@asynccontextmanager
async def walking(
    shop: Shop, key: str, folder: Path, *, hasty: bool = False, **settings: str
) -> AsyncIterator[Walker]:
    """In front of a server process of the shop; a hasty one does its chores all the time."""
    log: list[str] = []
    given = {
        "DATABASE_URL": shop.database.url,
        "DATA_DIR": str(folder),
        "SECRET_KEY": SECRET,
        "PAYMENT_TEST_PROVIDER": "true",
        **settings,
    }
    program = HASTY if hasty else PATIENT
    async with (
        serving(program=program, told=log, **given) as url,
        httpx.AsyncClient(base_url=url, timeout=60) as client,
    ):
        yield Walker(shop, client, key, folder / "outbox", log)
