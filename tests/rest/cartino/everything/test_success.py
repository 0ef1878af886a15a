"""Every endpoint, called well: as it is documented, in both path forms, and twice under one key."""

import json
from typing import Any

import httpx
import jsonschema_rs

from commerce.rest.cartino.routes import CARTINO
from tests.rest.cartino.everything.conftest import World
from tests.rest.cartino.everything.routes import answers_of, document, route_of
from tests.rest.cartino.everything.world import ROWS, Row

WRITES = [row for row in ROWS if row.method != "GET"]
READS = [row for row in ROWS if row.method == "GET"]
# They change nothing, so that there is nothing to do once.
ASKING = (
    "/variants/{shirt}/price/calculate",
    "/carts/{cart}/discounts/calculate",
    "/discounts/validate",
    "/coupons/validate",
    "/shipping/calculate",
    "/customer-groups/{group}/validate-order",
    "/inventory-items/{shirt}/check-availability",
)


def flaws(answer: httpx.Response, row: Row, world: World) -> list[str]:
    """Where an answer is not as documented."""
    documented = answers_of(route_of(row, world.ids))[str(answer.status_code)]
    schema = documented["content"]["application/json"]["schema"]
    validator = jsonschema_rs.validator_for({**schema, "components": document()["components"]})
    found = validator.iter_errors(answer.json())
    return [f"{'.'.join(map(str, each.instance_path))}: {each.message}" for each in found]


async def test_every_endpoint_answers_as_documented(world: World) -> None:
    assert {id(route_of(row, world.ids)) for row in ROWS} == {id(each) for each in CARTINO.routes}
    wrong: list[Any] = []
    for row in ROWS:
        async with world.undone():
            answer = await world.call(row)
        if answer.status_code != row.status:
            wrong.append((row.method, row.path, answer.status_code, answer.text[:300]))
        elif found := flaws(answer, row, world):
            wrong.append((row.method, row.path, found))
    assert not wrong, "\n".join(map(str, wrong))


async def test_both_path_forms_answer_the_same(world: World) -> None:
    for row in READS:
        plain, versioned = await world.call(row), await world.call(row, base="/api/v1")
        assert versioned.status_code == 200, row
        assert versioned.text.replace("/api/v1/", "/api/") == plain.text, row


async def test_what_is_sent_again_under_its_key_is_done_once(world: World) -> None:
    wrong: list[Any] = []
    for row in WRITES:
        headers = world.own(
            row, **{"Idempotency-Key": f"{row.method} {row.path}".replace(" ", "-")}
        )
        async with world.undone():
            answers = [await world.call(row, headers) for _ in range(2)]
        first, again = (each.text for each in answers)
        replayed = [each.headers.get("Idempotent-Replayed") for each in answers]
        if first != again or replayed[0] or not (replayed[1] or row.path in ASKING):
            wrong.append((row.method, row.path, replayed, first[:300], again[:300]))
    assert not wrong, "\n".join(map(str, wrong))


async def test_another_call_under_the_same_key_is_refused(world: World) -> None:
    headers = world.own(ROWS[0], **{"Idempotency-Key": "one"})
    for email, status in (("a@shop.test", 201), ("b@shop.test", 422)):
        answer = await world.call(Row("POST", "/customers", {"email": email}), headers)
        assert answer.status_code == status
    told = {"message": "The idempotency key was used for something else"}
    assert json.loads(answer.text) == told
