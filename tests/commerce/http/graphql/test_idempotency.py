"""Keys in requests: how they are sent, what is answered, and that every mutation takes one."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest
from graphql import GraphQLField, GraphQLString
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection

from commerce.catalog.service.brands import BrandService
from commerce.core.clock import system_clock
from commerce.core.db import UnitOfWork
from commerce.core.viewer import SYSTEM, Scope
from commerce.idempotency.rules import KEPT_PAYMENTS
from commerce.identity.kinds import Audience, Holder
from commerce.staff.service.api_keys import IssuedKey
from commerce.wiring import Services
from resolvers import mutations
from resolvers.mutations import Manner, Stepped, Transactional, manner_of, stepped_mutation
from resolvers.schema import core_schema, policies
from tests.support.graphql import schema
from tests.support.operations import MISSING, RootField, everywhere, root_fields, variables
from tests.support.services import PORTS

SCHEMA = core_schema(schema())
MUTATIONS = [field for field in root_fields(SCHEMA) if field.kind == "mutation"]
POLICIES = policies(schema())
# What more some of them want, not to be refused as asked wrongly.
INPUTS: dict[str, dict[str, Any]] = {
    "stockLevelUpdate": {"input": {"variantId": MISSING, "lowStockThreshold": 1}},
}
ADD = """
    mutation Add($name: String!) {
      brandUpsert(input: { name: $name }) { brand { name id slug } userErrors { code } }
    }
"""
KEYED = """
    mutation Add($name: String!, $key: String!) {
      brandUpsert(input: { name: $name }) @idempotent(key: $key) { brand { id slug } }
    }
"""
TWO = """
    mutation Two($first: String!, $second: String!) {
      a: brandUpsert(input: { name: "A" }) @idempotent(key: $first) { brand { id } }
      b: brandUpsert(input: { name: "B" }) @idempotent(key: $second) { brand { id } }
    }
"""
ADJUST = """
    mutation Adjust($input: StockAdjustInput!) {
      stockAdjust(input: $input) { movements { delta } userErrors { code } }
    }
"""


class SerializationError(Exception):
    sqlstate = "40001"


class Caller:
    """Somebody with a credential."""

    def __init__(self, client: httpx.AsyncClient, credential: str) -> None:
        self._client = client
        self._headers = {"Authorization": f"Bearer {credential}"}

    async def send(
        self, query: str, given: dict[str, Any] | None = None, key: str | None = None
    ) -> httpx.Response:
        headers = self._headers | ({} if key is None else {"Idempotency-Key": key})
        body = {"query": query, "variables": given or {}}
        return await self._client.post("/graphql", json=body, headers=headers)


@pytest.fixture
async def caller(client: httpx.AsyncClient, uow: UnitOfWork) -> Caller:
    """An API key that holds every scope."""
    services = Services(uow, SYSTEM, system_clock, PORTS)
    issued = await services.api_keys.create("test", frozenset(Scope))
    assert isinstance(issued, IssuedKey)
    return Caller(client, issued.text)


@pytest.fixture
def brands(uow: UnitOfWork) -> Callable[[], Awaitable[int]]:
    async def count() -> int:
        return int(await uow.scalar(text("SELECT count(*) FROM brands")))

    return count


@pytest.fixture
async def customer(client: httpx.AsyncClient, uow: UnitOfWork) -> Caller:
    id_ = await uow.scalar(text("INSERT INTO customers (email) VALUES ('a@b.c') RETURNING id"))
    services = Services(uow, SYSTEM, system_clock, PORTS)
    session = await services.sessions.open(Holder(Audience.STOREFRONT, id_))
    return Caller(client, session.access_token)


def code_of(response: httpx.Response) -> str:
    code: str = response.json()["errors"][0]["extensions"]["code"]
    return code


def data_in(response: httpx.Response) -> bytes:
    """The answer's `data` as it was printed."""
    return response.content.partition(b'"data":')[2].partition(b',"extensions":')[0]


async def test_a_repeated_call_is_answered_byte_for_byte(caller: Caller, brands: Any) -> None:
    given = {"name": "Nordwärts ☃"}
    first = await caller.send(ADD, given, "k")
    again = await caller.send(ADD, given, "k")
    assert first.json()["data"]["brandUpsert"]["brand"]["name"] == given["name"]
    assert data_in(again) == data_in(first) != b""
    assert "Idempotent-Replayed" not in first.headers
    assert again.headers["Idempotent-Replayed"] == "true"
    assert again.json()["extensions"]["idempotency"] == {"replayed": ["brandUpsert"]}
    assert await brands() == 1


async def test_header_and_directive_are_the_same(caller: Caller, brands: Any) -> None:
    await caller.send(KEYED, {"name": "A", "key": "k"})
    assert (await caller.send(KEYED, {"name": "A", "key": "k"}, '"k"')).headers[
        "Idempotent-Replayed"
    ]
    without = KEYED.replace("@idempotent(key: $key)", "").replace(", $key: String!", "")
    assert (await caller.send(without, {"name": "A"}, "k")).headers["Idempotent-Replayed"]
    assert await brands() == 1


async def test_any_selection_of_a_field_may_have_its_key(caller: Caller, brands: Any) -> None:
    add = 'brandUpsert(input: {name: "A"})'
    query = (
        f'mutation {{ {add} {{ brand {{ id }} }} {add} @idempotent(key: "k") {{ __typename }} }}'
    )
    await caller.send(query)
    assert (await caller.send(query)).headers["Idempotent-Replayed"] == "true"
    assert code_of(await caller.send(query, key="other")) == "IDEMPOTENCY_KEY_INVALID"
    assert await brands() == 1


async def test_another_body_is_refused(caller: Caller, brands: Any) -> None:
    await caller.send(ADD, {"name": "A"}, "k")
    for query, name in [(ADD, "B"), (ADD.replace("slug", ""), "A"), (ADD.replace("A", "a"), "a")]:
        refused = await caller.send(query, {"name": name}, "k")
        assert (refused.status_code, code_of(refused)) == (422, "IDEMPOTENCY_KEY_REUSED")
    assert "data" not in refused.json()
    assert await brands() == 1


async def test_what_does_not_matter_may_differ(caller: Caller) -> None:
    await caller.send(ADD, {"name": "A"}, "k")
    respelled = " ".join(ADD.split()).replace("Add(", "Other(").replace("brandU", "x: brandU")
    again = await caller.send(respelled, {"name": "A"}, "k")
    assert again.json()["extensions"]["idempotency"] == {"replayed": ["x"]}


async def test_fragments_belong_to_the_body(caller: Caller) -> None:
    spread = 'mutation { brandUpsert(input: {name: "A"}) { brand { ...B } } } fragment B on Brand'
    await caller.send(spread + " { id }", key="k")
    assert (await caller.send(spread + " { id }", key="k")).headers["Idempotent-Replayed"]
    assert (await caller.send(spread + " { id slug }", key="k")).status_code == 422


async def test_a_call_in_flight_is_to_be_sent_again(caller: Caller, uow: UnitOfWork) -> None:
    await caller.send(ADD, {"name": "A"}, "k")
    await uow.change(text("UPDATE idempotency_keys SET answer = NULL"))
    refused = await caller.send(ADD, {"name": "A"}, "k")
    assert (refused.status_code, code_of(refused)) == (409, "IDEMPOTENCY_IN_FLIGHT")
    assert refused.headers["Retry-After"] == "1"


async def test_each_root_field_has_its_own_key(caller: Caller, brands: Any) -> None:
    await caller.send(TWO, {"first": "1", "second": "2"})
    again = await caller.send(TWO, {"first": "1", "second": "3"})
    assert again.json()["extensions"]["idempotency"] == {"replayed": ["a"]}
    clash = await caller.send(TWO, {"first": "2", "second": "4"})
    assert (clash.status_code, code_of(clash)) == (422, "IDEMPOTENCY_KEY_REUSED")
    assert await brands() == 2


@pytest.mark.parametrize(
    ("query", "given", "key"),
    [
        (TWO, {"first": "1", "second": "2"}, "k"),
        (KEYED, {"name": "A", "key": "one"}, "another"),
        (KEYED, {"name": "A", "key": ""}, None),
        (KEYED, {"name": "A", "key": "k" * 256}, None),
        (KEYED, {"name": "A", "key": "tab\t"}, None),
        (KEYED, {"name": "A", "key": "ü"}, None),
        (ADD, {"name": "A"}, ""),
    ],
)
async def test_what_is_no_key_is_refused_before_anything_is_done(
    caller: Caller, brands: Any, query: str, given: dict[str, Any], key: str | None
) -> None:
    refused = await caller.send(query, given, key)
    assert (refused.status_code, code_of(refused)) == (400, "IDEMPOTENCY_KEY_INVALID")
    assert await brands() == 0


async def test_strangers_need_keys_that_nobody_guesses(client: httpx.AsyncClient) -> None:
    call = 'passwordResetRequest(input: {email: "a@b.example"}) { userErrors { code } }'
    ask = {"query": f"mutation {{ {call} }}"}
    short = await client.post("/graphql", json=ask, headers={"Idempotency-Key": "1"})
    assert code_of(short) == "IDEMPOTENCY_KEY_INVALID"
    long = {"Idempotency-Key": "8e03978e-40d5-43dd"}
    await client.post("/graphql", json=ask, headers=long)
    again = await client.post("/graphql", json=ask, headers=long)
    assert again.headers["Idempotent-Replayed"] == "true"


@pytest.mark.parametrize(
    "query",
    [
        '{ brands @idempotent(key: "k") { nodes { id } } }',
        'mutation { brandUpsert(input: {name: "A"}) { brand @idempotent(key: "k") { id } } }',
    ],
)
async def test_the_directive_stands_on_mutations_alone(caller: Caller, query: str) -> None:
    refused = await caller.send(query)
    assert code_of(refused) == "GRAPHQL_VALIDATION_FAILED"


async def test_queries_take_no_notice_of_the_header(caller: Caller) -> None:
    answer = await caller.send("{ brands { nodes { id } } products { nodes { id } } }", key="k")
    assert "errors" not in answer.json()


async def test_what_was_refused_can_be_put_right_under_the_same_key(caller: Caller) -> None:
    wrong = await caller.send(ADD, {"name": ""}, "k")
    assert wrong.json()["data"]["brandUpsert"]["userErrors"]
    assert (await caller.send(ADD, {"name": "A"}, "k")).json()["data"]["brandUpsert"]["brand"]


async def test_an_error_in_the_answer_undoes_the_call(caller: Caller, brands: Any) -> None:
    query = ADD.replace("slug }", 'slug products(after: "nonsense") { nodes { id } } }')
    failed = await caller.send(query, {"name": "A"}, "k")
    assert code_of(failed) == "INVALID_CURSOR"
    assert failed.json()["data"] is None
    assert await brands() == 0
    assert "errors" not in (await caller.send(ADD, {"name": "A"}, "k")).json()


async def test_a_transaction_that_lost_a_race_is_tried_again(
    caller: Caller, brands: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    upsert, tries = BrandService.upsert, []

    async def losing(self: BrandService, *arguments: Any, **named: Any) -> Any:
        tries.append(await upsert(self, *arguments, **named))
        if len(tries) == 1:
            raise OperationalError("UPDATE", {}, SerializationError())
        return tries[-1]

    monkeypatch.setattr(BrandService, "upsert", losing)
    answer = await caller.send(ADD, {"name": "A"}, "k")
    assert "errors" not in answer.json()
    assert (len(tries), await brands()) == (2, 1)
    assert (await caller.send(ADD, {"name": "A"}, "k")).headers["Idempotent-Replayed"]


async def test_programs_adjust_stock_with_a_key_or_a_reference(caller: Caller) -> None:
    bare: dict[str, Any] = {"changes": [], "reason": "none"}
    refused = await caller.send(ADJUST, {"input": bare})
    assert (refused.status_code, code_of(refused)) == (400, "IDEMPOTENCY_KEY_REQUIRED")
    assert "errors" not in (await caller.send(ADJUST, {"input": bare}, "k")).json()
    named = bare | {"reference": "delivery 7"}
    assert "errors" not in (await caller.send(ADJUST, {"input": named})).json()


async def test_a_key_costs_two_statements_and_none_costs_nothing(
    caller: Caller, statements: list[str]
) -> None:
    async def cost(name: str, key: str | None) -> int:
        statements.clear()
        await caller.send(ADD, {"name": name}, key)
        return len(statements)

    await cost("warm", "warm")
    bare = await cost("A", None)
    assert not any("idempotency_keys" in statement for statement in statements)
    assert await cost("B", "k") == bare + 2
    assert sum("idempotency_keys" in statement for statement in statements) == 2
    await cost("B", "k")
    assert [s for s in statements if "brands" in s] == []
    assert sum("idempotency_keys" in statement for statement in statements) == 2


def test_every_mutation_says_how_it_is_repeated() -> None:
    for field in MUTATIONS:
        declared = SCHEMA.mutation_type.fields[field.name].extensions["strawberry-definition"]  # type: ignore[union-attr]  # there is one
        kinds = [type(part) for part in declared.extensions]
        assert kinds in ([Transactional], [Stepped]), field.name


def test_answers_of_payments_are_kept_longer() -> None:
    declared = stepped_mutation(Scope.CAPTURE_PAYMENTS, description="Capture.", needs_key=True)

    field = GraphQLField(GraphQLString, extensions={"strawberry-definition": declared})
    assert manner_of(field) == Manner(steps=True, kept=KEPT_PAYMENTS, needs_key=True)
    assert timedelta(hours=72) == KEPT_PAYMENTS


async def test_every_mutation_is_answered_the_same_again(
    caller: Caller,
    customer: Caller,
    connection: AsyncConnection,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """With made-up input most refuse: here that is kept like any other answer."""
    monkeypatch.setattr(mutations, "refuses", lambda _payload: False)
    for field in MUTATIONS:
        policy = POLICIES["Mutation", field.name]
        asking = customer if policy.owner or field.name == "sessionRevoke" else caller
        given = variables(field, None, MISSING, everywhere(MISSING)) | INPUTS.get(field.name, {})
        given["key"] = f"key of {field.name}"
        undo = await connection.begin_nested()
        first = await asking.send(keyed(field), given)
        again = await asking.send(keyed(field), given)
        await undo.rollback()
        assert "errors" not in first.json(), field.name
        assert again.headers.get("Idempotent-Replayed") == "true", field.name
        assert data_in(again) == data_in(first), field.name


def keyed(field: RootField) -> str:
    declared = ", ".join(f"${name}: {part.type}" for name, part in field.arguments.items())
    given = ", ".join(f"{name}: ${name}" for name in field.arguments)
    call = f"{field.name}({given}) @idempotent(key: $key) {{ __typename userErrors {{ code }} }}"
    return f"mutation Op($key: String!, {declared}) {{ {call} }}"
