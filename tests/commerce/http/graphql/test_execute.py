import asyncio
from time import monotonic
from typing import Any

import pytest

from commerce.core.db import OpenUnit, units_on
from commerce.core.limiter import Allowance
from commerce.core.pool import Database, PoolLimits
from commerce.core.viewer import ANONYMOUS, Viewer, ViewerKind
from commerce.http.graphql.errors import RefusedError
from commerce.http.graphql.execute import Answer, ExecutorOptions
from commerce.http.record import RequestRecord, reset_record, set_record
from tests.support.shop import CANARY, KEYED, shop_executor

DEVELOPMENT = ExecutorOptions(production=False)


async def run(query: str, variables: dict[str, Any] | None = None, **options: Any) -> Answer:
    return await shop_executor().execute(query, variables, viewer=ANONYMOUS, **options)


async def test_answers() -> None:
    answer = await run("query ($id: ID!) { good(id: $id) { id name } }", {"id": "5"})
    assert answer.data == {"good": {"id": "5", "name": "Chair"}}
    assert answer.status == 200


async def test_fields_keep_the_order_of_the_query() -> None:
    answer = await run("{ good { name id } viewer again: viewer }")
    assert list(answer.body()["data"]) == ["good", "viewer", "again"]
    assert list(answer.body()["data"]["good"]) == ["name", "id"]


@pytest.mark.parametrize(
    ("query", "variables", "code"),
    [
        ("{", None, "GRAPHQL_PARSE_FAILED"),
        ("{ nope }", None, "GRAPHQL_VALIDATION_FAILED"),
        ("subscription { good }", None, "GRAPHQL_VALIDATION_FAILED"),
        ("fragment F on Query { viewer }", None, "GRAPHQL_VALIDATION_FAILED"),
        ("query A { viewer } query B { viewer }", None, "OPERATION_RESOLUTION_FAILURE"),
        ("query ($n: Int!) { goods(first: $n) { nodes { id } } }", {}, "BAD_USER_INPUT"),
        ("query ($n: Int!) { goods(first: $n) { nodes { id } } }", {"n": "x"}, "BAD_USER_INPUT"),
        ("query ($n: Int!) { goods(first: $n) { nodes { id } } }", {"n": 2**31}, "BAD_USER_INPUT"),
        ("query ($t: String!) { echo(text: $t) }", {"t": "a\0b"}, "BAD_USER_INPUT"),
        ("query ($t: String!) { echo(text: $t) }", {"t": "\ud800"}, "BAD_USER_INPUT"),
        ("query ($v: JSON!) { json(value: $v) }", {"v": {"a\0": 1}}, "BAD_USER_INPUT"),
        ("query ($v: JSON!) { json(value: $v) }", {"v": "x" * 10_001}, "LIMIT_EXCEEDED"),
        ("query ($v: JSON!) { json(value: $v) }", {"v": [0] * 101}, "LIMIT_EXCEEDED"),
        ("query ($v: JSON!) { json(value: $v) }", {"v": [[[[[[[[[[1]]]]]]]]]]}, "LIMIT_EXCEEDED"),
        ("query ($v: JSON!) { json(value: $v) }", {"v": [[0] * 99] * 20}, "LIMIT_EXCEEDED"),
        ("{ viewer }", {f"v{n}": n for n in range(2_001)}, "LIMIT_EXCEEDED"),
        ("{ goods(first: 100) { nodes { items { nodes { id } } } } }", None, "LIMIT_EXCEEDED"),
    ],
)
async def test_refuses_before_anything_runs(
    query: str, variables: dict[str, Any] | None, code: str
) -> None:
    answer = await run(query, variables)
    assert (answer.status, answer.code, answer.executed) == (400, code, False)
    assert "data" not in answer.body()


async def test_variables_may_hold_up_to_so_many_values() -> None:
    value = [[0] * 99] * 19 + [[0] * 98]
    answer = await run("query ($v: JSON!) { json(value: $v) }", {"v": value})
    assert answer.data == {"json": value}


@pytest.mark.parametrize("depth", [1, 9])
async def test_variables_may_be_nested_up_to_their_limit(depth: int) -> None:
    value: Any = 1
    for _ in range(depth):
        value = [value]
    answer = await run("query ($v: JSON!) { json(value: $v) }", {"v": value})
    assert answer.data == {"json": value}


async def test_a_cost_that_variables_raise_is_refused_for_those_alone() -> None:
    query = "query ($n: Int!) { goods(first: $n) { nodes { items(first: $n) { nodes { id } } } } }"
    executor = shop_executor()
    assert (await executor.execute(query, {"n": 10}, viewer=ANONYMOUS)).status == 200
    answer = await executor.execute(query, {"n": 50}, viewer=ANONYMOUS)
    assert answer.errors[0]["message"] == "The operation costs 2652, at most 2000 are allowed."
    assert (await executor.execute(query, {"n": 50}, viewer=KEYED)).status == 200


async def test_stored_operations_may_cost_more() -> None:
    executor = shop_executor()
    document = executor.prepare("{ goods(first: 100) { nodes { items { nodes { id } } } } }")
    assert (await executor.execute(document, viewer=ANONYMOUS)).status == 200


async def test_a_stored_operation_the_schema_does_not_know_is_refused_at_once() -> None:
    with pytest.raises(RefusedError) as caught:
        shop_executor().prepare("query ListGoods { goodies { id } }")
    assert "Cannot query field 'goodies' on type 'Query'" in caught.value.errors[0]["message"]


async def test_the_cost_is_told_and_while_developing_all_limits() -> None:
    query = "{ goods(first: 3) { nodes { id } } }"
    cost = {"requested": 5, "limit": 2000}
    assert (await run(query)).body()["extensions"] == {"cost": cost}
    told = await shop_executor(options=DEVELOPMENT).execute(query, viewer=KEYED)
    extensions = told.body()["extensions"]
    assert extensions["cost"] == {"requested": 5, "limit": 10_000}
    assert (extensions["limits"]["depth"], extensions["limits"]["input_items"]) == (15, 250)


async def test_a_cost_that_is_too_high_is_told_too() -> None:
    answer = await run("{ goods(first: 100) { nodes { items { nodes { id } } } } }")
    assert answer.extensions == {"cost": {"requested": 2302, "limit": 2000}}
    assert "extensions" not in (await run("{ nope }")).body()


async def test_what_is_left_of_the_callers_points_is_told() -> None:
    record = RequestRecord("r", allowance=Allowance(True, 2_000, 1_995, 1_800_000_000.4))
    token = set_record(record)
    answer = await run("{ goods(first: 3) { nodes { id } } }")
    reset_record(token)
    throttle = {"limit": 2_000, "remaining": 1_995, "resetAt": 1_800_000_000}
    assert answer.extensions["cost"]["throttle"] == throttle


INTROSPECTION = "{ __schema { types { name } } }"


@pytest.mark.parametrize("query", [INTROSPECTION, '{ viewer __type(name: "Good") { name } }'])
async def test_strangers_learn_the_schema_in_development_only(query: str) -> None:
    answer = await run(query)
    assert (answer.status, answer.code) == (401, "UNAUTHENTICATED")
    assert (await shop_executor().execute(query, viewer=KEYED)).status == 200
    open_ = shop_executor(options=DEVELOPMENT)
    assert (await open_.execute(query, viewer=ANONYMOUS)).status == 200
    customer = await shop_executor().execute(query, viewer=Viewer(ViewerKind.CUSTOMER, 1))
    assert (customer.status, customer.code) == (403, "FORBIDDEN")


async def test_typename_is_for_everybody() -> None:
    assert (await run("{ __typename good { __typename } }")).data == {
        "__typename": "Query",
        "good": {"__typename": "Good"},
    }


@pytest.mark.parametrize("query", ["{ broken }", "{ wrong }"])
async def test_a_bug_is_masked_and_logged(
    query: str, capsys: pytest.CaptureFixture[str], json_logs: None
) -> None:
    token = set_record(RequestRecord("request-1"))
    answer = await run(query)
    reset_record(token)
    (error,) = answer.errors
    assert error == {
        "message": "Something went wrong.",
        "locations": [{"line": 1, "column": 3}],
        "path": [query[2:-2]],
        "extensions": {"code": "INTERNAL_SERVER_ERROR", "requestId": "request-1"},
    }
    assert answer.body()["data"] == {query[2:-2]: None}
    line = capsys.readouterr().err
    assert '"event":"field_failed"' in line
    assert "Traceback" in line
    assert "request-1" in line


async def test_a_refusal_of_a_resolver_keeps_its_message() -> None:
    answer = await run("{ viewer refused }")
    (error,) = answer.errors
    assert (error["message"], error["path"]) == ("Not like this.", ["refused"])
    assert answer.code == "BAD_USER_INPUT"
    assert (answer.status, answer.body()["data"]) == (200, None)


async def test_an_argument_that_only_variables_make_wrong_is_the_callers() -> None:
    query = "query ($n: Int = 5) { goods(first: $n) { nodes { id } } }"
    answer = await run(query, {"n": None})
    assert answer.code == "BAD_USER_INPUT"
    assert "Argument 'first'" in answer.errors[0]["message"]


async def test_without_the_database_there_is_no_data_and_a_503() -> None:
    answer = await run("{ viewer away }")
    assert (answer.status, answer.code) == (503, "UNAVAILABLE")
    assert "data" not in answer.body()


async def test_a_context_that_cannot_be_made_is_a_bug(json_logs: None) -> None:
    executor = shop_executor()
    executor._context_for = lambda _uow, _viewer: 1 / 0
    answer = await executor.execute("{ viewer }", viewer=ANONYMOUS)
    assert (answer.status, answer.code) == (500, "INTERNAL_SERVER_ERROR")
    assert answer.errors[0]["message"] == "Something went wrong."


async def test_a_request_ends_at_its_deadline() -> None:
    executor = shop_executor(options=ExecutorOptions(timeout=0.1))
    started = monotonic()
    answer = await executor.execute("{ wait(seconds: 30) }", viewer=ANONYMOUS)
    assert (answer.status, answer.code) == (503, "UNAVAILABLE")
    assert monotonic() - started < 5


async def test_only_queries_when_asked_to() -> None:
    answer = await run("mutation { change { id } }", only_queries=True)
    assert (answer.status, answer.code) == (405, "METHOD_NOT_ALLOWED")


async def test_statements_are_those_of_the_resolvers(
    open_unit: OpenUnit, statements: list[str]
) -> None:
    executor = shop_executor(open_unit)
    answer = await executor.execute("{ a: one b: one viewer }", viewer=KEYED)
    assert answer.data == {"a": 1, "b": 1, "viewer": "api_key:7"}
    assert answer.statements == len(statements) == 2


async def test_the_record_tells_what_happened() -> None:
    record = RequestRecord("r")
    token = set_record(record)
    await shop_executor().execute("query Named { one }", viewer=KEYED)
    reset_record(token)
    assert (record.viewer, record.operation, record.statements) == ("api_key:7", "Named", 1)
    assert (record.stored, record.refused) == (False, None)


@pytest.mark.parametrize("field", ["badSql", "twice", "wrongType"])
async def test_sql_and_values_never_leave_the_server(
    field: str, database: Database, capsys: pytest.CaptureFixture[str], json_logs: None
) -> None:
    query = f"query ($value: String!) {{ {field}(value: $value) }}"
    executor = shop_executor(units_on(database))
    answer = await executor.execute(query, {"value": CANARY}, viewer=ANONYMOUS)
    assert answer.errors[0]["message"] == "Something went wrong."
    logged = capsys.readouterr().err
    assert "sqlalchemy.exc" in logged
    assert "sqlalchemy" not in str(answer.body())
    assert CANARY not in str(answer.body()) + logged


async def test_a_field_that_fails_leaves_no_statement_behind(committed_url: str) -> None:
    """The batch beside it sleeps in the database when the answer is already decided."""
    database = Database(committed_url, PoolLimits(size=1, overflow=0))
    executor = shop_executor(units_on(database))
    await executor.execute("{ one }", viewer=ANONYMOUS)
    started = monotonic()
    answer = await executor.execute("{ nap(seconds: 5) refused }", viewer=ANONYMOUS)
    assert answer.code == "BAD_USER_INPUT"
    assert (await executor.execute("{ one }", viewer=ANONYMOUS)).data == {"one": 1}
    assert monotonic() - started < 3
    assert database.engine.pool.checkedout() == 0  # type: ignore[attr-defined]  # a queue pool
    await database.close()


async def test_a_deadline_in_the_database_gives_the_connection_back(committed_url: str) -> None:
    database = Database(committed_url, PoolLimits(size=1, overflow=0))
    executor = shop_executor(units_on(database), ExecutorOptions(timeout=0.3))
    await executor.execute("{ one }", viewer=ANONYMOUS)
    answer = await executor.execute("{ nap(seconds: 20) }", viewer=ANONYMOUS)
    assert answer.status == 503
    assert (await executor.execute("{ one }", viewer=ANONYMOUS)).data == {"one": 1}
    await database.close()


async def test_a_database_that_is_away_is_a_503_unless_there_is_something_to_show() -> None:
    database = Database("postgresql+asyncpg://nobody:hush@127.0.0.1:1/none", PoolLimits(connect=1))
    executor = shop_executor(units_on(database))
    nothing = await executor.execute("{ one again: one }", viewer=ANONYMOUS)
    assert (nothing.status, nothing.code, nothing.executed) == (503, "UNAVAILABLE", False)
    some = await executor.execute("{ viewer one }", viewer=ANONYMOUS)
    assert (some.status, some.data) == (200, {"viewer": "anonymous", "one": None})
    assert some.code == "UNAVAILABLE"
    assert "hush" not in str(nothing.body()) + str(some.body())
    await database.close()


async def test_many_at_once_do_not_mix() -> None:
    executor = shop_executor()
    query = "query ($t: String!) { echo(text: $t) wait(seconds: 0.01) }"
    answers = await asyncio.gather(
        *(executor.execute(query, {"t": str(n)}, viewer=ANONYMOUS) for n in range(50))
    )
    assert [answer.data["echo"] for answer in answers if answer.data] == [str(n) for n in range(50)]
