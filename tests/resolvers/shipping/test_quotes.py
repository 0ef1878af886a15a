from typing import Any

import pytest

from commerce.core.db import UnitOfWork
from commerce.core.viewer import Viewer, ViewerKind
from tests.conftest import Ask
from tests.support.customers import make_group
from tests.support.shipping import make_method, make_zone

QUOTES = """
query ($country: String!, $region: String, $code: String, $weight: Int!, $value: Decimal!,
       $currency: CurrencyCode) {
  shippingQuotes(country: $country, region: $region, postalCode: $code, weight: $weight,
                 value: $value, currency: $currency) {
    code price { amount currencyCode } deliveryFrom deliveryTo
  }
}
"""


async def _quotes(ask: Ask, country: str = "DE", **given: Any) -> list[tuple[str, str]]:
    variables = {"country": country, "weight": 1000, "value": "20", **given}
    found = (await ask(QUOTES, variables))["data"]["shippingQuotes"]
    return [(quote["code"], quote["price"]["amount"]) for quote in found]


async def test_a_store_without_methods_offers_nothing(ask_anonymously: Ask) -> None:
    assert await _quotes(ask_anonymously) == []


async def test_the_closest_zones_count_and_methods_without_a_zone_always(
    ask_anonymously: Ask, uow: UnitOfWork
) -> None:
    world = await make_zone(uow, "World", {})
    germany = await make_zone(uow, "Germany", {"country": "DE"})
    berlin = await make_zone(uow, "Berlin", {"country": "DE", "postal_codes": ["10*"]})
    await make_zone(uow, "Nowhere")
    await make_method(uow, "pickup", "0", position=9)
    await make_method(uow, "airmail", "19", zone_id=world.id)
    await make_method(uow, "parcel", "5", zone_id=germany.id)
    await make_method(uow, "letter", "2", zone_id=germany.id, position=-1)
    await make_method(uow, "bicycle", "3", zone_id=berlin.id)
    pickup = ("pickup", "0.00")
    assert await _quotes(ask_anonymously, "fr") == [("airmail", "19.00"), pickup]
    assert await _quotes(ask_anonymously) == [("letter", "2.00"), ("parcel", "5.00"), pickup]
    assert await _quotes(ask_anonymously, code="10 115") == [("bicycle", "3.00"), pickup]


async def test_regions_go_by_code_or_name(ask_anonymously: Ask, uow: UnitOfWork) -> None:
    west = await make_zone(uow, "West", {"country": "US", "region": "CA"})
    await make_method(uow, zone_id=west.id)
    for region in ("CA", "california", "US-CA"):
        assert await _quotes(ask_anonymously, "US", region=region) == [("parcel", "4.90")]
    for region in ("NY", "Atlantis", "\n", None):
        assert await _quotes(ask_anonymously, "US", region=region) == []


async def test_inactive_methods_and_other_currencies_are_left_out(
    ask_anonymously: Ask, uow: UnitOfWork
) -> None:
    await make_method(uow, "old", active=False)
    await make_method(uow, "dollars", cost={"currency": "USD"})
    assert await _quotes(ask_anonymously) == []
    assert await _quotes(ask_anonymously, currency="USD") == [("dollars", "4.90")]


async def test_customers_get_what_is_for_their_group(
    ask: Ask, ask_anonymously: Ask, uow: UnitOfWork
) -> None:
    trade = await make_group(uow)
    await make_method(uow, "pallet", customer_group_ids=[trade.id])
    await make_method(uow, "parcel", customer_group_ids=[0])
    dealer = Viewer(ViewerKind.CUSTOMER, 1, customer_group_id=trade.id)
    found = await ask(QUOTES, {"country": "DE", "weight": 1, "value": "1"}, viewer=dealer)
    assert [quote["code"] for quote in found["data"]["shippingQuotes"]] == ["pallet"]
    assert await _quotes(ask_anonymously) == [("parcel", "4.90")]


@pytest.mark.parametrize(
    "given",
    [
        {"country": "ZZ"},
        {"country": "D\0"},
        {"region": "a\0"},
        {"code": "\ud800"},
        {"code": "1" * 1001},
        {"weight": -1},
        {"value": "-1"},
        {"value": "1.999"},
        {"value": "1e30"},
    ],
)
async def test_what_is_no_parcel(
    ask_anonymously: Ask, uow: UnitOfWork, given: dict[str, Any]
) -> None:
    await make_method(uow)
    asked = {"country": "DE", "weight": 1, "value": "1", **given}
    refused = await ask_anonymously(QUOTES, asked)
    assert refused["data"] is None
    assert "Traceback" not in str(refused["errors"])


@pytest.mark.parametrize("count", [1, 5])
async def test_quotes_take_three_statements(
    ask_anonymously: Ask, uow: UnitOfWork, statements: list[str], count: int
) -> None:
    for number in range(count):
        zone = await make_zone(uow, f"Zone {number}", {"country": "DE"})
        await make_method(uow, f"m-{number}", zone_id=zone.id)
    statements.clear()
    assert len(await _quotes(ask_anonymously)) == count
    assert len(statements) == 3  # the store, areas, methods
