"""Against a real HTTP server on this machine."""

import asyncio
from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Any

import pytest

from commerce.core.places import Place
from commerce.integrations import json_service
from commerce.integrations.carrier_rates import HttpCarrierRates, carrier_rates
from commerce.integrations.json_service import JsonService
from commerce.settings import Settings
from commerce.shipping.ports import CarrierAnswer, CarrierError, CarrierRate, Freight
from tests.support.json_services import JsonDouble, json_double
from tests.support.ports import free_port

PLACE = Place("DE", None, "10115")
FREIGHT = Freight("EUR", Decimal("49.90"), 1200, 2)
EXPRESS = {"service": "express", "price": "9.90", "currency": "EUR", "minDays": 1, "maxDays": 2}


@pytest.fixture
async def carrier() -> AsyncIterator[JsonDouble]:
    async with json_double() as found:
        found.says({"rates": []})
        yield found


def asked_of(
    carrier: JsonDouble, timeout: float = 5, token: str | None = None, rest: float = 0
) -> HttpCarrierRates:
    return HttpCarrierRates(JsonService(carrier.url, token, timeout), rest)


async def test_a_carrier_is_told_the_place_and_the_parcel_and_nothing_else(
    carrier: JsonDouble,
) -> None:
    carrier.says({"rates": [EXPRESS, {**EXPRESS, "service": "slow", "price": 4}], "seconds": 90})
    answer = await asked_of(carrier, token="canary-token").rates(PLACE, FREIGHT)
    assert answer == CarrierAnswer(
        {
            "express": CarrierRate(Decimal("9.90"), "EUR", 1, 2),
            "slow": CarrierRate(Decimal(4), "EUR", 1, 2),
        },
        90,
    )
    ((first, headers, body),) = carrier.requests
    assert first == "POST /v1/rates HTTP/1.1"
    assert headers["authorization"] == "Bearer canary-token"
    assert body == {
        "to": {"country": "DE", "region": None, "postalCode": "10115"},
        "parcel": {"currency": "EUR", "value": "49.90", "weightGrams": 1200, "quantity": 2},
    }


@pytest.mark.parametrize(("seconds", "kept"), [(None, 600), (1, 60), (10**9, 86_400)])
async def test_an_answer_holds_for_a_bounded_time(
    carrier: JsonDouble, seconds: int | None, kept: int
) -> None:
    told = {"rates": []} if seconds is None else {"rates": [], "seconds": seconds}
    carrier.says(told)
    assert (await asked_of(carrier).rates(PLACE, FREIGHT)).seconds == kept


@pytest.mark.parametrize(
    "told",
    [
        None,
        [],
        "rates",
        {},
        {"rates": None},
        {"rates": {}},
        {"rates": [None]},
        {"rates": [{}]},
        {"rates": [{**EXPRESS, "price": "-1"}]},
        {"rates": [{**EXPRESS, "price": "NaN"}]},
        {"rates": [{**EXPRESS, "price": "1e999999999"}]},
        {"rates": [{**EXPRESS, "price": "1.234"}]},
        {"rates": [{**EXPRESS, "price": True}]},
        {"rates": [{**EXPRESS, "price": []}]},
        {"rates": [{**EXPRESS, "currency": "XXY"}]},
        {"rates": [{**EXPRESS, "currency": []}]},
        {"rates": [{**EXPRESS, "service": "a\0b"}]},
        {"rates": [{**EXPRESS, "service": 7}]},
        {"rates": [{**EXPRESS, "minDays": -1}]},
        {"rates": [{**EXPRESS, "minDays": 1.5}]},
        {"rates": [{**EXPRESS, "minDays": 3}]},
        {"rates": [EXPRESS] * 101},
        {"rates": [], "seconds": "soon"},
    ],
)
async def test_an_answer_that_is_not_as_documented_is_none(carrier: JsonDouble, told: Any) -> None:
    carrier.says(told)
    with pytest.raises(CarrierError, match="not_understood"):
        await asked_of(carrier).rates(PLACE, FREIGHT)


@pytest.mark.parametrize(
    ("status", "body", "reason"),
    [
        ("500 Oops", b"{}", "status_500"),
        ("204 Nothing", b"", "status_204"),
        ("302 Elsewhere", b"{}", "status_302"),
        ("200 OK", b"<html>", "no_json"),
        ("200 OK", b'{"rates": [{"price": 1' + b"0" * 100 + b"}]}", "no_json"),
        ("200 OK", b"[" * 100_000, "no_json"),
        ("200 OK", b" " * 300_000, "too_long"),
    ],
)
async def test_what_is_no_answer(
    carrier: JsonDouble, status: str, body: bytes, reason: str
) -> None:
    carrier.status, carrier.body = status, body
    with pytest.raises(CarrierError, match=reason):
        await asked_of(carrier).rates(PLACE, FREIGHT)


async def test_a_carrier_that_hangs_is_not_waited_for(carrier: JsonDouble) -> None:
    carrier.wait = 30
    with pytest.raises(CarrierError, match="timeout"):
        await asked_of(carrier, timeout=0.1).rates(PLACE, FREIGHT)


@pytest.mark.parametrize(("rest", "then"), [(60, "resting"), (0, "timeout")])
async def test_nobody_waits_for_a_carrier_that_has_just_not_answered(
    carrier: JsonDouble, rest: float, then: str
) -> None:
    carrier.wait = 30
    asked = asked_of(carrier, timeout=0.1, rest=rest)
    for reason in ("timeout", then):
        with pytest.raises(CarrierError, match=reason):
            await asked.rates(PLACE, FREIGHT)


async def test_a_parcel_that_a_carrier_does_not_take_spoils_no_other(carrier: JsonDouble) -> None:
    asked = asked_of(carrier, rest=60)
    carrier.status = "404 No Such Place"
    with pytest.raises(CarrierError, match="status_404"):
        await asked.rates(PLACE, FREIGHT)
    carrier.status = "200 OK"
    assert (await asked.rates(PLACE, FREIGHT)).rates == {}


async def test_a_carrier_that_is_not_there_is_a_failure() -> None:
    service = JsonService(f"http://127.0.0.1:{free_port()}")
    with pytest.raises(CarrierError, match="connection"):
        await HttpCarrierRates(service).rates(PLACE, FREIGHT)


async def test_not_too_many_calls_are_in_flight(
    carrier: JsonDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(json_service, "AT_ONCE", 2)
    carrier.wait = 0.02
    asked = asked_of(carrier)
    await asyncio.gather(*(asked.rates(PLACE, FREIGHT) for _ in range(6)))
    assert (len(carrier.requests), carrier.most_at_once) == (6, 2)


def test_there_is_a_carrier_where_one_is_set_up() -> None:
    assert carrier_rates(Settings()) is None
    assert carrier_rates(Settings(carrier_url="https://carrier.test")) is not None
