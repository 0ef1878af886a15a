"""Every endpoint, called by those who may and by those who may not."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import cycle
from typing import Any

import httpx

from commerce.core.viewer import Scope
from commerce.dialect_access import DialectAccess
from commerce.rest.paths import Table, chosen
from commerce.rest.query import Query
from commerce.rest.route import Route
from commerce.rest.shopkit.routes import SHOPKIT
from resolvers.schema import core_schema
from tests.rest.conftest import MakeKey
from tests.rest.shopkit.everything.walk import STEPS, Step, filled, id_in
from tests.support.graphql import schema
from tests.support.rest import LITESTORE_KEY, SHOPKIT_KEY, PaperShop

TABLE = Table(SHOPKIT)
KEY = "X-API-KEY"
UNAUTHORIZED = (401, {"message": "Unauthorized."})
FORBIDDEN = (403, {"message": "Forbidden."})
# Headers, and the key in the query.
Sender = tuple[dict[str, str], str]


def route_of(step: Step) -> Route:
    path, _, query = step.path.partition("?")
    found = chosen(TABLE.matches(f"/v1{path}"), step.method, Query.parse(query.encode()))
    assert found is not None, step
    return found.route


def test_the_walk_comes_by_every_endpoint() -> None:
    assert {id(route_of(step)) for step in STEPS} == {id(route) for route in SHOPKIT.routes}


class Keys:
    """Those that may everything but one thing, made when they are asked for."""

    def __init__(self, make: MakeKey) -> None:
        self._make = make
        self._found: dict[Scope, str] = {}

    async def without(self, scope: Scope) -> str:
        if scope not in self._found:
            self._found[scope] = await self._make("shopkit", *(set(Scope) - {scope}))
        return self._found[scope]


def strangers(good: str, revoked: str, other: str) -> Iterator[Sender]:
    """Those who are nobody. The header wins."""
    yield {}, ""
    for bad in ("wrong", revoked, other):
        yield {KEY: bad}, ""
        yield {}, bad
    yield {KEY: "wrong"}, good
    yield {"Authorization": f"Bearer {good}"}, ""


async def asked(
    http: httpx.AsyncClient, step: Step, ids: Mapping[str, Any], sender: Sender
) -> httpx.Response:
    headers, key = sender
    path = f"/v1{filled(step.path, ids)}"
    if key:
        path += f"{'&' if '?' in path else '?'}{KEY}={key}"
    sent = {} if step.sent is None else {"json": filled(step.sent, ids)}
    return await http.request(step.method, path, headers=headers, **sent)


def told(answer: httpx.Response) -> tuple[int, Any]:
    return answer.status_code, answer.json()


async def test_strangers_are_nobody_everywhere() -> None:
    ids = defaultdict(lambda: 1)
    client = PaperShop().client()
    for step in STEPS:
        for sender in strangers(SHOPKIT_KEY, "sk_live_revoked", LITESTORE_KEY):
            assert told(await asked(client, step, ids, sender)) == UNAUTHORIZED, (step, sender)


async def test_who_may_not_changes_nothing_and_who_may_finds_all_as_it_was(
    http: httpx.AsyncClient, make_key: MakeKey, order: Any
) -> None:
    """Strangers in turn; who lacks one scope of those that a step needs; the owner of a key."""
    good, keys, ids = await make_key("shopkit"), Keys(make_key), {"order": order.id}
    revoked, other = await make_key("shopkit", revoked=True), await make_key("cartino")
    turns = cycle(strangers(good, revoked, other))
    access = DialectAccess(core_schema(schema()))
    for step in STEPS:
        assert told(await asked(http, step, ids, next(turns))) == UNAUTHORIZED, step
        scopes = set(map(Scope, access.asked(SHOPKIT, route_of(step)).scopes))
        for scope in scopes.difference(step.spared):
            lacking = await asked(http, step, ids, ({KEY: await keys.without(scope)}, ""))
            assert told(lacking) == FORBIDDEN, (step, scope)
        owner = ({}, good) if step.method == "GET" else ({KEY: good}, "")
        answer = await asked(http, step, ids, owner)
        assert answer.status_code == step.status, (step, answer.text)
        assert good not in answer.text
        if step.keeps:
            ids[step.keeps] = id_in(answer.json())
