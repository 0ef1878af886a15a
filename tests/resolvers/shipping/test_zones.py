from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import col

from commerce.core.db import UnitOfWork
from commerce.core.ids import global_id
from commerce.core.viewer import Scope, Viewer, ViewerKind
from commerce.shipping.models import ShippingZone, ShippingZoneArea
from tests.conftest import Ask
from tests.support.shipping import make_method, make_zone

UPSERT = """
mutation ($input: ShippingZoneUpsertInput!) { shippingZoneUpsert(input: $input) {
  shippingZone { id name externalId version areas { country region postalCodes } }
  userErrors { code path ... on VersionConflictError { current } }
} }
"""
DELETE = """
mutation ($input: ShippingZoneDeleteInput!) { shippingZoneDelete(input: $input) {
  deletedId userErrors { code path }
} }
"""
LIST = """
query ($first: Int) { shippingZones(first: $first) {
  nodes { name areas { country } } totalCount { count }
} }
"""


async def _upsert(ask: Ask, **given: Any) -> Any:
    return (await ask(UPSERT, {"input": given}))["data"]["shippingZoneUpsert"]


async def _delete(ask: Ask, id_: str, **given: Any) -> Any:
    return (await ask(DELETE, {"input": {"id": id_, **given}}))["data"]["shippingZoneDelete"]


async def _zones(uow: UnitOfWork) -> list[tuple[Any, ...]]:
    columns = (col(ShippingZone.name), col(ShippingZone.version))
    rows = await uow.rows(select(*columns).order_by(col(ShippingZone.id)))
    return [tuple(row) for row in rows]


async def test_a_zone_is_added_found_again_and_changed(ask: Ask, uow: UnitOfWork) -> None:
    west = [{"country": "us", "region": "California"}, {"country": "US", "postalCodes": ["97*"]}]
    added = (await _upsert(ask, name=" West ", externalId="z-1", areas=west))["shippingZone"]
    assert (added["name"], added["version"]) == ("West", 1)
    assert added["areas"] == [
        {"country": "US", "region": "CA", "postalCodes": []},
        {"country": "US", "region": None, "postalCodes": ["97*"]},
    ]
    assert (await _upsert(ask, name="west", areas=west))["shippingZone"]["version"] == 2
    again = await _upsert(ask, externalId="z-1", name="west", areas=west, expectedVersion=2)
    assert again["shippingZone"]["version"] == 2  # nothing was new
    moved = await _upsert(ask, id=added["id"], areas=[{}])
    assert moved["shippingZone"]["areas"] == [{"country": None, "region": None, "postalCodes": []}]
    renamed = await _upsert(ask, id=added["id"], name="World", externalId=None)
    assert renamed["shippingZone"] == {**moved["shippingZone"], "name": "World", "version": 4} | {
        "externalId": None
    }
    late = await _upsert(ask, id=added["id"], name="Late", expectedVersion=2)
    assert late["userErrors"] == [
        {"code": "VERSION_CONFLICT", "path": ["expectedVersion"], "current": 4}
    ]
    assert await _zones(uow) == [("World", 4)]
    assert len(await uow.rows(select(col(ShippingZoneArea.id)))) == 1


@pytest.mark.parametrize(
    ("given", "code", "path"),
    [
        ({}, "INVALID", ["name"]),
        ({"name": " "}, "INVALID", ["name"]),
        ({"name": "n" * 201}, "INVALID", ["name"]),
        ({"name": "a\0"}, "INVALID", ["name"]),
        ({"name": "New", "externalId": "\ud800"}, "INVALID", ["externalId"]),
        ({"name": "New", "areas": [{"country": "ZZ"}]}, "INVALID", ["areas", "0", "country"]),
        ({"id": global_id("ShippingZone", 404), "name": "X"}, "NOT_FOUND", ["id"]),
        ({"id": global_id("ShippingZone", 10**30), "name": "X"}, "NOT_FOUND", ["id"]),
        ({"id": global_id("Product", 1), "name": "X"}, "NOT_FOUND", ["id"]),
        ({"externalId": "other", "name": "HOME"}, "TAKEN", ["name"]),
    ],
)
async def test_what_a_zone_cannot_be(
    ask: Ask, uow: UnitOfWork, given: dict[str, Any], code: str, path: list[str]
) -> None:
    await make_zone(uow)
    refused = await _upsert(ask, **given)
    assert [(error["code"], error["path"]) for error in refused["userErrors"]] == [(code, path)]
    assert await _zones(uow) == [("Home", 1)]


async def test_a_zone_that_methods_are_for_stays(ask: Ask, uow: UnitOfWork) -> None:
    zone = await make_zone(uow, "Home", {"country": "DE"})
    await make_method(uow, zone_id=zone.id)
    id_ = global_id("ShippingZone", zone.id)
    refused = await _delete(ask, id_)
    assert [error["code"] for error in refused["userErrors"]] == ["IN_USE"]
    assert await _zones(uow) == [("Home", 1)]


async def test_a_deleted_zone_is_gone_with_its_areas(ask: Ask, uow: UnitOfWork) -> None:
    zone = await make_zone(uow, "Home", {"country": "DE"})
    id_ = global_id("ShippingZone", zone.id)
    late = await _delete(ask, id_, expectedVersion=7)
    assert [error["code"] for error in late["userErrors"]] == ["VERSION_CONFLICT"]
    assert await _delete(ask, id_) == {"deletedId": id_, "userErrors": []}
    again = await _delete(ask, id_)
    assert [error["code"] for error in again["userErrors"]] == ["NOT_FOUND"]
    assert await uow.rows(select(col(ShippingZoneArea.id))) == []


@pytest.mark.parametrize("count", [1, 4])
async def test_zones_are_listed_with_their_areas_in_three_statements(
    ask: Ask, uow: UnitOfWork, statements: list[str], count: int
) -> None:
    for number in range(count):
        await make_zone(uow, f"Zone {number}", {"country": "DE"}, {"country": "AT"})
    statements.clear()
    found = (await ask(LIST, {"first": 10}))["data"]["shippingZones"]
    assert len(statements) == 3  # zones, their count, their areas
    assert found["totalCount"]["count"] == len(found["nodes"]) == count
    assert found["nodes"][0]["areas"] == [{"country": "DE"}, {"country": "AT"}]


async def test_zones_are_the_shops_own(ask: Ask, ask_anonymously: Ask, uow: UnitOfWork) -> None:
    zone = await make_zone(uow)
    seen = await ask_anonymously(
        "query ($id: ID!) { node(id: $id) { id } }", {"id": global_id("ShippingZone", zone.id)}
    )
    assert seen["data"] == {"node": None}
    reader = Viewer(ViewerKind.API_KEY, 9, frozenset({Scope.READ_SETTINGS}))
    own = await ask(LIST, {"first": 1}, viewer=reader)
    assert own["data"]["shippingZones"]["nodes"] == [{"name": "Home", "areas": []}]
