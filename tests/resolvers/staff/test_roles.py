"""Roles: what they hold, and who may change them."""

from typing import Any

import pytest
from sqlalchemy import text

from commerce.core.db import UnitOfWork
from commerce.core.ids import global_id
from commerce.core.viewer import SYSTEM, Scope, Viewer
from commerce.staff.kinds import BuiltInRole
from commerce.staff.repository.roles import RoleRepository
from commerce.staff.rules.roles import BUILT_IN, names_of
from tests.conftest import Ask
from tests.support.mutations import done, errors
from tests.support.staff import make_member, make_role, role_id_of, viewer_of

UPSERT = """mutation ($input: RoleUpsertInput!) { done: roleUpsert(input: $input) {
  role { id name scopes builtIn version } userErrors { code path } } }"""
DELETE = """mutation ($input: RoleDeleteInput!) { done: roleDelete(input: $input) {
  deletedId userErrors { code path } } }"""


def gid(id_: int) -> str:
    return global_id("Role", id_)


@pytest.fixture
async def owner(uow: UnitOfWork) -> Viewer:
    return await viewer_of(uow, await make_member(uow))


async def stored(uow: UnitOfWork) -> list[Any]:
    return [tuple(row) for row in await uow.rows(text("SELECT * FROM roles ORDER BY id"))]


async def test_the_migration_and_the_start_make_the_same_roles(uow: UnitOfWork) -> None:
    query = text("SELECT built_in, name, scopes FROM roles ORDER BY id")
    migrated = [(row.built_in, row.name, sorted(row.scopes)) for row in await uow.rows(query)]
    assert migrated == [
        (which.value, name, names_of(scopes)) for which, (name, scopes) in BUILT_IN.items()
    ]
    await uow.change(text("DELETE FROM roles WHERE built_in = 'support'"))
    await uow.change(text("UPDATE roles SET name = 'Boss', scopes = '{}' WHERE name = 'Manager'"))
    await RoleRepository(uow, SYSTEM).ensure_built_in()
    rows = {row.built_in: (row.name, sorted(row.scopes)) for row in await uow.rows(query)}
    assert rows["support"] == ("Support", names_of(BUILT_IN[BuiltInRole.SUPPORT][1]))
    assert rows["manager"] == ("Boss", []), "what was edited stays"


async def test_a_role_is_added_changed_and_deleted(
    ask: Ask, uow: UnitOfWork, owner: Viewer
) -> None:
    added = await done(ask, UPSERT, owner, name=" Buyers ", scopes=["WRITE_STOCK", "READ_STOCK"])
    role = added["role"]
    assert (role["name"], role["builtIn"], role["version"]) == ("Buyers", None, 1)
    assert role["scopes"] == ["READ_STOCK", "WRITE_STOCK"]
    changed = await done(ask, UPSERT, owner, id=role["id"], scopes=[], expectedVersion=1)
    assert (changed["role"]["scopes"], changed["role"]["name"]) == ([], "Buyers")
    stale = await done(ask, UPSERT, owner, id=role["id"], name="X", expectedVersion=1)
    assert errors(stale) == [("VERSION_CONFLICT", ["expectedVersion"])]
    taken = await done(ask, UPSERT, owner, name="BUYERS")
    assert errors(taken) == [("TAKEN", ["name"])]
    assert errors(await done(ask, UPSERT, owner, id=role["id"], name="owner")) == [
        ("TAKEN", ["name"])
    ]
    assert (await done(ask, DELETE, owner, id=role["id"]))["deletedId"] == role["id"]
    assert errors(await done(ask, DELETE, owner, id=role["id"])) == [("NOT_FOUND", ["id"])]


@pytest.mark.parametrize("values", [{}, {"name": ""}, {"name": "x" * 101}, {"scopes": []}])
async def test_a_new_role_needs_a_good_name(
    ask: Ask, uow: UnitOfWork, owner: Viewer, values: dict[str, Any]
) -> None:
    before = await stored(uow)
    assert errors(await done(ask, UPSERT, owner, **values)) == [("INVALID", ["name"])]
    assert await stored(uow) == before


async def test_the_owners_role_cannot_be_changed_nor_built_in_ones_deleted(
    ask: Ask, uow: UnitOfWork, owner: Viewer
) -> None:
    before = await stored(uow)
    for values in ({"name": "King"}, {"scopes": ["READ_STOCK"]}):
        role = gid(await role_id_of(uow, BuiltInRole.OWNER))
        assert errors(await done(ask, UPSERT, owner, id=role, **values)) == [("INVALID", ["id"])]
    for which in BuiltInRole:
        role = gid(await role_id_of(uow, which))
        assert errors(await done(ask, DELETE, owner, id=role)) == [("INVALID", ["id"])]
    assert await stored(uow) == before
    support = gid(await role_id_of(uow, BuiltInRole.SUPPORT))
    edited = await done(ask, UPSERT, owner, id=support, scopes=["READ_STOCK"])
    assert edited["role"]["scopes"] == ["READ_STOCK"]


async def test_a_role_that_somebody_has_cannot_be_deleted(
    ask: Ask, uow: UnitOfWork, owner: Viewer
) -> None:
    role = await make_role(uow, "Helper", Scope.READ_STOCK)
    await make_member(uow, "bo@shop.example", role)
    assert errors(await done(ask, DELETE, owner, id=gid(role))) == [("IN_USE", ["id"])]
    await uow.change(text(f"DELETE FROM staff_members WHERE role_id = {role}"))
    assert errors(await done(ask, DELETE, owner, id=gid(role))) == []


async def test_nobody_puts_a_scope_into_a_role_that_they_do_not_hold(
    ask: Ask, uow: UnitOfWork
) -> None:
    mine = (Scope.WRITE_STAFF, Scope.READ_STAFF, Scope.READ_STOCK)
    lead = await make_role(uow, "Lead", *mine)
    stronger = await make_role(uow, "Stronger", *mine, Scope.WRITE_PRICES)
    viewer = await viewer_of(uow, await make_member(uow, role=lead))
    before = await stored(uow)
    added = await done(ask, UPSERT, viewer, name="Sly", scopes=["WRITE_PRICES"])
    assert errors(added) == [("SCOPE_NOT_HELD", ["scopes"])]
    own = await done(ask, UPSERT, viewer, id=gid(lead), scopes=["WRITE_STAFF", "WRITE_PRICES"])
    assert errors(own) == [("SCOPE_NOT_HELD", ["scopes"])]
    weaker: list[dict[str, Any]] = [{"name": "Weaker"}, {"scopes": []}]
    for values in weaker:
        weakened = await done(ask, UPSERT, viewer, id=gid(stronger), **values)
        assert errors(weakened) == [("SCOPE_NOT_HELD", ["id"])]
    deleted = await done(ask, DELETE, viewer, id=gid(stronger))
    assert errors(deleted) == [("SCOPE_NOT_HELD", ["id"])]
    assert await stored(uow) == before
    assert errors(await done(ask, UPSERT, viewer, name="Fair", scopes=["READ_STOCK"])) == []
