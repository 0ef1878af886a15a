"""The store, and ways to send parcels, as Shopkit prints them."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest

from commerce.core.db import UnitOfWork
from commerce.core.viewer import SYSTEM, Scope
from commerce.payments.kinds import MethodKind
from commerce.pricing.kinds import SurchargeKind
from tests.conftest import Ask
from tests.rest.conftest import MakeKey
from tests.support.golden import differences, sample
from tests.support.invoices import set_store
from tests.support.payments import make_method
from tests.support.pricing import make_price_list
from tests.support.shipping import make_method as make_shipping
from tests.support.shipping import make_zone
from tests.support.shopkit import Client

HERE = Path(__file__).parents[1] / "golden"
HOST, THEIRS = "http://store.test", "https://parallax.shopk.it"
DESIGN = (
    *("username", "custom_css", "custom_js", "head_html", "footer_html", "footer_info"),
    *("meta_tags", "category_default_order", "basecolor", "assets", "images_header"),
)
MENU = "mutation ($i: MenuUpsertInput!) { menuUpsert(input: $i) { userErrors { path message } } }"
PAGE = """mutation ($i: StorePageUpsertInput!) { storePageUpsert(input: $i) {
  storePage { id databaseId } userErrors { path message } } }"""
OWN = ("active", "alias", "default", "image", "max_value", "message", "min_value", "title", "value")


async def parallax(uow: UnitOfWork, ask: Ask, golden: Any) -> None:
    """The store of the documents."""
    links = {name: golden[name] for name in ("facebook", "twitter", "instagram")}
    await set_store(
        uow,
        name=golden["name"],
        description=golden["description"],
        notice=golden["notice"],
        email=golden["email"],
        show_email=golden["show_email"],
        mobile=golden["cellphone"],
        line1="Avª do Empresário, 1, S1.08",
        postal_code="6000-767",
        city="Castelo Branco",
        latitude=Decimal(golden["latitude"]),
        longitude=Decimal(golden["longitude"]),
        social_links=links,
        design={name: golden[name] for name in DESIGN},
    )
    await make_price_list(uow, is_default=True, prices_include_tax=True)
    for name, items in golden["navigation"].items():
        await _menu(ask, name, items)
    for place, (alias, method) in enumerate(golden["payments"].items()):
        await _method(uow, place, alias, method)


async def _menu(ask: Ask, code: str, items: Any) -> None:
    made = []
    for item in items:
        link: dict[str, Any] = {"url": item["menu_url"].removeprefix(THEIRS) or "/"}
        if item["menu_item"].isdigit():
            page = {"title": item["menu_text"], "slug": item["menu_url"].rpartition("/")[2]}
            answer = await ask(PAGE, {"i": {**page, "bodyHtml": ""}}, viewer=SYSTEM)
            payload = answer["data"]["storePageUpsert"]
            assert payload["userErrors"] == []
            link = {"pageId": payload["storePage"]["id"]}
            item["menu_item"] = str(payload["storePage"]["databaseId"])
        made.append({"title": item["menu_text"], **link})
    given = {"code": code, "title": code, "items": made}
    answer = await ask(MENU, {"i": given}, viewer=SYSTEM)
    assert answer["data"]["menuUpsert"]["userErrors"] == []


async def _method(uow: UnitOfWork, place: int, alias: str, method: Any) -> None:
    free = {"surcharge_kind": SurchargeKind.FIXED, "surcharge_value": Decimal(0)}
    delivered = {"kind": MethodKind.CASH_ON_DELIVERY, **free} if "value" in method else {}
    await make_method(
        uow,
        alias,
        name=method["title"],
        provider="manual",
        instructions=method["message"],
        details={name: value for name, value in method.items() if name not in OWN},
        image_url=method["image"],
        min_total=method["min_value"],
        position=place,
        active=method["active"],
        **delivered,
    )


async def test_the_store_of_the_documents(shopkit: Client, uow: UnitOfWork, ask: Ask) -> None:
    golden = sample(HERE / "store.json")
    await parallax(uow, ask, golden)
    for item in golden["navigation"]["primary"]:
        item["menu_url"] = item["menu_url"].replace(THEIRS, HOST)
    for item in golden["navigation"]["secondary"]:
        item.pop("menu_url")
    for name in ("latitude", "longitude"):  # kept to a tenth of a metre
        golden[name] = str(round(Decimal(golden[name]), 6))
    shown = await shopkit.get("/")
    assert differences(shown, golden) == []
    assert list(shown["payments"]) == list(golden["payments"])
    assert await shopkit.get("/store") == shown


async def test_a_key_that_reads_no_settings_sees_what_is_on_offer(
    client: httpx.AsyncClient, make_key: MakeKey, uow: UnitOfWork, ask: Ask
) -> None:
    golden = sample(HERE / "store.json")
    await parallax(uow, ask, golden)
    shopper = Client(client, await make_key("shopkit", Scope.READ_PRODUCTS))
    shown = await shopper.get("/store")
    assert "on_delivery" not in shown["payments"]
    assert shown["payments"]["multibanco"]["min_value"] is None


async def test_a_bare_store(shopkit: Client) -> None:
    shown = await shopkit.get("")
    assert (shown["logo"], shown["navigation"]) == (None, {"primary": [], "secondary": []})
    assert (shown["payments"], shown["images_header"], shown["taxes_included"]) == ({}, [], False)


async def test_the_store_needs_a_key(client: httpx.AsyncClient, shopkit: Client) -> None:
    assert (await client.get("/v1/")).status_code == 401
    key = shopkit.headers["X-API-KEY"]
    assert (await client.get(f"/v1/?X-API-KEY={key}")).status_code == 200


@pytest.fixture
async def parcels(uow: UnitOfWork) -> None:
    zone = await make_zone(uow, "Portugal", {"country": "PT"})
    await set_store(uow, locale="pt-PT")
    for place, method in enumerate(sample(HERE / "shipping.json")):
        await make_shipping(
            uow,
            method["title"].lower(),
            str(method["price"]),
            name=method["title"],
            description=method["description"],
            zone_id=zone.id,
            position=place,
        )


@pytest.mark.usefixtures("parcels")
async def test_shipping_of_the_documents(shopkit: Client) -> None:
    golden = sample(HERE / "shipping.json")
    for query in ("country_code=prt", "country_code=PRT&weight=100&value=10"):
        assert differences(await shopkit.get(f"/shipping?{query}"), golden) == []
    assert await shopkit.get("/shipping?country_code=esp") == []


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("", 400),
        ("country_code=pt", 400),
        ("country_code=p1t", 400),
        ("country_code=xyz", 404),
        ("country_code=prt&weight=-1", 400),
        ("country_code=prt&weight=heavy", 400),
        ("country_code=prt&value=-1", 400),
        ("country_code=prt&weight=99999999999999999999", 400),
    ],
)
async def test_shipping_that_is_refused(shopkit: Client, query: str, status: int) -> None:
    assert await shopkit.refused("GET", f"/shipping?{query}") == status
