"""What the carrier says, asked over a real socket and kept in the database."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import func, select

from commerce.core.db import UnitOfWork
from commerce.core.places import Place
from commerce.core.viewer import ANONYMOUS
from commerce.integrations.carrier_rates import HttpCarrierRates
from commerce.integrations.json_service import JsonService
from commerce.shipping.kinds import ShippingKind
from commerce.shipping.models import ShippingAnswer
from commerce.shipping.rules.parcels import Parcel, ShippingQuote
from commerce.wiring import Services
from tests.support.services import PORTS
from tests.support.shipping import make_method

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)  # a Monday
BERLIN = Place("DE", "BE", "10115")
PARCEL = Parcel("EUR", Decimal("49.90"), 1200, 2)
EXPRESS = {"service": "express", "price": "9.90", "currency": "EUR", "minDays": 1, "maxDays": 2}


@dataclass
class Carrier:
    url: str = ""
    body: bytes = b""
    asked: int = 0
    wait: float = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        self.asked += 1
        await asyncio.sleep(self.wait)
        head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(self.body)}\r\n\r\n"
        writer.write(head.encode() + self.body)
        writer.close()


@pytest.fixture
async def carrier() -> AsyncIterator[Carrier]:
    carrier = Carrier(body=json.dumps({"rates": [EXPRESS], "seconds": 600}).encode())
    listening = await asyncio.start_server(carrier.serve, "127.0.0.1", 0)
    carrier.url = f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}"
    yield carrier
    listening.close()


class Shop:
    """Quotes of a store with this carrier, at a time that stands still."""

    def __init__(self, uow: UnitOfWork, carrier: Carrier) -> None:
        self.uow = uow
        self.now = NOW
        asked = HttpCarrierRates(JsonService(carrier.url, timeout=0.2))
        ports = replace(PORTS, carrier_rates=asked)
        self.quoting = Services(uow, ANONYMOUS, lambda: self.now, ports).shipping_quotes

    async def prepare(self, place: Place = BERLIN, parcel: Parcel = PARCEL) -> None:
        await self.quoting.prepare(place, parcel)

    async def quotes(self, parcel: Parcel = PARCEL) -> dict[str, Decimal]:
        quotes = await self.quoting.quotes(BERLIN, parcel, self.now)
        return {quote.code: quote.price for quote in quotes}


@pytest.fixture
async def shop(uow: UnitOfWork, carrier: Carrier) -> Shop:
    await make_method(uow, "flat")
    await make_method(uow, "fast", "1", kind=ShippingKind.CARRIER, service="express")
    return Shop(uow, carrier)


async def _kept(uow: UnitOfWork) -> Any:
    return await uow.scalar(select(func.count()).select_from(ShippingAnswer))


async def test_a_carriers_method_is_offered_once_it_was_asked(shop: Shop, carrier: Carrier) -> None:
    assert await shop.quotes() == {"flat": Decimal("4.90")}
    await shop.prepare()
    assert await shop.quotes() == {"flat": Decimal("4.90"), "fast": Decimal("10.90")}
    await shop.prepare()
    assert carrier.asked == 1


async def test_an_answer_is_for_its_parcel_and_its_time(shop: Shop, carrier: Carrier) -> None:
    await shop.prepare()
    heavier = replace(PARCEL, weight_grams=1201)
    assert await shop.quotes(heavier) == {"flat": Decimal("4.90")}
    await shop.prepare(parcel=heavier)
    assert carrier.asked == 2
    shop.now = NOW + timedelta(seconds=599)
    assert "fast" in await shop.quotes()
    shop.now = NOW + timedelta(seconds=600)
    assert "fast" not in await shop.quotes()
    assert (await _kept(shop.uow), await shop.quoting.forget_expired()) == (2, 2)
    await shop.prepare()
    assert carrier.asked == 3
    assert "fast" in await shop.quotes()


async def test_the_carrier_says_how_long_it_takes_unless_the_shop_does(
    shop: Shop, uow: UnitOfWork
) -> None:
    await make_method(uow, "sure", kind=ShippingKind.CARRIER, service="express", max_days=5)
    await shop.prepare()
    _, fast, sure = await shop.quoting.quotes(BERLIN, PARCEL, NOW)
    days = [str(day) for day in (fast.delivery_from, fast.delivery_to, sure.delivery_to)]
    assert days == ["2026-11-24", "2026-11-25", "2026-11-30"]


@pytest.mark.parametrize("body", [b"<html>", b'{"rates": [{"service": 7}]}'])
async def test_a_carrier_that_fails_is_left_out_and_asked_again_a_minute_later(
    shop: Shop, carrier: Carrier, body: bytes
) -> None:
    good, carrier.body = carrier.body, body
    await shop.prepare()
    await shop.prepare()
    assert (carrier.asked, await shop.quotes()) == (1, {"flat": Decimal("4.90")})
    carrier.body, shop.now = good, NOW + timedelta(seconds=61)
    await shop.prepare()
    assert "fast" in await shop.quotes()


async def test_a_carrier_that_hangs_is_left_out(shop: Shop, carrier: Carrier) -> None:
    carrier.wait = 5
    await shop.prepare()
    assert await shop.quotes() == {"flat": Decimal("4.90")}


async def test_a_carrier_is_not_asked_in_vain(
    shop: Shop, carrier: Carrier, uow: UnitOfWork
) -> None:
    digital = replace(PARCEL, requires_shipping=False)
    await shop.prepare(parcel=digital)
    await shop.prepare(Place())
    assert await shop.quotes(digital) == {}
    await uow.change(
        ShippingAnswer.metadata.tables["shipping_methods"].update().values(kind="flat")
    )
    await shop.prepare()
    assert carrier.asked == 0


async def test_fields_beside_each_other_may_ask_at_once(shop: Shop, carrier: Carrier) -> None:
    parcels = [replace(PARCEL, quantity=number) for number in range(1, 5)]
    await asyncio.gather(*(shop.prepare(parcel=parcel) for parcel in parcels))
    assert (carrier.asked, await _kept(shop.uow)) == (4, 4)


async def test_a_quote_says_all_that_an_order_keeps(uow: UnitOfWork) -> None:
    address = {"company": "Shop", "country": "DE"}
    method = await make_method(
        uow,
        "pickup",
        "0",
        kind=ShippingKind.PICKUP,
        pickup_address=address,
        pickup_instructions="Ring twice.",
        min_days=0,
    )
    services = Services(uow, ANONYMOUS, lambda: NOW, PORTS)
    (quote,) = await services.shipping_quotes.quotes(Place(), PARCEL, NOW)
    assert quote == ShippingQuote(
        method_id=method.id,
        code="pickup",
        name="Pickup",
        description="",
        kind=ShippingKind.PICKUP,
        price=Decimal(0),
        delivery_from=NOW.date(),
        delivery_to=NOW.date(),
        pickup_address=address,
        pickup_instructions="Ring twice.",
    )
