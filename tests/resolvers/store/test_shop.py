from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import col

from commerce.core.db import UnitOfWork
from commerce.core.viewer import Scope, Viewer, ViewerKind
from commerce.store.models import Store
from tests.conftest import Ask

UPDATE = """
mutation ($input: ShopUpdateInput!) { shopUpdate(input: $input) {
  shop { name version timezone email currencyCode currencyCodes locales country latitude design
    socialLinks { name url } weightUnit roundingMode dateFormat notificationEmails orderPrefix }
  userErrors { code path ... on VersionConflictError { current } }
} }
"""
PUBLIC = """
{ shop { name currencyCode currencyCodes locale locales timezone weightUnit lengthUnit volumeUnit
  dateFormat timeFormat countries guestCheckout closed email phone socialLinks { name } design } }
"""


async def _update(ask: Ask, **given: Any) -> Any:
    return (await ask(UPDATE, {"input": given}))["data"]["shopUpdate"]


async def _stored(uow: UnitOfWork) -> tuple[Any, ...]:
    row = await uow.row(select(col(Store.name), col(Store.version)))
    assert row is not None
    return tuple(row)


async def test_everybody_sees_what_the_store_says_of_itself_in_one_statement(
    ask_anonymously: Ask, statements: list[str]
) -> None:
    statements.clear()
    seen = (await ask_anonymously(PUBLIC))["data"]["shop"]
    assert len(statements) == 1
    assert seen == {
        "name": "Test Store",
        "currencyCode": "EUR",
        "currencyCodes": ["EUR"],
        "locale": "en",
        "locales": ["en"],
        "timezone": "UTC",
        "weightUnit": "KILOGRAM",
        "lengthUnit": "CENTIMETRE",
        "volumeUnit": "LITRE",
        "dateFormat": "yyyy-MM-dd",
        "timeFormat": "HH:mm",
        "countries": [],
        "guestCheckout": True,
        "closed": False,
        "email": "",
        "phone": "",
        "socialLinks": [],
        "design": {},
    }


async def test_the_given_settings_are_changed_and_the_others_stay(
    ask: Ask, uow: UnitOfWork
) -> None:
    answer = await _update(
        ask,
        timezone="Europe/Berlin",
        currencyCodes=["JPY", "EUR"],
        locales=["de-AT", "en"],
        country="de",
        latitude="52.5163",
        weightUnit="POUND",
        roundingMode="HALF_EVEN",
        dateFormat="dd.MM.yyyy",
        socialLinks=[{"name": "instagram", "url": "https://instagram.com/shop"}],
        design={"basecolor": "#db0a5b"},
        notificationEmails=["Me@shop.test"],
        orderPrefix="A-",
        expectedVersion=1,
    )
    assert answer["userErrors"] == []
    assert answer["shop"] == {
        "name": "Test Store",
        "version": 2,
        "timezone": "Europe/Berlin",
        "email": "",
        "currencyCode": "EUR",
        "currencyCodes": ["EUR", "JPY"],
        "locales": ["en", "de-AT"],
        "country": "DE",
        "latitude": "52.516300",
        "design": {"basecolor": "#db0a5b"},
        "socialLinks": [{"name": "instagram", "url": "https://instagram.com/shop"}],
        "weightUnit": "POUND",
        "roundingMode": "HALF_EVEN",
        "dateFormat": "dd.MM.yyyy",
        "notificationEmails": ["Me@shop.test"],
        "orderPrefix": "A-",
    }
    again = await _update(ask, timezone="Europe/Berlin", latitude="52.5163")
    assert again["shop"]["version"] == 2  # nothing was new
    late = await _update(ask, name="Late", expectedVersion=1)
    assert late["userErrors"] == [
        {"code": "VERSION_CONFLICT", "path": ["expectedVersion"], "current": 2}
    ]
    cleared = await _update(ask, country=None, latitude=None)
    assert (cleared["shop"]["country"], cleared["shop"]["latitude"]) == (None, None)
    assert await _stored(uow) == ("Test Store", 3)


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ({"name": ""}, ["name"]),
        ({"timezone": "Mars/Olympus"}, ["timezone"]),
        ({"countries": ["DE", "ZZ"]}, ["countries", "1"]),
        ({"orderDigits": 13}, ["orderDigits"]),
        ({"socialLinks": [{"name": "x", "url": "javascript:x"}]}, ["socialLinks", "0", "url"]),
        ({"description": "\ud800"}, ["description"]),
    ],
)
async def test_what_the_store_cannot_be_set_to(
    ask: Ask, uow: UnitOfWork, given: dict[str, Any], path: list[str]
) -> None:
    refused = await _update(ask, **given)
    assert [(error["code"], error["path"]) for error in refused["userErrors"]] == [
        ("INVALID", path)
    ]
    assert await _stored(uow) == ("Test Store", 1)


async def test_an_address_that_is_not_for_everybody_is_the_shops_own(
    ask: Ask, ask_anonymously: Ask
) -> None:
    await _update(ask, email="me@shop.test")
    query = "{ shop { email } }"
    assert (await ask_anonymously(query))["data"]["shop"]["email"] == "me@shop.test"
    await ask("mutation { shopUpdate(input: {showEmail: false}) { userErrors { code } } }")
    assert (await ask_anonymously(query))["data"]["shop"]["email"] is None
    assert (await ask(query))["data"]["shop"]["email"] == "me@shop.test"


async def test_a_change_is_seen_by_what_follows_in_the_same_request(ask: Ask) -> None:
    found = await ask(
        'mutation { a: shopUpdate(input: {name: "One"}) { shop { name } }'
        ' b: shopUpdate(input: {description: "x", expectedVersion: 2}) { shop { name version } } }'
    )
    assert found["data"]["b"]["shop"] == {"name": "One", "version": 3}


async def test_a_new_currency_is_what_shipping_costs_in(ask: Ask) -> None:
    found = await ask(
        'mutation { shopUpdate(input: {currencyCode: "USD"}) { shop { currencyCodes } }'
        ' shippingMethodUpsert(input: {name: "Post", prices: [{price: "4"}]}) {'
        " shippingMethod { prices { currencyCode } } } }"
    )
    assert found["data"]["shopUpdate"]["shop"]["currencyCodes"] == ["USD"]
    method = found["data"]["shippingMethodUpsert"]["shippingMethod"]
    assert method["prices"] == [{"currencyCode": "USD"}]


async def test_changing_needs_its_own_scope(ask: Ask, uow: UnitOfWork) -> None:
    writer = Viewer(ViewerKind.API_KEY, 9, frozenset({Scope.WRITE_SETTINGS}))
    query = 'mutation { shopUpdate(input: {name: "New"}) { shop { name } } }'
    assert (await ask(query, viewer=writer))["data"]["shopUpdate"]["shop"] == {"name": "New"}
    assert await _stored(uow) == ("New", 2)
