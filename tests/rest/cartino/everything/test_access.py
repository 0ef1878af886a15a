"""Who may call which endpoint: every form of a credential, good and bad, and every scope."""

from base64 import b64encode
from dataclasses import replace
from typing import Any

import httpx

from commerce.core.viewer import Scope
from commerce.dialect_access import DialectAccess
from commerce.rest.cartino.routes import CARTINO
from resolvers.schema import core_schema
from tests.rest.cartino.everything.conftest import World, bearer
from tests.rest.cartino.everything.routes import route_of
from tests.rest.cartino.everything.world import ROWS
from tests.rest.conftest import MakeKey
from tests.support.graphql import schema

UNKNOWN = (401, {"message": "Unauthenticated."})
FORBIDDEN = (403, {"message": "This action is unauthorized."})


def basic(key: str, password: str = "") -> dict[str, str]:
    return {"Authorization": f"Basic {b64encode(f'{key}:{password}'.encode()).decode()}"}


def told(answer: httpx.Response) -> tuple[int, Any]:
    return answer.status_code, answer.json()


async def test_strangers_are_nobody_everywhere(world: World, make_key: MakeKey) -> None:
    """What is public is so for those who send nothing, or what is no credential at all."""
    cartino = {"X-Api-Dialect": "cartino"}
    revoked, other = await make_key("cartino", revoked=True), await make_key("shopkit")
    keys = ("sk_live_unknown", revoked, other)
    bad = [sent(key) for key in keys for sent in (bearer, basic)]
    odd = ("Bearer", "Basic %%%", "Digest x", world.key)
    bad += [{"Authorization": text} for text in odd]
    bad += [{"Cookie": "cartino_session=unknown"}, {"X-API-KEY": world.key}]
    for row in ROWS:
        public = route_of(row, world.ids).public
        for headers in (*bad, {}):
            unproven = "Authorization" not in headers and "Cookie" not in headers
            if public and (unproven or headers.get("Authorization") in odd):
                continue
            answer = await world.call(row, cartino | headers)
            assert told(answer) == UNKNOWN, (row, headers)
            assert answer.headers["WWW-Authenticate"] == "Bearer"


async def test_a_key_is_good_in_both_forms_everywhere(world: World) -> None:
    """Of one that has no password any is taken."""
    for row in ROWS:
        if row.mine:
            continue
        for headers in (basic(world.key), basic(world.key, "any")):
            async with world.undone():
                answer = await world.call(row, headers)
            assert answer.status_code == row.status, (row, answer.text)


async def test_without_a_scope_that_is_needed_nothing_is_done(
    world: World, make_key: MakeKey
) -> None:
    """The first operation of an endpoint asks for its scopes whatever it is about."""
    access = DialectAccess(core_schema(schema()))
    lacking: dict[Scope, str] = {}
    for row in ROWS:
        asked = access.asked(CARTINO, replace(route_of(row, world.ids), further=()))
        for scope in map(Scope, asked.scopes):
            if scope not in lacking:
                lacking[scope] = await make_key("cartino", *(set(Scope) - {scope}))
            async with world.undone():
                answer = await world.call(row, bearer(lacking[scope]))
            assert told(answer) == FORBIDDEN, (row, scope)
        if asked.own:
            assert told(await world.call(row, bearer(world.key))) == FORBIDDEN, row


# What is done after an endpoint has looked at what it is about, and what that takes.
LATER = {
    "/orders/{order}": Scope.WRITE_ORDERS,
    "/orders/{order}/fulfill": Scope.WRITE_ORDERS,
    "/orders/{order}/cancel": Scope.WRITE_ORDERS,
    "/orders/{paid}/refund": Scope.REFUND_PAYMENTS,
    "/order-items/{line}/fulfill": Scope.WRITE_ORDERS,
    "/order-items/{paid_line}/refund": Scope.REFUND_PAYMENTS,
    "PUT /customers/{john}": Scope.WRITE_CUSTOMERS,
    "DELETE /customers/{john}": Scope.ERASE_CUSTOMERS,
    "/products/{product}": Scope.WRITE_PRODUCTS,
    "/variants/{shirt}": Scope.WRITE_PRODUCTS,
    "/inventory/levels/{level}": Scope.WRITE_STOCK,
    "/inventory-items/{shirt}/adjust": Scope.WRITE_STOCK,
    "/webhooks/{hook}": Scope.WRITE_WEBHOOKS,
}


async def test_who_may_look_may_not_change(world: World, make_key: MakeKey) -> None:
    for row in ROWS:
        scope = LATER.get(row.path) or LATER.get(f"{row.method} {row.path}")
        if scope is None or row.method == "GET":
            continue
        key = await make_key("cartino", *(set(Scope) - {scope}))
        async with world.undone():
            assert told(await world.call(row, bearer(key))) == FORBIDDEN, row
