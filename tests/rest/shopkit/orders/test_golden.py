"""Order 1337 of Shopkit's documents."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from commerce.core.db import UnitOfWork
from tests.support.golden import differences, sample
from tests.support.shopkit import Client, order_1337

HERE = Path(__file__).parents[1] / "golden"
HOST = "http://store.test"
TIMES = ("created_at", "update_at", "sent_at", "paid_at")


@pytest.fixture
def golden() -> Any:
    return sample(HERE / "order.json")


def told_here(golden: Any, shown: Any) -> Any:
    """The sample with the ids, hosts and pictures of this shop."""
    for line, ours in zip(golden["products"], shown["products"], strict=True):
        line["id"] = ours["id"]
        line["url"] = f"{HOST}/product/{line['url'].rpartition('/')[2]}"
        line["image"] = dict.fromkeys(line["image"], line["image"]["full"])
    golden |= {"id": shown["id"], "hash": shown["hash"]}
    return golden | {"permalink": f"{HOST}/order/{shown['hash']}"}


def same_moments(shown: Any, expected: Any) -> bool:
    return all(
        shown[name] == expected[name]
        or datetime.fromisoformat(shown[name]) == datetime.fromisoformat(expected[name])
        for name in TIMES
    )


def without_times(order: Any) -> Any:
    return {name: value for name, value in order.items() if name not in TIMES}


async def test_order_1337(shopkit: Client, uow: UnitOfWork, golden: Any) -> None:
    order = await order_1337(uow, golden)
    shown = await shopkit.get(f"/order/{order.id}")
    expected = told_here(golden, shown)
    assert differences(without_times(shown), without_times(expected)) == []
    assert same_moments(shown, expected)
    figures = [shown[name] for name in ("total", "product_tax", "total_tax", "discount")]
    assert [str(figure) for figure in figures] == ["157.03", "16.0052", "16.0052", "14.864"]
    assert str(shown["products"][0]["subtotal"]) == "85.59324"
    assert await shopkit.get(f"/order?id={order.id}") == shown
    assert (await shopkit.get("/order"))["0"] == shown


async def test_order_1337_paid_and_sent(shopkit: Client, uow: UnitOfWork, golden: Any) -> None:
    order = await order_1337(uow, golden)
    sent = sample(HERE / "order_sent.json")
    change = {"paid": True, "status_alias": "sent"}
    shown = await shopkit.found("PUT", f"/order/{order.id}", change)
    expected = told_here(sent, shown)
    assert differences(without_times(shown), without_times(expected)) == []
    assert None not in (shown["sent_at"], shown["paid_at"])
    again = await shopkit.found("PUT", f"/order/{order.id}", change)
    assert again == shown
