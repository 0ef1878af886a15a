"""Exports, as clients ask for them."""

from commerce.core.db import OpenUnit, UnitOfWork
from commerce.core.ids import parse_global_id
from commerce.core.viewer import Scope, Viewer, ViewerKind
from commerce.jobs.repository.jobs import JobRepository
from tests.conftest import EVERYTHING, Ask
from tests.support.customers import make_customer
from tests.support.exports import made

CREATE = """
mutation ($input: ExportCreateInput!) {
  exportCreate(input: $input) {
    export { id kind format jobId rows bytes url madeAt expiresAt }
    userErrors { code }
  }
}
"""
EXPORT = "query ($id: ID!) { export(id: $id) { rows leftOut bytes url } }"
OTHER = Viewer(ViewerKind.API_KEY, 2, frozenset(Scope))
READER = Viewer(ViewerKind.API_KEY, 1, frozenset({Scope.READ_PRODUCTS}))


async def test_an_export_is_asked_for_and_fetched(
    ask: Ask, uow: UnitOfWork, open_unit: OpenUnit
) -> None:
    for name in ("ada", "bob"):
        await make_customer(uow, f"{name}@x.test")
    where = {"email": {"eq": "ada@x.test"}}
    input_ = {"kind": "CUSTOMERS", "format": "CSV", "customers": where}
    export = (await ask(CREATE, {"input": input_}))["data"]["exportCreate"]["export"]
    assert (export["rows"], export["bytes"], export["url"], export["madeAt"]) == (
        0,
        None,
        None,
        None,
    )
    job_id = _key(export["jobId"])
    job = (await JobRepository(uow, EVERYTHING).by_ids([job_id]))[job_id]
    await made(open_unit, job, EVERYTHING)
    shown = (await ask(EXPORT, {"id": export["id"]}))["data"]["export"]
    assert (shown["rows"], shown["leftOut"]) == (1, 0)
    assert shown["bytes"] > 0
    assert f"/exports/{_key(export['id'])}?expires=" in shown["url"]
    assert (await ask(EXPORT, {"id": export["id"]}, OTHER))["data"] == {"export": None}
    assert (await ask(EXPORT, {"id": export["jobId"]}))["data"] == {"export": None}


async def test_who_may_not_read_it_may_not_export_it(ask: Ask, ask_anonymously: Ask) -> None:
    for kind in ("PRODUCTS", "CUSTOMERS", "ORDERS"):
        input_ = {"input": {"kind": kind, "format": "JSONL"}}
        for answer in (await ask(CREATE, input_, READER), await ask_anonymously(CREATE, input_)):
            assert "This needs the scope" in answer["errors"][0]["message"]


async def test_a_filter_goes_with_its_kind_alone(ask: Ask) -> None:
    input_ = {"kind": "ORDERS", "format": "CSV", "customers": {"blocked": True}}
    (error,) = (await ask(CREATE, {"input": input_}))["errors"]
    assert error["message"] == "Only the filter orders goes with this kind."


def _key(id_: str) -> int:
    parsed = parse_global_id(id_)
    assert parsed is not None
    return parsed[1]
