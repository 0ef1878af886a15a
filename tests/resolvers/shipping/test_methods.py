from typing import Any

import pytest
from sqlalchemy import func, select
from sqlmodel import col

from commerce.core.db import UnitOfWork
from commerce.core.ids import global_id
from commerce.core.viewer import Scope, Viewer, ViewerKind
from commerce.shipping.models import ShippingMethod, ShippingPrice
from tests.conftest import Ask
from tests.support.catalog import make_product
from tests.support.shipping import make_method, make_zone

UPSERT = """
mutation ($input: ShippingMethodUpsertInput!) { shippingMethodUpsert(input: $input) {
  shippingMethod {
    id code name description kind localDelivery tableBy service zone { name }
    prices { currencyCode price { amount } percent freeFrom { amount }
      minSubtotal { amount } maxSubtotal { amount }
      rates { from to price { amount } percent perItem { amount } perKilogram } }
    minWeightGrams maxWeightGrams minQuantity maxQuantity
    customerGroupIds excludedProductIds excludedCategoryIds taxClassId
    handlingDays minDays maxDays cutOff businessDays closures { first last yearly }
    schedule { precision slotMinutes preparationMinutes daysAhead sameDay
      openingHours { day opens closes } }
    pickupAddress { company street1 postalCode city country phone } pickupInstructions
    position active externalId version
  }
  userErrors { code path message }
} }
"""
DELETE = """
mutation ($input: ShippingMethodDeleteInput!) { shippingMethodDelete(input: $input) {
  deletedId userErrors { code path }
} }
"""
FLAT = {"name": "Parcel", "prices": [{"price": "4.90"}]}


async def _upsert(ask: Ask, **given: Any) -> Any:
    return (await ask(UPSERT, {"input": given}))["data"]["shippingMethodUpsert"]


async def _methods(uow: UnitOfWork) -> list[tuple[Any, ...]]:
    columns = (col(ShippingMethod.code), col(ShippingMethod.version))
    rows = await uow.rows(select(*columns).order_by(col(ShippingMethod.id)))
    return [tuple(row) for row in rows]


async def test_a_method_needs_a_name_and_a_price(ask: Ask, uow: UnitOfWork) -> None:
    added = (await _upsert(ask, **FLAT))["shippingMethod"]
    assert (added["code"], added["kind"], added["zone"], added["active"]) == (
        "parcel",
        "FLAT",
        None,
        True,
    )
    assert added["prices"] == [
        {
            "currencyCode": "EUR",
            "price": {"amount": "4.90"},
            "percent": "0",
            "freeFrom": None,
            "minSubtotal": None,
            "maxSubtotal": None,
            "rates": [],
        }
    ]
    assert added["businessDays"] == ["MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY"]
    again = (await _upsert(ask, **FLAT))["shippingMethod"]
    assert again == added
    assert await _methods(uow) == [("parcel", 1)]


async def test_everything_a_method_says_is_kept(ask: Ask, uow: UnitOfWork) -> None:
    zone, product = await make_zone(uow), await make_product(uow)
    rates = [
        {"to": "1000", "price": "3"},
        {"from": "1000.5", "percent": "1.5", "perItem": "0.10", "perKilogram": "2.204623"},
    ]
    given = {
        "code": "pick-up_1",
        "name": "Fetch",
        "description": "At the shop.",
        "kind": "TABLE",
        "localDelivery": True,
        "tableBy": "SUBTOTAL",
        "service": "x",
        "zoneId": global_id("ShippingZone", zone.id),
        "prices": [
            {"currencyCode": "JPY", "price": "500", "rates": [{"price": "10"}]},
            {"freeFrom": "50", "minSubtotal": "5", "maxSubtotal": "999.99", "rates": rates},
        ],
        "minWeightGrams": 1,
        "maxWeightGrams": 2,
        "minQuantity": 3,
        "maxQuantity": 4,
        "customerGroupIds": [global_id("CustomerGroup", 0)],
        "excludedProductIds": [global_id("Product", product.id)] * 2,
        "handlingDays": 1,
        "minDays": 2,
        "maxDays": 3,
        "cutOff": "14:30",
        "businessDays": ["SUNDAY", "MONDAY", "MONDAY"],
        "closures": [{"first": "2026-12-24", "last": "2027-01-01", "yearly": True}],
        "schedule": {
            "precision": "DATE",
            "daysAhead": 14,
            "openingHours": [{"day": "MONDAY", "opens": "08:00", "closes": "24:00"}],
        },
        "pickupAddress": {
            "company": "Shop",
            "street1": "Hauptstraße 1",
            "postalCode": "10115",
            "city": "Berlin",
            "country": "de",
        },
        "pickupInstructions": "Ring twice.",
        "position": -3,
        "active": False,
        "externalId": "6589-1",
    }
    answer = await _upsert(ask, **given)
    assert answer["userErrors"] == []
    kept = answer["shippingMethod"]
    assert kept["zone"] == {"name": "Home"}
    euros, yen = kept["prices"]
    assert (yen["currencyCode"], yen["price"]["amount"]) == ("JPY", "500")
    assert euros["freeFrom"] == {"amount": "50.00"}
    first, second = euros["rates"]
    assert (first["from"], first["to"], first["price"]["amount"]) == ("0", "1000", "3.00")
    assert (second["to"], second["percent"], second["perKilogram"]) == (None, "1.5", "2.204623")
    assert kept["businessDays"] == ["MONDAY", "SUNDAY"]
    assert kept["excludedProductIds"] == [global_id("Product", product.id)]
    assert kept["pickupAddress"]["country"] == "DE"
    assert kept["schedule"]["openingHours"] == given["schedule"]["openingHours"]  # type: ignore[index]  # it has them
    same = ("closures", "cutOff", "tableBy", "localDelivery", "position", "minDays", "externalId")
    assert {name: kept[name] for name in same} == {name: given[name] for name in same}
    again = await _upsert(ask, **given)
    assert again["shippingMethod"] == kept  # version and all


async def test_a_method_is_found_by_id_external_id_or_code_and_keeps_what_is_not_said(
    ask: Ask, uow: UnitOfWork
) -> None:
    added = (await _upsert(ask, **FLAT, externalId="e-1", maxDays=4))["shippingMethod"]
    renamed = (await _upsert(ask, externalId="e-1", name="Post"))["shippingMethod"]
    assert renamed == {**added, "name": "Post", "version": 2}
    moved = (await _upsert(ask, externalId="e-1", name="送料"))["shippingMethod"]
    assert (moved["code"], moved["version"]) == ("parcel", 3)
    renamed = await _upsert(ask, externalId="e-1", position=7)
    assert renamed["shippingMethod"] == {**moved, "position": 7, "version": 4}
    dearer = (await _upsert(ask, code="parcel", prices=[{"price": "5"}]))["shippingMethod"]
    assert (dearer["version"], dearer["prices"][0]["price"]["amount"]) == (5, "5.00")
    cleared = await _upsert(ask, id=added["id"], maxDays=None, expectedVersion=5)
    assert cleared["shippingMethod"]["maxDays"] is None
    late = await _upsert(ask, id=added["id"], name="Late", expectedVersion=3)
    assert [error["code"] for error in late["userErrors"]] == ["VERSION_CONFLICT"]
    assert await _methods(uow) == [("parcel", 6)]


@pytest.mark.parametrize(
    ("given", "code", "path"),
    [
        ({"name": "New"}, "INVALID", "prices"),
        ({"name": "New", "prices": []}, "INVALID", "prices"),
        ({"prices": [{}]}, "INVALID", "name"),
        ({"name": "送料", "prices": [{}]}, "INVALID", "code"),
        ({"code": "new", "prices": [{}]}, "INVALID", "name"),
        ({**FLAT, "code": "N e w"}, "INVALID", "code"),
        ({**FLAT, "name": "\0"}, "INVALID", "name"),
        ({**FLAT, "name": "n" * 201, "code": "n"}, "INVALID", "name"),
        ({**FLAT, "description": "\ud800"}, "INVALID", "description"),
        ({**FLAT, "description": "n" * 5001}, "INVALID", "description"),
        ({**FLAT, "kind": "CARRIER"}, "INVALID", "service"),
        ({**FLAT, "kind": "TABLE"}, "INVALID", "prices.0.rates"),
        ({"name": "T", "prices": [{"rates": [{}]}]}, "INVALID", "prices.0.rates"),
        ({"name": "T", "prices": [{}, {}]}, "INVALID", "prices.1.currencyCode"),
        ({"name": "T", "prices": [{"price": "-1"}]}, "INVALID", "prices.0.price"),
        ({"name": "T", "prices": [{"price": "1.234"}]}, "INVALID", "prices.0.price"),
        ({"name": "T", "prices": [{"price": "1e30"}]}, "INVALID", "prices.0.price"),
        ({"name": "T", "prices": [{"percent": "100.1"}]}, "INVALID", "prices.0.percent"),
        ({"name": "T", "prices": [{"percent": "1e-9"}]}, "INVALID", "prices.0.percent"),
        ({"name": "T", "prices": [{"freeFrom": "-1"}]}, "INVALID", "prices.0.freeFrom"),
        (
            {"name": "T", "prices": [{"minSubtotal": "2", "maxSubtotal": "1"}]},
            "INVALID",
            "prices.0.minSubtotal",
        ),
        (
            {"name": "T", "kind": "TABLE", "prices": [{"rates": [{"from": "2", "to": "1"}]}]},
            "INVALID",
            "prices.0.rates.0.to",
        ),
        (
            {"name": "T", "kind": "TABLE", "prices": [{"rates": [{"from": "1e30"}]}]},
            "INVALID",
            "prices.0.rates.0.from",
        ),
        ({**FLAT, "minWeightGrams": -1}, "INVALID", "minWeightGrams"),
        ({**FLAT, "minQuantity": 2, "maxQuantity": 1}, "INVALID", "minQuantity"),
        ({**FLAT, "minDays": 2, "maxDays": 1}, "INVALID", "minDays"),
        ({**FLAT, "handlingDays": 366}, "INVALID", "handlingDays"),
        ({**FLAT, "cutOff": "24:00"}, "INVALID", "cutOff"),
        ({**FLAT, "cutOff": "9:00"}, "INVALID", "cutOff"),
        ({**FLAT, "businessDays": []}, "INVALID", "businessDays"),
        (
            {**FLAT, "closures": [{"first": "2026-02-02", "last": "2026-02-01"}]},
            "INVALID",
            "closures.0.last",
        ),
        ({**FLAT, "schedule": {"slotMinutes": 0}}, "INVALID", "schedule.slotMinutes"),
        (
            {
                **FLAT,
                "schedule": {
                    "openingHours": [{"day": "MONDAY", "opens": "10:00", "closes": "09:00"}]
                },
            },
            "INVALID",
            "schedule.openingHours.0.closes",
        ),
        ({**FLAT, "pickupAddress": {"country": "ZZ"}}, "INVALID", "pickupAddress.country"),
        ({**FLAT, "zoneId": global_id("ShippingZone", 404)}, "NOT_FOUND", "zoneId"),
        ({**FLAT, "zoneId": global_id("Product", 1)}, "NOT_FOUND", "zoneId"),
        ({**FLAT, "taxClassId": global_id("TaxClass", 404)}, "NOT_FOUND", "taxClassId"),
        (
            {**FLAT, "excludedProductIds": [global_id("Product", 404)]},
            "NOT_FOUND",
            "excludedProductIds",
        ),
        ({**FLAT, "customerGroupIds": ["nonsense"]}, "NOT_FOUND", "customerGroupIds.0"),
        ({**FLAT, "id": global_id("ShippingMethod", 404)}, "NOT_FOUND", "id"),
        ({**FLAT, "externalId": "other", "code": "taken"}, "TAKEN", "code"),
    ],
)
async def test_what_a_method_cannot_be(
    ask: Ask, uow: UnitOfWork, given: dict[str, Any], code: str, path: str
) -> None:
    await make_method(uow, "taken")
    refused = await _upsert(ask, **given)
    found = [(error["code"], ".".join(error["path"])) for error in refused["userErrors"]]
    assert found == [(code, path)]
    assert await _methods(uow) == [("taken", 1)]
    assert await uow.scalar(select(func.count()).select_from(ShippingPrice)) == 1


async def test_a_method_becomes_a_table_with_its_rates_alone(ask: Ask, uow: UnitOfWork) -> None:
    await make_method(uow)
    refused = await _upsert(ask, code="parcel", kind="TABLE")
    assert [error["path"] for error in refused["userErrors"]] == [["prices"]]
    changed = await _upsert(ask, code="parcel", kind="TABLE", prices=[{"rates": [{"price": "1"}]}])
    assert changed["shippingMethod"]["kind"] == "TABLE"


async def test_a_method_is_deleted_once(ask: Ask, uow: UnitOfWork) -> None:
    id_ = global_id("ShippingMethod", (await make_method(uow)).id)
    gone = (await ask(DELETE, {"input": {"id": id_}}))["data"]["shippingMethodDelete"]
    assert gone == {"deletedId": id_, "userErrors": []}
    again = (await ask(DELETE, {"input": {"id": id_}}))["data"]["shippingMethodDelete"]
    assert [error["code"] for error in again["userErrors"]] == ["NOT_FOUND"]
    assert await uow.scalar(select(func.count()).select_from(ShippingPrice)) == 0


@pytest.mark.parametrize("count", [1, 4])
async def test_methods_are_listed_with_zones_and_prices_in_four_statements(
    ask: Ask, uow: UnitOfWork, statements: list[str], count: int
) -> None:
    for number in range(count):
        zone = await make_zone(uow, f"Zone {number}")
        await make_method(uow, f"m-{number}", zone_id=zone.id, position=-number)
    statements.clear()
    found = await ask(
        "query { shippingMethods(first: 9) { nodes { code zone { name } prices { percent } }"
        " totalCount { count } } }"
    )
    assert len(statements) == 4  # methods, their count, zones, prices
    nodes = found["data"]["shippingMethods"]["nodes"]
    assert [node["code"] for node in nodes] == [f"m-{n}" for n in reversed(range(count))]
    assert nodes[0]["prices"] == [{"percent": "0"}]


async def test_methods_are_the_shops_own(ask: Ask, ask_anonymously: Ask, uow: UnitOfWork) -> None:
    id_ = global_id("ShippingMethod", (await make_method(uow)).id)
    unseen = await ask_anonymously("query ($id: ID!) { node(id: $id) { id } }", {"id": id_})
    assert unseen["data"] == {"node": None}
    reader = Viewer(ViewerKind.API_KEY, 9, frozenset({Scope.READ_SETTINGS}))
    query = "query ($id: ID!) { shippingMethod(id: $id) { code } }"
    seen = await ask(query, {"id": id_}, viewer=reader)
    assert seen["data"] == {"shippingMethod": {"code": "parcel"}}
