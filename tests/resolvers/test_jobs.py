"""Jobs and batches through GraphQL."""

from typing import Any

from sqlalchemy import text

from commerce.app import create_app
from commerce.chores import SCHEDULED
from commerce.core.db import UnitOfWork, units_on
from commerce.core.pool import Database
from commerce.core.viewer import ANONYMOUS, Scope, Viewer, ViewerKind
from commerce.http.graphql.execute import Executor
from commerce.job_runner import doing_jobs
from commerce.jobs.kinds import JobKind
from commerce.wiring.job_handlers import JOB_HANDLERS
from tests.conftest import Ask
from tests.support.jobs import SOON, everything_over, resources_on, scalar, until

KEY = Viewer(ViewerKind.API_KEY, 1, frozenset({Scope.WRITE_PRODUCTS, Scope.READ_PRODUCTS}))
OTHER = Viewer(ViewerKind.API_KEY, 2, frozenset({Scope.WRITE_PRODUCTS}))
READER = Viewer(ViewerKind.STAFF, 3, frozenset({Scope.READ_JOBS}))
CREATE = """
mutation($input: BatchCreateInput!) { batchCreate(input: $input) {
  batch { job { id state owner } operations { id status result errors } }
  userErrors { code message path }
} }
"""
SHOW = """
query($id: ID!) { batch(id: $id) {
  job { state progress { done total } result error } operations { id status result errors }
} }
"""
JOB = (
    "query($id: ID!) { job(id: $id) { id kind state } jobs { nodes { id } totalCount { count } } }"
)
CANCEL = "mutation($id: ID!) { jobCancel(input: {id: $id}) { job { state } userErrors { code } } }"
RETRY = "mutation($id: ID!) { jobRetry(input: {id: $id}) { job { state } userErrors { code } } }"
BRAND = """
mutation($name: String!) { brandUpsert(input: {name: $name}) {
  brand { name } userErrors { code }
} }
"""
NESTED = """
mutation { batchCreate(input: {operations: [{id: "x", query: "{ __typename }"}]}) {
  userErrors { code }
} }
"""


def operations(*given: tuple[str, dict[str, Any] | None]) -> list[dict[str, Any]]:
    return [
        {"id": str(place), "query": query, "variables": variables}
        for place, (query, variables) in enumerate(given)
    ]


async def test_a_job_is_seen_stopped_and_repeated_by_its_owner_alone(ask: Ask) -> None:
    batch = {"operations": operations(("{ __typename }", None))}
    created = (await ask(CREATE, {"input": batch}, viewer=KEY))["data"]["batchCreate"]["batch"]
    id_ = created["job"]["id"]
    assert created["job"] == {"id": id_, "state": "QUEUED", "owner": "api_key:1"}
    assert created["operations"] == [
        {"id": "0", "status": "WAITING", "result": None, "errors": None}
    ]
    for viewer, sees in ((KEY, True), (READER, True), (OTHER, False), (ANONYMOUS, False)):
        found = (await ask(JOB, {"id": id_}, viewer=viewer))["data"]
        assert (found["job"] is not None, found["jobs"]["totalCount"]["count"] == 1) == (sees, sees)
        assert ((await ask(SHOW, {"id": id_}, viewer=viewer))["data"]["batch"] is not None) is sees
    for viewer in (READER, OTHER, ANONYMOUS):
        refused = (await ask(CANCEL, {"id": id_}, viewer=viewer))["data"]["jobCancel"]
        assert refused["userErrors"] == [{"code": "NOT_FOUND"}]
    canceled = (await ask(CANCEL, {"id": id_}, viewer=KEY))["data"]["jobCancel"]
    assert canceled == {"job": {"state": "CANCELED"}, "userErrors": []}
    again = (await ask(RETRY, {"id": id_}, viewer=KEY))["data"]["jobRetry"]
    assert again == {"job": {"state": "QUEUED"}, "userErrors": []}


async def test_what_is_no_batch_is_refused(ask: Ask, uow: UnitOfWork) -> None:
    one = operations(("{ __typename }", None))
    for flawed in ([], one * 2, one * 101, [{"id": "a"}]):
        answer = await ask(CREATE, {"input": {"operations": flawed}}, viewer=KEY)
        assert answer["data"]["batchCreate"]["userErrors"][0]["code"] == "INVALID"
    answer = await ask(CREATE, {"input": {"operations": one}}, viewer=ANONYMOUS)
    assert answer["errors"][0]["message"] == "Batches are for staff and API keys."
    assert await uow.scalar(text("SELECT count(*) FROM jobs")) == 0


async def test_a_key_is_the_same_batch_for_an_hour(ask: Ask, uow: UnitOfWork) -> None:
    batch = {"operations": operations(("{ __typename }", None)), "deduplicationKey": "k"}
    first, second = [
        (await ask(CREATE, {"input": batch}, viewer=KEY))["data"]["batchCreate"]["batch"]
        for _ in range(2)
    ]
    assert first == second
    assert await uow.scalar(text("SELECT count(*) FROM batch_operations")) == 1


async def test_batches_are_done_in_order_as_their_owner(database: Database) -> None:
    resources = resources_on(database)
    app = create_app(resources)
    executor: Executor = app.state.batches._executor
    async with units_on(database)() as uow:
        await uow.change(
            text(
                "INSERT INTO api_keys (id, public_id, secret_sha256, name, hint, scopes)"
                " VALUES (1, 'p', '', 'n', 'h', '{write_products,read_products}')"
            )
        )

    async def ask(query: str, **variables: Any) -> dict[str, Any]:
        answer = await executor.execute(query, variables, viewer=KEY)
        assert answer.data is not None, answer.errors
        return answer.data

    asked = operations(
        (BRAND, {"name": "Acme"}),
        (NESTED, None),
        ("{ brands { nodes { name } } }", None),
        ("{ customers { nodes { id } } }", None),
        ("{ nonsense }", None),
    )
    ids = [
        (await ask(CREATE, input=given))["batchCreate"]["batch"]["job"]["id"]
        for given in (
            {"operations": asked, "stopOnFirstFailure": False},
            {"operations": operations(("{ nonsense }", None), (BRAND, {"name": "Never"}))},
        )
    ]
    handlers = {**JOB_HANDLERS, JobKind.BATCH: app.state.batches}
    async with doing_jobs(resources, handlers, SOON, SCHEDULED):
        await until(lambda: everything_over(database))
    whole, stopped = [(await ask(SHOW, id=id_))["batch"] for id_ in ids]
    assert whole["job"]["state"] == "SUCCEEDED", whole
    assert whole["job"]["progress"] == {"done": 5, "total": 5}
    shown = whole["operations"]
    assert [each["status"] for each in shown] == [
        "SUCCEEDED", "FAILED", "SUCCEEDED", "FAILED", "FAILED",
    ]  # fmt: skip
    assert shown[0]["result"]["brandUpsert"]["brand"] == {"name": "Acme"}
    assert shown[1]["errors"][0]["message"] == "A batch cannot ask for another batch."
    assert shown[2]["result"] == {"brands": {"nodes": [{"name": "Acme"}]}}
    assert shown[3]["errors"][0]["extensions"]["code"] == "FORBIDDEN"
    assert [each["status"] for each in stopped["operations"]] == ["FAILED", "SKIPPED"]
    assert await scalar(database, "SELECT count(*) FROM brands") == 1


def test_every_kind_has_a_handler() -> None:
    assert {*JOB_HANDLERS, JobKind.BATCH} == set(JobKind)
