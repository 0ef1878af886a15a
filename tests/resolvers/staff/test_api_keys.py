from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import text

from commerce.core.db import UnitOfWork
from commerce.core.ids import global_id
from commerce.core.viewer import Scope, Viewer, ViewerKind
from commerce.staff.repository.api_keys import ApiKeyRepository
from tests.conftest import Ask
from tests.support.mutations import CLERK, OWNER, done
from tests.support.staff import make_member, viewer_of
from tests.support.writers import table

CREATE = """
mutation ($input: ApiKeyCreateInput!) { apiKeyCreate(input: $input) {
  apiKey { id databaseId name hint scopes dialect isPublic hasPassword allowedIps expiresAt state
    ownerId reference previousSecretUntil callsPerMinute }
  secret password userErrors { code path }
} }
"""
UPDATE = """
mutation ($input: ApiKeyUpdateInput!) { apiKeyUpdate(input: $input) {
  apiKey { name scopes allowedIps expiresAt callsPerMinute } userErrors { code path }
} }
"""
ROTATE = """
mutation ($input: ApiKeyRotateInput!) { apiKeyRotate(input: $input) {
  apiKey { id hint previousSecretUntil } secret password userErrors { code path }
} }
"""
REVOKE = """
mutation ($input: ApiKeyRevokeInput!) { apiKeyRevoke(input: $input) {
  apiKey { state revokedAt } userErrors { code path }
} }
"""
LIST = """
query ($where: ApiKeyWhere) { apiKeys(first: 2, where: $where) {
  nodes { name state } totalCount { count } pageInfo { hasNextPage }
} }
"""


async def create(ask: Ask, viewer: Viewer = OWNER, **values: Any) -> Any:
    return await done(ask, CREATE, viewer, **{"name": "shop", "scopes": ["READ_STOCK"], **values})


def calling(issued: Any, *scopes: Scope) -> Viewer:
    """The viewer an issued key makes."""
    held = scopes or (Scope.WRITE_API_KEYS, Scope.READ_STOCK)
    return Viewer(ViewerKind.API_KEY, issued["apiKey"]["databaseId"], frozenset(held))


async def test_a_key_is_issued_with_its_terms_and_shown_once(ask: Ask, uow: UnitOfWork) -> None:
    until = "2090-01-01T00:00:00Z"
    issued = await create(
        ask,
        dialect="CARTINO",
        withPassword=True,
        allowedIps=["192.0.2.7", "2001:db8::/32", "192.0.2.7/32"],
        expiresAt=until,
        reference="app-1",
        callsPerMinute=300,
    )
    key = issued["apiKey"]
    assert issued["userErrors"] == []
    assert issued["secret"].startswith("sk_live_")
    assert key == {
        "id": global_id("ApiKey", key["databaseId"]),
        "databaseId": key["databaseId"],
        "name": "shop",
        "hint": issued["secret"][:12] + "…",
        "scopes": ["READ_STOCK"],
        "dialect": "CARTINO",
        "isPublic": False,
        "hasPassword": True,
        "allowedIps": ["192.0.2.7/32", "2001:db8::/32"],
        "expiresAt": until,
        "state": "ACTIVE",
        "ownerId": None,
        "reference": "app-1",
        "previousSecretUntil": None,
        "callsPerMinute": 300,
    }
    stored = str(await table(uow, "api_keys"))
    assert issued["secret"][17:40] not in stored
    assert issued["password"] not in stored


@pytest.mark.parametrize(
    ("values", "code", "path"),
    [
        ({"name": " "}, "INVALID", ["name"]),
        ({"name": "x" * 101}, "INVALID", ["name"]),
        ({"scopes": []}, "INVALID", ["scopes"]),
        ({"allowedIps": ["10.0.0.1", "10.0.0.1/8"]}, "INVALID", ["allowedIps", "1"]),
        ({"allowedIps": ["::1%eth0/64"]}, "INVALID", ["allowedIps", "0"]),
        ({"allowedIps": ["10.0.0.1"] * 51}, "INVALID", ["allowedIps"]),
        ({"expiresAt": "2020-01-01T00:00:00Z"}, "INVALID", ["expiresAt"]),
        ({"withPassword": True}, "INVALID", ["withPassword"]),
        ({"isPublic": True, "scopes": []}, "INVALID", ["isPublic"]),
        ({"isPublic": True, "dialect": "ECWID"}, "INVALID", ["scopes"]),
        ({"reference": ""}, "INVALID", ["reference"]),
        ({"callsPerMinute": 0}, "INVALID", ["callsPerMinute"]),
        ({"callsPerMinute": 100_001}, "INVALID", ["callsPerMinute"]),
        ({"scopes": ["READ_STOCK", "WRITE_STOCK"]}, "SCOPE_NOT_HELD", ["scopes"]),
    ],
)
async def test_no_key_has_impossible_terms(
    ask: Ask, uow: UnitOfWork, values: dict[str, Any], code: str, path: list[str]
) -> None:
    refused = await create(ask, CLERK, **values)
    assert refused["userErrors"] == [{"code": code, "path": path}]
    assert (refused["apiKey"], refused["secret"]) == (None, None)
    assert await table(uow, "api_keys") == []


async def test_a_reference_makes_one_key_however_often_it_is_asked_for(
    ask: Ask, uow: UnitOfWork
) -> None:
    await create(ask, reference="app")
    again = await create(ask, reference="app")
    assert again["userErrors"] == [{"code": "TAKEN", "path": ["reference"]}]
    assert len(await table(uow, "api_keys")) == 1


async def test_only_the_given_parts_of_a_key_change(ask: Ask) -> None:
    issued = await create(ask, allowedIps=["10.0.0.0/8"])
    id_ = issued["apiKey"]["id"]
    changed = await done(ask, UPDATE, OWNER, id=id_, name="new", allowedIps=[])
    assert changed["userErrors"] == []
    assert changed["apiKey"] == {
        "name": "new",
        "scopes": ["READ_STOCK"],
        "allowedIps": [],
        "expiresAt": None,
        "callsPerMinute": None,
    }


async def test_a_key_is_given_another_rate_and_none_again(ask: Ask) -> None:
    id_ = (await create(ask, callsPerMinute=60))["apiKey"]["id"]
    for calls in (1_000, None):
        changed = await done(ask, UPDATE, OWNER, id=id_, callsPerMinute=calls)
        assert changed["userErrors"] == []
        assert changed["apiKey"]["callsPerMinute"] == calls


async def test_nobody_changes_a_key_that_may_do_more(ask: Ask, uow: UnitOfWork) -> None:
    strong = (await create(ask, scopes=["READ_STOCK", "WRITE_STOCK"]))["apiKey"]["id"]
    before = await table(uow, "api_keys")
    for query, values in ((UPDATE, {"name": "mine"}), (ROTATE, {}), (REVOKE, {})):
        refused = await done(ask, query, CLERK, id=strong, **values)
        assert refused["userErrors"] == [{"code": "SCOPE_NOT_HELD", "path": ["id"]}]
    assert await table(uow, "api_keys") == before
    seen = await ask(LIST, viewer=CLERK)
    assert [key["name"] for key in seen["data"]["apiKeys"]["nodes"]] == ["shop"]


async def test_nobody_widens_a_key_beyond_themselves(ask: Ask, uow: UnitOfWork) -> None:
    weak = (await create(ask))["apiKey"]["id"]
    before = await table(uow, "api_keys")
    refused = await done(ask, UPDATE, CLERK, id=weak, scopes=["READ_STOCK", "READ_STAFF"])
    assert refused["userErrors"] == [{"code": "SCOPE_NOT_HELD", "path": ["scopes"]}]
    assert await table(uow, "api_keys") == before


async def test_a_key_neither_changes_nor_rotates_itself_but_may_end(ask: Ask) -> None:
    issued = await create(ask, scopes=["READ_STOCK", "WRITE_API_KEYS"])
    itself, id_ = calling(issued), issued["apiKey"]["id"]
    for query, values in ((UPDATE, {"expiresAt": None}), (ROTATE, {})):
        refused = await done(ask, query, itself, id=id_, **values)
        assert refused["userErrors"] == [{"code": "INVALID", "path": ["id"]}]
    ended = await done(ask, REVOKE, itself, id=id_)
    assert ended["apiKey"]["state"] == "REVOKED"


async def test_what_a_key_issues_is_bound_as_it_is(ask: Ask) -> None:
    until = "2090-01-01T00:00:00Z"
    issuer = await create(
        ask,
        scopes=["READ_STOCK", "WRITE_API_KEYS"],
        expiresAt=until,
        allowedIps=["10.0.0.0/8"],
        callsPerMinute=60,
    )
    itself = calling(issuer)
    heir = (await create(ask, itself))["apiKey"]
    assert (heir["expiresAt"], heir["allowedIps"]) == (until, ["10.0.0.0/8"])
    assert heir["callsPerMinute"] == 60
    for values, path in (
        ({"expiresAt": "2091-01-01T00:00:00Z"}, "expiresAt"),
        ({"allowedIps": ["11.0.0.0/8"]}, "allowedIps"),
        ({"allowedIps": ["0.0.0.0/0"]}, "allowedIps"),
        ({"callsPerMinute": 61}, "callsPerMinute"),
    ):
        refused = await create(ask, itself, **values)
        assert refused["userErrors"] == [{"code": "INVALID", "path": [path]}]
    longer = await done(ask, UPDATE, itself, id=heir["id"], expiresAt=None)
    assert longer["userErrors"] == [{"code": "INVALID", "path": ["expiresAt"]}]
    faster = await done(ask, UPDATE, itself, id=heir["id"], callsPerMinute=None)
    assert faster["userErrors"] == [{"code": "INVALID", "path": ["callsPerMinute"]}]
    narrower = await create(ask, itself, allowedIps=["10.1.0.0/16"], callsPerMinute=59)
    assert narrower["userErrors"] == []


async def test_revoking_twice_keeps_the_first_time_and_rotation_ends(ask: Ask) -> None:
    id_ = (await create(ask))["apiKey"]["id"]
    await done(ask, ROTATE, OWNER, id=id_)
    first = await done(ask, REVOKE, OWNER, id=id_)
    assert await done(ask, REVOKE, OWNER, id=id_) == first
    refused = await done(ask, ROTATE, OWNER, id=id_)
    assert refused["userErrors"] == [{"code": "INVALID", "path": ["id"]}]


@pytest.mark.parametrize("hours", [-1, 721])
async def test_the_overlap_has_an_end(ask: Ask, hours: int) -> None:
    id_ = (await create(ask))["apiKey"]["id"]
    refused = await done(ask, ROTATE, OWNER, id=id_, overlapHours=hours)
    assert refused["userErrors"] == [{"code": "INVALID", "path": ["overlapHours"]}]


async def test_a_missing_key_and_another_type_are_not_found(ask: Ask) -> None:
    for id_ in (global_id("ApiKey", 99_999), global_id("Product", 1), "nonsense"):
        for query, values in ((UPDATE, {"name": "x"}), (ROTATE, {}), (REVOKE, {})):
            refused = await done(ask, query, OWNER, id=id_, **values)
            assert refused["userErrors"] == [{"code": "NOT_FOUND", "path": ["id"]}]


@pytest.mark.parametrize("keys", [2, 7])
async def test_a_page_of_keys_costs_two_statements(
    ask: Ask, statements: list[str], keys: int
) -> None:
    for place in range(keys):
        await create(ask, name=f"key {place}")
    statements.clear()
    found = (await ask(LIST))["data"]["apiKeys"]
    assert [key["name"] for key in found["nodes"]] == [f"key {keys - 1}", f"key {keys - 2}"]
    assert found["totalCount"] == {"count": keys}
    assert len(statements) == 2


async def test_keys_are_found_by_state_dialect_and_owner(ask: Ask, uow: UnitOfWork) -> None:
    await create(ask, name="any")
    await create(ask, name="litestore", dialect="LITESTORE")
    ended = await create(ask, name="ended")
    await done(ask, REVOKE, OWNER, id=ended["apiKey"]["id"])
    old = await create(ask, name="old")
    await ApiKeyRepository(uow).change(
        old["apiKey"]["databaseId"], {"expires_at": datetime(2020, 1, 1, tzinfo=UTC)}
    )
    for where, names in (
        ({"state": "ACTIVE"}, ["litestore", "any"]),
        ({"state": "REVOKED"}, ["ended"]),
        ({"state": "EXPIRED"}, ["old"]),
        ({"dialect": "LITESTORE"}, ["litestore"]),
        ({"ownerId": global_id("StaffMember", 12)}, []),
        ({"ownerId": global_id("Product", 12)}, []),
    ):
        found = (await ask(LIST, {"where": where}))["data"]["apiKeys"]
        assert [key["name"] for key in found["nodes"]] == names


async def test_cursors_last_while_time_goes_on(ask: Ask) -> None:
    for place in range(3):
        await create(ask, name=f"key {place}")
    query = """query ($after: String) { apiKeys(first: 2, after: $after, where: {state: ACTIVE})
      { nodes { name } pageInfo { endCursor } } }"""
    first = (await ask(query))["data"]["apiKeys"]
    second = (await ask(query, {"after": first["pageInfo"]["endCursor"]}))["data"]["apiKeys"]
    assert second["nodes"] == [{"name": "key 0"}]


async def test_a_key_is_refetched_by_those_alone_who_may_see_keys(ask: Ask) -> None:
    id_ = (await create(ask))["apiKey"]["id"]
    query = "query ($id: ID!) { node(id: $id) { ... on ApiKey { name } } }"
    assert (await ask(query, {"id": id_}))["data"]["node"] == {"name": "shop"}
    stranger = Viewer(ViewerKind.STAFF, None, frozenset({Scope.READ_STOCK}))
    assert (await ask(query, {"id": id_}, viewer=stranger))["data"]["node"] is None
    one = "query ($id: ID!) { apiKey(id: $id) { name } }"
    assert (await ask(one, {"id": id_}))["data"]["apiKey"] == {"name": "shop"}


async def test_a_key_rotates_none_that_reaches_further_than_itself(
    ask: Ask, uow: UnitOfWork
) -> None:
    limits = {"expiresAt": "2090-01-01T00:00:00Z", "allowedIps": ["10.0.0.0/8"]}
    issuer = await create(ask, scopes=["READ_STOCK", "WRITE_API_KEYS"], **limits)
    free, bound = await create(ask), await create(ask, **limits)
    before = await table(uow, "api_keys")
    refused = await done(ask, ROTATE, calling(issuer), id=free["apiKey"]["id"])
    assert refused["userErrors"] == [{"code": "INVALID", "path": ["id"]}]
    assert await table(uow, "api_keys") == before
    rotated = await done(ask, ROTATE, calling(issuer), id=bound["apiKey"]["id"])
    assert rotated["userErrors"] == []


@pytest.mark.parametrize("keys", [1, 3])
async def test_keys_of_somebody_who_left_stay_and_say_whose_they_are(
    ask: Ask, uow: UnitOfWork, statements: list[str], keys: int
) -> None:
    member = await make_member(uow)
    for _ in range(keys):
        await create(ask, await viewer_of(uow, member))
    await uow.change(text("UPDATE staff_members SET active = false"))
    query = """query ($where: ApiKeyWhere) { apiKeys(where: $where) {
      nodes { state ownerId owner { name state } } } }"""
    owner = global_id("StaffMember", member)
    statements.clear()
    found = (await ask(query, {"where": {"ownerId": owner}}))["data"]["apiKeys"]["nodes"]
    gone = {"name": "Ada", "state": "DEACTIVATED"}
    assert found == [{"state": "ACTIVE", "ownerId": owner, "owner": gone}] * keys
    assert len(statements) == 2
