"""Nothing that is sent to any endpoint makes it fail: odd texts, huge numbers, wrong types, deep
nesting, bodies that are no JSON, headers that mean nothing. The answer is always the dialect's own.

Half of the calls are made of what the endpoint's fields say they take, with one thing wrong.
COMMERCE_TEST_MALFORMED says how many calls are made, COMMERCE_TEST_MALFORMED_SEED which.
"""

import json
import os
import random
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import httpx

from commerce.core.db import UnitOfWork
from commerce.rest.dialects import DIALECTS
from commerce.rest.errors import Kind, Refusal
from commerce.rest.openapi.examples import example
from commerce.rest.paths import PARAMETER
from commerce.rest.route import Dialect, Route
from tests.rest.conftest import MakeKey
from tests.support.catalog import make_product

CALLS = int(os.environ.get("COMMERCE_TEST_MALFORMED", "300"))  # noqa: TID251  # the suite's own switch
SEED = os.environ.get("COMMERCE_TEST_MALFORMED_SEED", "1")  # noqa: TID251  # as above

ROWS = [(dialect, route) for dialect in DIALECTS for route in dialect.routes]
LONG = "x" * 1_000_000
TEXTS = [
    *(
        "",
        " ",
        "\0",
        "a\0b",
        "\ud800",
        "\udfff\ud800",
        "\u202e",
        "🏺",
        "%00",
        "%",
        "%zz",
        "'",
    ),
    *("' OR 1=1 --", "{}", "[]", "null", "true", "NaN", "-1", "0", "9" * 30, "1e400", "1e-400"),
    *(
        "0x10",
        "١٢",
        "2024-02-30",
        "0000-00-00",
        "a,b,,c",
        ",",
        "\r\nX-Odd: 1",
        "<b>",
        "\x7f",
        "prod-",
    ),
]
VALUES: list[Any] = [
    *(None, True, False, 0, -1, 2**31, 2**63, 2**64, 10**39, 1.5, 1e308, -0.0, [], {}, [None]),
    *([[]], {"": ""}, {"id": {"id": {}}}, [1, "a", None], {"a": [{"b": [{}]}]}, *TEXTS),
]
RAW = [
    *(
        b"",
        b" ",
        b"{",
        b"[",
        b"\xff\xfe",
        b"\0",
        b'{"a":1',
        b"{'a':1}",
        b"nul",
        b'"',
        b"1e999999999",
    ),
    *(
        b"[" * 100_000,
        b'{"a":' * 50_000,
        b"[" * 3_000 + b"]" * 3_000,
        b'{"a":1,"a":2}',
        b'"\\ud800"',
    ),
    *(b"a=1&b=2", b"<xml/>", b"\xef\xbb\xbf{}", b"9" * 5_000, b"[1,]", b"true", b"123", b'"text"'),
]
HEADERS = [
    *("If-None-Match", "Idempotency-Key", "Content-Type", "Accept", "Cookie", "X-Api-Dialect"),
    *("Accept-Encoding", "X-Cart-Token", "X-Request-Id", "If-Match", "Range", "X-CSRF-TOKEN"),
]
METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "X"]


@dataclass
class Attack:
    """One call, with at least one thing about it that is odd."""

    dialect: Dialect
    route: Route
    dice: random.Random
    headers: dict[str, Any] = field(default_factory=dict)

    def method(self) -> str:
        return self.dice.choice(METHODS) if self.dice.random() < 0.1 else self.route.method

    def path(self) -> str:
        def segment(found: Any) -> str:
            if self.dice.random() < 0.7:
                return {"int": "1", "prod": "prod-1"}.get(found[2], "1")
            return quoted(self.dice.choice(TEXTS)) or "0"

        base = self.dice.choice(self.dialect.bases)
        return base + PARAMETER.sub(segment, self.route.path)

    def query(self) -> str:
        fields = {each.name: each.kind.schema for each in self.route.query}
        names = [*fields, *self.route.when, "limit", "page", "sort", "id", "filter[status]", "\0"]
        pairs = []
        for _ in range(self.dice.choice((0, 0, 1, 2, 5))):
            name = self.dice.choice(names)
            known = fields.get(name, {"type": "integer"})
            fits = self.dice.random() < 0.4
            value = example(known, turn=self.dice.randrange(9)) if fits else self.value(TEXTS)
            pairs.append(f"{quoted(name)}={quoted(str(value))}")
        return "&".join(pairs)

    def body(self) -> bytes:
        """None, no JSON, another value, or one that fits but for some places."""
        choice = self.dice.random()
        if choice < 0.15:
            return self.dice.choice(RAW)
        if choice < 0.3 or self.route.body is None:
            return written(self.value(VALUES))
        fitting = example(self.route.body.schema, turn=self.dice.randrange(9), wants=self.wants)
        return written(self.spoiled(fitting))

    def wants(self, _name: str) -> bool:
        return self.dice.random() < 0.5

    def spoiled(self, value: Any) -> Any:
        if self.dice.random() < 0.25:
            return self.value(VALUES)
        if isinstance(value, dict):
            more = {self.value(TEXTS): 1} if self.dice.random() < 0.1 else {}
            return {name: self.spoiled(each) for name, each in value.items()} | more
        if isinstance(value, list):
            times = self.dice.choice((0, 1, 1, 2, 300))
            return [self.spoiled(each) for each in value * times]
        return value

    def odd_headers(self) -> dict[str, bytes]:
        found = {}
        for _ in range(self.dice.choice((0, 0, 1, 2))):
            text = self.value(TEXTS) or "x"
            clean = text.encode("utf-8", "replace").replace(b"\0", b"").replace(b"\r\n", b" ")
            found[self.dice.choice(HEADERS)] = clean.strip()
        return found

    def value(self, values: list[Any]) -> Any:
        return LONG if self.dice.random() < 0.01 else self.dice.choice(values)


def quoted(text: str) -> str:
    return quote(text.encode("utf-8", "surrogatepass"), safe="").replace(".", "%2E")


def written(value: Any) -> bytes:
    """JSON, with halves of characters where there are some."""
    return json.dumps(value).encode()


def members(body: Any) -> set[str]:
    return set(body) if isinstance(body, dict) else set()


def envelope(dialect: Dialect) -> Callable[[Any], bool]:
    """Whether a body has the members that every refusal of the dialect has."""
    common = set.intersection(*(members(dialect.refusal(Refusal(kind))[1]) for kind in Kind))
    return lambda body: common <= members(body)


async def sent(client: httpx.AsyncClient, attack: Attack) -> httpx.Response:
    method, query = attack.method(), attack.query()
    address = attack.path() + (f"?{query}" if query else "")
    reads = attack.route.body is None and attack.dice.random() < 0.8
    odd = attack.odd_headers()
    if len(address) > 60_000:  # a server refuses those before the gateway
        address = re.sub("%.?$", "", address[:60_000])
    return await client.request(
        method, address, content=b"" if reads else attack.body(), headers={**attack.headers, **odd}
    )


async def test_whatever_is_sent_is_answered_in_the_dialects_own_words(
    client: httpx.AsyncClient, make_key: MakeKey, uow: UnitOfWork
) -> None:
    for place in range(3):
        await make_product(uow, slug=f"shirt-{place}")
    keys = {name: await make_key(name) for name in {dialect.name for dialect, _ in ROWS}}
    dice, statuses, wrong = random.Random(SEED), Counter[int](), []
    for number in range(CALLS):
        dialect, route = ROWS[number % len(ROWS)]
        key = keys[dialect.name]
        headers = {"X-API-KEY": key} if dialect.name == "shopkit" else bearer(key)
        attack = Attack(dialect, route, dice, {**headers, "X-Api-Dialect": dialect.name})
        response = await sent(client, attack)
        statuses[response.status_code] += 1
        if not right(response, dialect):
            asked = f"{response.request.method} {str(response.request.url)[:300]}"
            wrong.append((asked, response.request.content[:300], response.text[:300]))
    print(f"{CALLS} calls of {len(ROWS)} endpoints: {dict(sorted(statuses.items()))}")  # noqa: T201  # the figures, with -s
    assert wrong == []


def bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


def right(response: httpx.Response, dialect: Dialect) -> bool:
    if response.status_code >= 500 or "X-Request-Id" not in response.headers:
        return False
    if response.status_code < 400 or response.request.method == "HEAD":
        return True
    # A header may have asked for another dialect.
    answering = response.headers.get("X-Api-Dialect", dialect.name)
    speaks = next(each for each in DIALECTS if each.name == answering)
    return envelope(speaks)(response.json())
