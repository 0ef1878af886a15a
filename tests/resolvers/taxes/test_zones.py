from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import col

from commerce.core.db import UnitOfWork
from commerce.core.ids import global_id
from commerce.core.places import Area
from commerce.core.viewer import Scope, Viewer, ViewerKind
from commerce.taxes.models import TaxRate, TaxZone
from tests.conftest import Ask
from tests.support.taxes import make_tax_class, make_tax_zone

ZONE = """id name priority version
  areas { country region postalCodes }
  rates { name percent compound appliesToShipping taxClass { code } }"""
UPSERT = f"""
mutation ($input: TaxZoneUpsertInput!) {{ taxZoneUpsert(input: $input) {{
  taxZone {{ {ZONE} }} userErrors {{ code path }}
}} }}
"""
DELETE = """
mutation ($input: TaxZoneDeleteInput!) { taxZoneDelete(input: $input) {
  deletedId userErrors { code path }
} }
"""
RATES = """
query ($place: PlaceInput!, $class: ID) { taxRates(place: $place, taxClassId: $class) {
  goods { name percent } shipping { name }
} }
"""
TEMPLATE = """
mutation ($input: TaxZonesFromTemplateInput!) { taxZonesFromTemplate(input: $input) {
  taxZones { name areas { country } rates { percent taxClass { code } } } userErrors { code path }
} }
"""
SETTINGS = """
mutation ($input: TaxSettingsUpdateInput!) { taxSettingsUpdate(input: $input) {
  taxSettings { shippingTax shippingClass { code } version } userErrors { code path }
} }
"""
READER = Viewer(ViewerKind.API_KEY, 1, frozenset({Scope.READ_SETTINGS}))


async def _upsert(ask: Ask, **given: Any) -> Any:
    return (await ask(UPSERT, {"input": given}))["data"]["taxZoneUpsert"]


async def _rate_ids(uow: UnitOfWork) -> dict[str, int]:
    rows = await uow.rows(select(col(TaxRate.name), col(TaxRate.id)))
    return {row.name: row.id for row in rows}


async def test_a_zone_is_set_as_a_whole(ask: Ask, uow: UnitOfWork) -> None:
    books = await make_tax_class(uow, "books")
    canada = {
        "name": " Quebec ",
        "areas": [{"country": "ca", "region": "Quebec"}, {"country": "CA", "postalCodes": ["h2*"]}],
        "rates": [
            {"name": "GST", "percent": "5"},
            {"name": "QST", "percent": 9.975, "compound": True, "appliesToShipping": False},
            {"name": "Books", "percent": "0", "taxClassId": global_id("TaxClass", books.id)},
        ],
    }
    added = (await _upsert(ask, **canada))["taxZone"]
    assert added == {
        "id": added["id"],
        "name": "Quebec",
        "priority": 0,
        "version": 1,
        "areas": [
            {"country": "CA", "region": "QC", "postalCodes": []},
            {"country": "CA", "region": None, "postalCodes": ["H2*"]},
        ],
        "rates": [
            _rate("GST", "5"),
            {**_rate("QST", "9.975"), "compound": True, "appliesToShipping": False},
            _rate("Books", "0", {"code": "books"}),
        ],
    }
    assert (await _upsert(ask, **canada))["taxZone"] == added, "the same again changes nothing"
    ids = await _rate_ids(uow)
    rates = [{"name": "HST", "percent": 15}, {"name": "GST", "percent": "6"}]
    changed = (await _upsert(ask, id=added["id"], name="Ontario", rates=rates))["taxZone"]
    assert (changed["name"], changed["version"], changed["areas"]) == ("Ontario", 2, added["areas"])
    assert changed["rates"] == [_rate("HST", "15"), _rate("GST", "6")]
    assert (await _rate_ids(uow))["GST"] == ids["GST"], "a rate stays the same one"
    late = await _upsert(ask, id=added["id"], priority=3, expectedVersion=1)
    assert late["userErrors"] == [{"code": "VERSION_CONFLICT", "path": ["expectedVersion"]}]


def _rate(name: str, percent: str, kind: Any = None) -> dict[str, Any]:
    return {
        "name": name,
        "percent": percent,
        "compound": False,
        "appliesToShipping": True,
        "taxClass": kind,
    }


@pytest.mark.parametrize(
    ("given", "code", "path"),
    [
        ({}, "INVALID", ["name"]),
        ({"name": "n" * 201}, "INVALID", ["name"]),
        ({"name": "A", "priority": -(2**31)}, "INVALID", ["priority"]),
        ({"name": "A", "areas": [{"region": "CA"}]}, "INVALID", ["areas", "0", "country"]),
        ({"name": "A", "areas": [{"country": "ZZ"}]}, "INVALID", ["areas", "0", "country"]),
        (
            {"name": "A", "rates": [{"name": "T", "percent": 101}]},
            "INVALID",
            ["rates", "0", "percent"],
        ),
        (
            {"name": "A", "rates": [{"name": "T", "percent": "-1"}]},
            "INVALID",
            ["rates", "0", "percent"],
        ),
        (
            {"name": "A", "rates": [{"name": "T", "percent": "1.0000001"}]},
            "INVALID",
            ["rates", "0", "percent"],
        ),
        (
            {"name": "A", "rates": [{"name": "\0", "percent": 1}]},
            "INVALID",
            ["rates", "0", "name"],
        ),
        (
            {"name": "A", "rates": [{"name": "T", "percent": 1}, {"name": "T ", "percent": 2}]},
            "INVALID",
            ["rates", "1", "name"],
        ),
        (
            {"name": "A", "rates": [{"name": "T", "percent": 1, "taxClassId": "?"}]},
            "NOT_FOUND",
            ["rates", "0", "taxClassId"],
        ),
        ({"id": global_id("TaxZone", 404), "name": "A"}, "NOT_FOUND", ["id"]),
        ({"id": global_id("TaxZone", 2**63), "name": "A"}, "NOT_FOUND", ["id"]),
    ],
)
async def test_what_cannot_be_a_zone(
    ask: Ask, uow: UnitOfWork, given: dict[str, Any], code: str, path: list[str]
) -> None:
    answer = await _upsert(ask, **given)
    assert [(error["code"], error["path"]) for error in answer["userErrors"]] == [(code, path)]
    assert await uow.rows(select(col(TaxZone.id))) == []


async def test_zones_are_told_apart_by_name_and_deleted(ask: Ask, uow: UnitOfWork) -> None:
    one = await make_tax_zone(uow, "One", [Area("DE")], ("VAT", "19", None))
    two = await make_tax_zone(uow, "Two", [Area("AT")])
    taken = await _upsert(ask, id=global_id("TaxZone", two.id), name="one")
    assert taken["userErrors"] == [{"code": "TAKEN", "path": ["name"]}]
    deleted = (await ask(DELETE, {"input": {"id": global_id("TaxZone", one.id)}}))["data"]
    assert deleted["taxZoneDelete"]["deletedId"] == global_id("TaxZone", one.id)
    assert await uow.scalars(select(col(TaxZone.name))) == ["Two"]
    assert await _rate_ids(uow) == {}


async def test_lists_cost_the_same_for_one_and_many(
    ask: Ask, uow: UnitOfWork, statements: list[str]
) -> None:
    query = f"{{ taxZones(first: 10) {{ edges {{ node {{ {ZONE} }} }} }} }}"
    counts = []
    for number in range(3):
        kind = await make_tax_class(uow, f"class-{number}")
        areas = [Area("DE"), Area("AT")]
        await make_tax_zone(uow, f"Zone {number}", areas, ("VAT", "19", kind.id))
        statements.clear()
        answer = await ask(query)
        assert len(answer["data"]["taxZones"]["edges"]) == number + 1
        counts.append(len(statements))
    assert counts == [4, 4, 4]


async def test_zones_are_seen_by_those_who_read_settings(
    ask: Ask, ask_anonymously: Ask, uow: UnitOfWork
) -> None:
    zone = await make_tax_zone(uow, "One", [Area("DE")], priority=1)
    await make_tax_zone(uow, "Two", [Area("AT")], priority=2)
    query = '{ taxZones(where: {country: "de"}) { edges { node { name } } } }'
    found = await ask(query, viewer=READER)
    assert found["data"]["taxZones"]["edges"] == [{"node": {"name": "One"}}]
    assert (await ask_anonymously(query))["data"]["taxZones"]["edges"] == []
    node = "query ($id: ID!) { node(id: $id) { databaseId } }"
    hidden = await ask_anonymously(node, {"id": global_id("TaxZone", zone.id)})
    assert hidden["data"]["node"] is None


async def test_anybody_may_ask_what_is_charged_at_a_place(
    ask: Ask, ask_anonymously: Ask, uow: UnitOfWork
) -> None:
    books = await make_tax_class(uow, "books")
    await make_tax_zone(
        uow, "California", [Area("US", "CA")], ("State", "7.25", None), ("Books", "1", books.id)
    )
    place = {"country": "us", "region": "California", "postalCode": "90210"}
    found = (await ask_anonymously(RATES, {"place": place}))["data"]["taxRates"]
    state = {"name": "State", "percent": "7.25"}
    assert found == {"goods": [state], "shipping": [{"name": "State"}]}
    of_books = {"place": place, "class": global_id("TaxClass", books.id)}
    goods = (await ask_anonymously(RATES, of_books))["data"]["taxRates"]["goods"]
    assert goods == [state, {"name": "Books", "percent": "1"}]
    elsewhere = await ask_anonymously(RATES, {"place": {"country": "FR"}})
    assert elsewhere["data"]["taxRates"] == {"goods": [], "shipping": []}
    await ask(SETTINGS, {"input": {"shippingTax": "GOODS"}})
    like_goods = (await ask_anonymously(RATES, {"place": place}))["data"]["taxRates"]
    assert like_goods["shipping"] is None


@pytest.mark.parametrize(
    ("place", "told"),
    [
        ({"country": "ZZ"}, "ISO 3166-1"),
        ({"country": "\0"}, "ISO 3166-1"),
        ({"country": "DE", "postalCode": "\ud800"}, "characters that no text can have"),
        ({"country": "DE", "region": "x" * 1001}, "at most 1000 characters"),
    ],
)
async def test_places_that_are_none(ask_anonymously: Ask, place: dict[str, str], told: str) -> None:
    assert told in (await ask_anonymously(RATES, {"place": place}))["errors"][0]["message"]


async def test_odd_postal_codes_are_no_trouble(ask_anonymously: Ask, uow: UnitOfWork) -> None:
    await make_tax_zone(uow, "Some", [Area("DE", None, ("1-9",))], ("VAT", "19", None))
    for code in ("²", "٣", "9" * 1000, "-", "", "1e3"):
        place = {"country": "DE", "postalCode": code}
        answer = await ask_anonymously(RATES, {"place": place})
        assert "errors" not in answer or answer["errors"] is None, code


async def test_countries_are_set_up_from_what_is_known(ask: Ask, uow: UnitOfWork) -> None:
    await make_tax_zone(uow, "France (FR)", [Area("FR")], ("Own", "1", None))
    countries = [
        {"country": "de", "reduced": 7},
        {"country": "FR", "reduced": "5.5"},
        {"country": "EE"},
    ]
    for _ in range(2):
        made = await ask(TEMPLATE, {"input": {"countries": countries}})
        zones = made["data"]["taxZonesFromTemplate"]["taxZones"]
        assert [zone["name"] for zone in zones] == ["Estonia (EE)", "France (FR)", "Germany (DE)"]
        estonia, france, germany = ([rate["taxClass"] for rate in zone["rates"]] for zone in zones)
        assert (estonia, france) == ([None], [None])
        assert germany == [{"code": "standard"}, {"code": "reduced"}]
        assert [rate["percent"] for rate in zones[2]["rates"]] == ["19", "7"]
        assert zones[0]["areas"] == [{"country": "EE"}]


@pytest.mark.parametrize(
    ("countries", "path"),
    [
        ([], ["countries"]),
        ([{"country": "US"}], ["countries", "0", "country"]),
        ([{"country": "DE", "reduced": 8}], ["countries", "0", "reduced"]),
    ],
)
async def test_what_is_not_known_of_a_country(
    ask: Ask, countries: list[Any], path: list[str]
) -> None:
    made = await ask(TEMPLATE, {"input": {"countries": countries}})
    assert made["data"]["taxZonesFromTemplate"] == {
        "taxZones": [],
        "userErrors": [{"code": "INVALID", "path": path}],
    }


async def test_the_template_of_a_country_is_shown(ask: Ask) -> None:
    query = "{ taxCountryTemplate(country: %s) { country standard reduced asOf } }"
    found = (await ask(query % '"de"'))["data"]["taxCountryTemplate"]
    assert (found["standard"], found["reduced"]) == ("19", ["7"])
    assert (await ask(query % '"US"'))["data"]["taxCountryTemplate"] is None


async def test_shipping_has_a_class_of_its_own(ask: Ask, uow: UnitOfWork) -> None:
    post = await make_tax_class(uow, "post")
    given = {"shippingTax": "CLASS", "shippingClassId": global_id("TaxClass", post.id)}
    changed = (await ask(SETTINGS, {"input": given}))["data"]["taxSettingsUpdate"]
    assert changed["taxSettings"] == {
        "shippingTax": "CLASS",
        "shippingClass": {"code": "post"},
        "version": 2,
    }
    for wrong, path in (
        ({"shippingClassId": "?"}, ["shippingClassId"]),
        ({"expectedVersion": 1}, ["expectedVersion"]),
    ):
        refused = (await ask(SETTINGS, {"input": wrong}))["data"]["taxSettingsUpdate"]
        assert refused["userErrors"][0]["path"] == path
    await make_tax_zone(uow, "All", [Area()], ("Post", "1", post.id), ("VAT", "2", None))
    table = await ask(RATES, {"place": {"country": "DE"}})
    assert table["data"]["taxRates"]["shipping"] == [{"name": "Post"}, {"name": "VAT"}]
    rows = await uow.rows(select(col(TaxRate.percent)).order_by(col(TaxRate.id)))
    assert [row.percent for row in rows] == [Decimal(1), Decimal(2)]
