"""Surcharges of orders through GraphQL."""

from typing import Any

import pytest

from commerce.core.db import UnitOfWork
from commerce.core.ids import global_id
from commerce.core.viewer import SYSTEM
from tests.conftest import Ask
from tests.support.carts import Goods
from tests.support.taxes import make_tax_class

SHOWN = """order { id version
  surcharges { code source base value amount { amount } gross { amount } }
  cost { surcharge { amount } total { amount } } } userErrors { code path }"""
WRAP = {"code": "wrap", "name": " Gift wrapping ", "value": "3.00"}
HANDLING = {
    "code": "handling",
    "name": "Handling",
    "kind": "PERCENT",
    "value": "2",
    "base": "SUBTOTAL_AND_SHIPPING",
    "source": "SHIPPING_HANDLING",
    "taxable": False,
}


async def _send(ask: Ask, name: str, **given: Any) -> Any:
    kind = f"{name[0].upper()}{name[1:]}Input"
    query = f"mutation ($input: {kind}!) {{ {name}(input: $input) {{ {SHOWN} }} }}"
    return await ask(query, {"input": given}, viewer=SYSTEM)


@pytest.fixture
async def draft(ask: Ask, uow: UnitOfWork) -> Any:
    """Two at 10.00, wrapped for 3.00."""
    mug = await (await Goods.open(uow)).variant("10")
    line = {"variantId": global_id("ProductVariant", mug.id), "quantity": 2}
    made = await _send(ask, "orderDraftCreate", lines=[line], surcharges=[WRAP])
    return made["data"]["orderDraftCreate"]["order"]


async def test_surcharges_of_a_draft_are_replaced_as_a_whole(ask: Ask, draft: Any) -> None:
    assert draft["cost"]["total"] == {"amount": "23.00"}
    assert [each["code"] for each in draft["surcharges"]] == ["wrap"]
    sent = await _send(
        ask, "orderDraftUpdate", orderId=draft["id"], surcharges=[WRAP, HANDLING], lines=[]
    )
    order = sent["data"]["orderDraftUpdate"]["order"]
    assert order["surcharges"][1] == {
        "code": "handling",
        "source": "SHIPPING_HANDLING",
        "base": "SUBTOTAL_AND_SHIPPING",
        "value": "2",
        "amount": {"amount": "0.40"},
        "gross": {"amount": "0.40"},
    }
    assert order["cost"] == {"surcharge": {"amount": "3.40"}, "total": {"amount": "23.40"}}
    kept = await _send(ask, "orderDraftUpdate", orderId=draft["id"])
    assert kept["data"]["orderDraftUpdate"]["order"]["cost"] == order["cost"]


async def test_surcharges_of_an_order_are_edited(ask: Ask, draft: Any) -> None:
    placed = await _send(ask, "orderDraftComplete", orderId=draft["id"])
    version = placed["data"]["orderDraftComplete"]["order"]["version"]
    edit = {"orderId": draft["id"], "expectedVersion": version}
    edited = await _send(ask, "orderEdit", **edit, surcharges=[HANDLING])
    order = edited["data"]["orderEdit"]["order"]
    assert [each["code"] for each in order["surcharges"]] == ["handling"]
    assert order["cost"]["total"] == {"amount": "20.40"}
    late = await _send(ask, "orderEdit", **edit, surcharges=[])
    assert late["data"]["orderEdit"]["userErrors"][0]["code"] == "VERSION_CONFLICT"
    null = await _send(ask, "orderEdit", **edit, surcharges=None)
    assert "must not be null" in null["errors"][0]["message"]


@pytest.mark.parametrize(
    ("given", "code", "path"),
    [
        ({"value": "-1"}, "INVALID", "value"),
        ({"value": "0.001"}, "INVALID", "value"),
        ({"code": " "}, "INVALID", "code"),
        ({"name": "n" * 1001}, "INVALID", "name"),
        ({"taxClassId": "nonsense"}, "NOT_FOUND", "taxClassId"),
        ({"taxClassId": global_id("Customer", 1)}, "NOT_FOUND", "taxClassId"),
    ],
)
async def test_what_a_surcharge_cannot_be(
    ask: Ask, draft: Any, given: dict[str, str], code: str, path: str
) -> None:
    wrong = [{**WRAP, **given}]
    refused = await _send(ask, "orderDraftUpdate", orderId=draft["id"], surcharges=wrong)
    errors = refused["data"]["orderDraftUpdate"]["userErrors"]
    assert errors == [{"code": code, "path": ["surcharges", "0", path]}]


async def test_a_surcharge_has_a_tax_class(ask: Ask, uow: UnitOfWork, draft: Any) -> None:
    class_id = global_id("TaxClass", (await make_tax_class(uow)).id)
    sent = await _send(
        ask, "orderDraftUpdate", orderId=draft["id"], surcharges=[{**WRAP, "taxClassId": class_id}]
    )
    assert sent["data"]["orderDraftUpdate"]["order"]["cost"]["surcharge"] == {"amount": "3.00"}
