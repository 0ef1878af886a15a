from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from commerce.core.db import UnitOfWork
from commerce.core.ids import global_id
from commerce.core.viewer import Scope, Viewer, ViewerKind
from tests.conftest import EVERYTHING, Ask
from tests.support.catalog import make_brand

LOG = """
query ($where: AuditLogWhere, $first: Int, $after: String) {
  auditLog(where: $where, first: $first, after: $after) {
    nodes {
      id occurredAt actor { handle kind id databaseId } action operation record
      targetKind targetId targetDatabaseId before after requestId
    }
    totalCount { count }
    pageInfo { hasNextPage endCursor }
  }
}
"""
UPSERT = """
mutation ($input: BrandUpsertInput!) {
  brandUpsert(input: $input) { brand { databaseId } userErrors { code } }
}
"""
CLERK = Viewer(ViewerKind.STAFF, 7, frozenset(Scope))


async def _upsert(ask: Ask, viewer: Viewer = CLERK, **values: Any) -> int:
    answer = await ask(UPSERT, {"input": values}, viewer)
    assert answer["data"]["brandUpsert"]["userErrors"] == []
    return int(answer["data"]["brandUpsert"]["brand"]["databaseId"])


async def _log(ask: Ask, viewer: Viewer = EVERYTHING, first: int = 50, **where: Any) -> Any:
    answer = await ask(LOG, {"where": where, "first": first}, viewer)
    assert "errors" not in answer
    return answer["data"]["auditLog"]


async def test_the_log_tells_who_changed_what_and_how(ask: Ask) -> None:
    brand = await _upsert(ask, name="Acme", slug="acme")
    await _upsert(ask, slug="acme", name="Apex")
    entry = (await _log(ask))["nodes"][0]
    assert entry.pop("occurredAt")
    assert entry.pop("id")
    assert entry == {
        "actor": {
            "handle": "staff:7",
            "kind": "staff",
            "id": global_id("StaffMember", 7),
            "databaseId": 7,
        },
        "action": "brandUpsert",
        "operation": "UPDATED",
        "record": "brands",
        "targetKind": "Brand",
        "targetId": global_id("Brand", brand),
        "targetDatabaseId": brand,
        "before": {"name": "Acme"},
        "after": {"name": "Apex"},
        "requestId": "",
    }


async def test_a_refused_mutation_leaves_no_entry(ask: Ask) -> None:
    answer = await ask(UPSERT, {"input": {"name": " "}}, CLERK)
    assert answer["data"]["brandUpsert"]["userErrors"]
    assert (await _log(ask))["nodes"] == []


async def test_entries_are_found_by_each_property(ask: Ask) -> None:
    first = await _upsert(ask, name="One", slug="one")
    second = await _upsert(ask, EVERYTHING, name="Two", slug="two")

    async def targets(**where: Any) -> list[int]:
        return [node["targetDatabaseId"] for node in (await _log(ask, **where))["nodes"]]

    now = datetime.now(UTC)  # noqa: TID251  # the database's own clock is meant
    assert await targets(actor="staff:7") == [first]
    assert await targets(actor="api_key:1") == [second]
    assert await targets(action="brandUpsert") == [second, first]
    assert await targets(action="brandDelete") == []
    assert await targets(operation="CREATED", kind="Brand") == [second, first]
    assert await targets(kind="Product") == []
    assert await targets(targetId=global_id("Brand", first)) == [first]
    assert await targets(targetId=global_id("Product", first)) == []
    assert await targets(targetId="nonsense") == []
    assert await targets(requestId="unknown") == []
    day = timedelta(days=1)
    assert await targets(occurredAt={"gte": (now - day).isoformat()}) == [second, first]
    assert await targets(occurredAt={"lt": (now - day).isoformat()}) == []


async def test_pages_go_from_the_newest_to_the_oldest(ask: Ask) -> None:
    brands = [await _upsert(ask, name=name, slug=name) for name in ("a", "b", "c")]
    page = await _log(ask, first=2)
    assert [node["targetDatabaseId"] for node in page["nodes"]] == brands[:0:-1]
    assert (page["totalCount"]["count"], page["pageInfo"]["hasNextPage"]) == (3, True)
    rest = await ask(LOG, {"first": 2, "after": page["pageInfo"]["endCursor"]})
    nodes = rest["data"]["auditLog"]["nodes"]
    assert [node["targetDatabaseId"] for node in nodes] == brands[:1]


@pytest.mark.parametrize("entries", [1, 20])
async def test_a_page_costs_the_same_whatever_its_size(
    ask: Ask, uow: UnitOfWork, statements: list[str], entries: int
) -> None:
    for number in range(entries):
        await make_brand(uow, name=f"B{number}", slug=f"b{number}")
    statements.clear()
    assert len((await _log(ask))["nodes"]) == entries
    assert len(statements) == 2


async def test_an_entry_is_refetched_by_its_id(ask: Ask) -> None:
    await _upsert(ask, name="Acme", slug="acme")
    entry = (await _log(ask))["nodes"][0]
    query = "query ($id: ID!) { node(id: $id) { id ... on AuditLogEntry { action } } }"
    found = (await ask(query, {"id": entry["id"]}))["data"]["node"]
    assert found == {"id": entry["id"], "action": "brandUpsert"}
    blind = Viewer(ViewerKind.API_KEY, 2, frozenset(Scope) - {Scope.READ_AUDIT_LOG})
    nothing = await ask("query ($id: ID!) { node(id: $id) { id } }", {"id": entry["id"]}, blind)
    assert nothing["data"]["node"] is None


async def test_without_the_scope_there_is_nothing_to_see(ask: Ask) -> None:
    await _upsert(ask, name="Acme", slug="acme")
    blind = Viewer(ViewerKind.STAFF, 2, frozenset(Scope) - {Scope.READ_AUDIT_LOG})
    page = await _log(ask, blind)
    assert (page["nodes"], page["totalCount"]["count"]) == ([], 0)


async def test_filters_walk_indexes(uow: UnitOfWork) -> None:
    await uow.change(
        text(
            "INSERT INTO audit_log (occurred_at, actor, action, request_id, operation, target_kind,"
            " target_id) SELECT now() - make_interval(secs => n), 'staff:' || n % 500, 'a' ||"
            " n % 500, 'r' || n, 'updated', 'K', n FROM generate_series(1, 20000) n"
        )
    )
    await uow.change(text("ANALYZE audit_log"))
    for condition in (
        "true",
        "actor = 'staff:3'",
        "action = 'a3'",
        "request_id = 'r3'",
        "target_kind = 'K' AND target_id = 3",
        "occurred_at < now() - interval '1 hour'",
    ):
        plan = await uow.scalars(
            text(
                f"EXPLAIN SELECT * FROM audit_log WHERE {condition}"
                " ORDER BY occurred_at DESC, id DESC LIMIT 21"
            )
        )
        assert "Index Scan" in "".join(plan), (condition, plan)
        assert "Sort" not in "".join(plan) or "Incremental" in "".join(plan), (condition, plan)
