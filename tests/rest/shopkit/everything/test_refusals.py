"""What is not there, what is no call, and what is called twice."""

import re
from typing import Any

import httpx
import pytest

from commerce.rest.paths import Table
from commerce.rest.shopkit.routes import SHOPKIT
from tests.rest.conftest import MakeKey
from tests.rest.shopkit.everything.walk import STEPS, filled, id_in
from tests.support.rest import BEARER, PaperShop

KEY = BEARER["shopkit"]
PARAMETER = re.compile(r"\{\w+\}")
UNKNOWN = "999999"
NOT_FOUND = (404, {"message": "Not found."})
# Words, numbers below nothing, and numbers that no row can have.
ODD = ("x", "-1", "1.5", "0", str(2**64), "%20", "a%2Bb", "%C3%A9")
PATHS = sorted({route.path for route in SHOPKIT.routes})


@pytest.fixture
async def program(
    http: httpx.AsyncClient, make_key: MakeKey
) -> tuple[httpx.AsyncClient, dict[str, str]]:
    return http, {"X-API-KEY": await make_key("shopkit")}


async def walked(
    http: httpx.AsyncClient, headers: dict[str, str], ids: dict[str, Any], *methods: str
) -> None:
    for step in STEPS:
        if step.method in methods and step.keeps:
            sent = filled(step.sent, ids)
            answer = await http.request(
                step.method, f"/v1{filled(step.path, ids)}", headers=headers, json=sent
            )
            found = answer.json() if answer.content else None
            ids[step.keeps] = id_in(found)


async def test_what_is_not_there_is_not_found(
    program: tuple[httpx.AsyncClient, dict[str, str]], order: Any
) -> None:
    """The last thing that a path names; what no number can be is no better."""
    http, headers = program
    ids: dict[str, Any] = {"order": order.id}
    await walked(http, headers, ids, "POST")
    for step in STEPS:
        names = PARAMETER.findall(step.path)
        if not names or "?" in step.path:
            continue
        head, _, tail = step.path.rpartition(names[-1])
        sent = {} if step.sent is None else {"json": filled(step.sent, ids)}
        for asked in (UNKNOWN, *ODD):
            path = f"/v1{filled(head, ids)}{asked}{tail}"
            answer = await http.request(step.method, path, headers=headers, **sent)
            told = (answer.status_code, answer.json())
            if asked == UNKNOWN:
                assert told == NOT_FOUND, (step, path)
            else:
                assert told in (NOT_FOUND, (400, {"message": "Bad request."})), (step, path)


async def test_a_retried_addition_is_made_once(
    program: tuple[httpx.AsyncClient, dict[str, str]], order: Any
) -> None:
    """With an idempotency key: what it changed since is no reason to refuse it."""
    http, headers = program
    ids: dict[str, Any] = {"order": order.id}
    for place, step in enumerate(each for each in STEPS if each.method == "POST"):
        sent = {} if step.sent is None else {"json": filled(step.sent, ids)}
        path, keyed = f"/v1{filled(step.path, ids)}", {**headers, "Idempotency-Key": f"k{place}"}
        first, again = [await http.post(path, headers=keyed, **sent) for _ in range(2)]
        assert first.status_code == 201, (step, first.text)
        assert "Idempotent-Replayed" not in first.headers
        assert (again.status_code, again.content) == (201, first.content), (step, again.text)
        assert again.headers["Idempotent-Replayed"] == "true", step
        if step.keeps:
            ids[step.keeps] = id_in(first.json())


@pytest.mark.parametrize("path", PATHS)
async def test_methods_that_a_path_has_not(path: str) -> None:
    client = PaperShop().client()
    address = f"/v1{PARAMETER.sub('1', path)}"
    served = {match.route.method for match in Table(SHOPKIT).matches(address)}
    allowed = {*served, "OPTIONS"} | ({"HEAD"} if "GET" in served else set())
    for method in {"GET", "POST", "PUT", "PATCH", "DELETE"} - served:
        answer = await client.request(method, address, headers=KEY)
        assert (answer.status_code, answer.json()) == (405, {"message": "Method not allowed."})
        assert set(answer.headers["Allow"].split(", ")) == allowed
    told = await client.options(address, headers=KEY)
    assert (told.status_code, set(told.headers["Allow"].split(", "))) == (204, allowed)


@pytest.mark.parametrize("path", ["brand", "category", "product", "order"])
async def test_a_lookup_reads_what_its_list_does(path: str) -> None:
    """Both are one address: what one refuses, the other does not pass over."""
    shop = PaperShop()
    answer = await shop.client().get(f"/v1/{path}?id=1&limit=soon", headers=KEY)
    assert (answer.status_code, shop.executed) == (400, [])
