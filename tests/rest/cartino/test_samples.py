"""The samples of Cartino's documents that speak of many products, in a shop that has as many."""

from pathlib import Path

import pytest
from sqlalchemy import insert

from commerce.catalog.kinds import ProductType
from commerce.catalog.models import Product
from commerce.core.db import UnitOfWork
from tests.rest.cartino.calling import Cartino
from tests.support.golden import differences, sample
from tests.support.store import Store

GOLDEN = Path(__file__).parent / "golden"


@pytest.fixture
async def shop_of_125(store: Store, uow: UnitOfWork) -> None:
    """100 of them are digital; the newest is the shirt."""
    others = [
        {
            "title": f"Thing {number}",
            "slug": f"thing-{number}",
            "type": ProductType.DIGITAL if number < 100 else ProductType.SERVICE,
        }
        for number in range(124)
    ]
    await uow.change(insert(Product), others)
    await store.sell("Cotton T-Shirt", "19.99", 100, sku="TS-RED-M")


@pytest.mark.usefixtures("shop_of_125")
async def test_the_first_request(cartino: Cartino) -> None:
    golden = sample(GOLDEN / "products.json")
    status, shown = await cartino("GET", "/products?per_page=1")
    (product,), (expected,) = shown["data"], golden["data"]
    expected["id"] = product["id"]
    expected["variants"][0]["id"] = product["variants"][0]["id"]
    assert (status, differences(shown, golden)) == (200, [])


@pytest.mark.usefixtures("shop_of_125")
@pytest.mark.parametrize("base", ["/api", "/api/v1"])
async def test_the_envelope_of_lists(cartino: Cartino, base: str) -> None:
    """Its links lead to pages."""
    cartino.base = base
    golden = sample(GOLDEN / "envelope.json")
    status, shown = await cartino("GET", "/products?type=digital")
    pages = {"first": 1, "last": 5, "next": 2}
    for name, number in pages.items():
        golden["links"][name] = f"http://store.test{base}/products?type=digital&page={number}"
    assert (status, differences(shown, golden)) == (200, [])
    assert set(shown) == {"data", "meta", "links"}
    last = shown["links"]["last"].removeprefix(f"http://store.test{base}")
    _, shown = await cartino("GET", last)
    assert (len(shown["data"]), shown["meta"]["to"], shown["links"]["next"]) == (20, 100, None)
