"""Against a real HTTP server on this machine."""

from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Any

import pytest

from commerce.core.places import Place
from commerce.integrations.json_service import JsonService
from commerce.integrations.tax_service import HttpTaxService, tax_service
from commerce.settings import Settings
from commerce.taxes.ports import ProvidedRate, ProvidedRates, TaxServiceError
from tests.support.json_services import JsonDouble, json_double
from tests.support.ports import free_port

PLACE = Place("CA", "QC", "H2X 1Y4")
GST = {"name": "GST", "percent": 5}
QST = {"name": "QST", "percent": "9.975", "compound": True, "shipping": False}


@pytest.fixture
async def double() -> AsyncIterator[JsonDouble]:
    async with json_double() as found:
        yield found


def service(double: JsonDouble, timeout: float = 5, rest: float = 0) -> HttpTaxService:
    return HttpTaxService(JsonService(double.url, "canary-token", timeout), rest)


async def test_a_service_is_told_the_place_and_the_classes_and_nothing_else(
    double: JsonDouble,
) -> None:
    double.says({"rates": {"standard": [GST, QST], "zero": [], "more": []}, "seconds": 90})
    assert await service(double).rates(PLACE, ["standard", "zero"]) == ProvidedRates(
        {
            "standard": [
                ProvidedRate("GST", Decimal(5)),
                ProvidedRate("QST", Decimal("9.975"), compound=True, on_shipping=False),
            ],
            "zero": [],
        },
        90,
    )
    ((first, headers, body),) = double.requests
    assert first == "POST /v1/rates HTTP/1.1"
    assert headers["authorization"] == "Bearer canary-token"
    assert body == {
        "to": {"country": "CA", "region": "QC", "postalCode": "H2X 1Y4"},
        "classes": ["standard", "zero"],
    }


@pytest.mark.parametrize(("seconds", "kept"), [(None, 3_600), (-1, 60), (10**9, 604_800)])
async def test_an_answer_holds_for_a_bounded_time(
    double: JsonDouble, seconds: int | None, kept: int
) -> None:
    double.says({"rates": {}} if seconds is None else {"rates": {}, "seconds": seconds})
    assert (await service(double).rates(PLACE, [])).seconds == kept


@pytest.mark.parametrize(
    "told",
    [
        None,
        [],
        {},
        {"rates": []},
        {"rates": {}},
        {"rates": {"standard": None}},
        {"rates": {"standard": [None]}},
        {"rates": {"standard": [{}]}},
        {"rates": {"standard": [{**GST, "name": ""}]}},
        {"rates": {"standard": [{**GST, "name": "a\0b"}]}},
        {"rates": {"standard": [{**GST, "name": 7}]}},
        {"rates": {"standard": [{**GST, "percent": "NaN"}]}},
        {"rates": {"standard": [{**GST, "percent": "1e999999999"}]}},
        {"rates": {"standard": [{**GST, "percent": "-1"}]}},
        {"rates": {"standard": [{**GST, "percent": 100.5}]}},
        {"rates": {"standard": [{**GST, "percent": "1.2345678"}]}},
        {"rates": {"standard": [{**GST, "percent": True}]}},
        {"rates": {"standard": [{**GST, "percent": []}]}},
        {"rates": {"standard": [{**GST, "compound": 1}]}},
        {"rates": {"standard": [GST] * 21}},
        {"rates": {"standard": []}, "seconds": "soon"},
        {"rates": {"standard": []}, "seconds": True},
    ],
)
async def test_an_answer_that_is_not_as_documented_is_none(double: JsonDouble, told: Any) -> None:
    double.says(told)
    with pytest.raises(TaxServiceError, match="not_understood"):
        await service(double).rates(PLACE, ["standard"])


@pytest.mark.parametrize(
    ("status", "body", "reason"),
    [
        ("500 Oops", b"{}", "status_500"),
        ("302 Elsewhere", b"{}", "status_302"),
        ("200 OK", b"<html>", "no_json"),
        ("200 OK", b" " * 300_000, "too_long"),
    ],
)
async def test_what_is_no_answer(double: JsonDouble, status: str, body: bytes, reason: str) -> None:
    double.status, double.body = status, body
    with pytest.raises(TaxServiceError, match=reason):
        await service(double).rates(PLACE, ["standard"])


async def test_a_service_that_hangs_is_not_waited_for(double: JsonDouble) -> None:
    double.wait = 30
    with pytest.raises(TaxServiceError, match="timeout"):
        await service(double, timeout=0.1).rates(PLACE, ["standard"])


async def test_after_a_failure_it_is_not_asked_for_a_while(double: JsonDouble) -> None:
    double.status = "500 Oops"
    resting = service(double, rest=60)
    for reason in ("status_500", "resting", "resting"):
        with pytest.raises(TaxServiceError, match=reason):
            await resting.rates(PLACE, ["standard"])
    assert len(double.requests) == 1


async def test_a_service_that_is_not_there_is_a_failure() -> None:
    away = HttpTaxService(JsonService(f"http://127.0.0.1:{free_port()}"))
    with pytest.raises(TaxServiceError, match="connection"):
        await away.rates(PLACE, ["standard"])


def test_there_is_a_service_where_one_is_set_up() -> None:
    assert tax_service(Settings()) is None
    assert tax_service(Settings(tax_url="https://taxes.test")) is not None
    for wrong in ({"tax_token": "t"}, {"tax_url": "ftp://taxes.test"}):
        with pytest.raises(ValueError, match="TAX_URL"):
            Settings(**wrong)
