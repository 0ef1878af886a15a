"""Orders are worked on through GraphQL."""

from typing import Any

import pytest

from commerce.core.db import UnitOfWork
from commerce.core.ids import global_id
from commerce.core.viewer import ANONYMOUS, Scope, Viewer, ViewerKind
from tests.conftest import Ask
from tests.support.catalog import make_product, make_variant
from tests.support.customers import make_customer, viewer_of
from tests.support.inventory import make_level, make_location
from tests.support.order_work import promise
from tests.support.orders import Item, lines_of, order_now, place_order
from tests.support.pricing import make_price, make_price_list
from tests.support.promotions import make_coupon

ERRORS = "userErrors { code path message ... on InvalidTransitionError { current allowed } }"
WRITER = Viewer(ViewerKind.STAFF, 1, frozenset({Scope.READ_ORDERS, Scope.WRITE_ORDERS}))


async def _send(ask: Ask, name: str, shown: str, viewer: Viewer = WRITER, /, **given: Any) -> Any:
    kind = name[0].upper() + name[1:]
    query = f"mutation ($i: {kind}Input!) {{ {name}(input: $i) {{ {shown} {ERRORS} }} }}"
    answer = await ask(query, {"i": given}, viewer=viewer)
    assert "errors" not in answer, answer
    return answer["data"][name]


def _id(order: Any) -> str:
    return global_id("Order", order.id)


@pytest.fixture
async def variant(uow: UnitOfWork) -> Any:
    """One that is for sale at 10.00, five of them."""
    made = await make_variant(uow, await make_product(uow))
    await make_price(uow, await make_price_list(uow, is_default=True), made, "10.00")
    await make_level(uow, made, await make_location(uow), 5)
    return made


async def test_an_order_is_sent_and_comes_back(ask: Ask, uow: UnitOfWork, variant: Any) -> None:
    ada = await make_customer(uow)
    order = await place_order(uow, Item(quantity=2, variant=variant), customer=ada)
    await promise(uow, order)
    line = global_id("OrderLine", (await lines_of(uow, order))[0].id)
    sent = await _send(
        ask,
        "fulfillmentCreate",
        "fulfillment { id status lines { orderLineId quantity } } order { fulfillmentStatus }",
        orderId=_id(order),
        lines=[{"orderLineId": line, "quantity": 1}],
        carrier="DHL",
    )
    assert sent["fulfillment"]["lines"] == [{"orderLineId": line, "quantity": 1}]
    assert sent["order"]["fulfillmentStatus"] == "PARTIALLY_FULFILLED"
    parcel = sent["fulfillment"]["id"]
    url = "https://carrier.example/1"
    told = await _send(
        ask, "fulfillmentUpdate", "fulfillment { trackingUrl carrier }", id=parcel, trackingUrl=url
    )
    assert told["fulfillment"] == {"trackingUrl": url, "carrier": "DHL"}
    there = await _send(ask, "fulfillmentDeliver", "fulfillment { status }", id=parcel)
    assert there["fulfillment"]["status"] == "DELIVERED"
    late = await _send(ask, "fulfillmentCancel", "order { id }", id=parcel)
    assert late["userErrors"][0]["code"] == "INVALID_TRANSITION"
    asked = await _send(
        ask, "returnCreate", "orderReturn { id status }", viewer_of(ada), orderId=_id(order)
    )
    assert asked["orderReturn"]["status"] == "REQUESTED"
    id_ = asked["orderReturn"]["id"]
    await _send(ask, "returnApprove", "orderReturn { status }", id=id_)
    back = await _send(
        ask, "returnReceive", "orderReturn { status } order { fulfillmentStatus }", id=id_
    )
    assert back["orderReturn"]["status"] == "RECEIVED"
    refused = await _send(ask, "returnRefuse", "orderReturn { status }", id=id_)
    assert refused["userErrors"][0]["current"] == "RECEIVED"


async def test_an_order_is_moved_written_on_filed_and_canceled(ask: Ask, uow: UnitOfWork) -> None:
    order = _id(await place_order(uow))
    moved = await _send(
        ask, "orderTransition", "order { status version }", orderId=order, status="PROCESSING"
    )
    assert moved["order"] == {"status": "PROCESSING", "version": 2}
    wrong = await _send(ask, "orderTransition", "order { id }", orderId=order, status="DELIVERED")
    assert wrong["order"] is None
    assert wrong["userErrors"][0]["current"] == "PROCESSING"
    assert "SHIPPED" in wrong["userErrors"][0]["allowed"]
    named = await _send(
        ask,
        "orderStatusUpsert",
        "orderStatus { id name slot }",
        group="FULFILLMENT",
        slot=2,
        name="Packed",
    )
    address = {"country": "AT", "street1": "Weg 1", "city": "Wien", "postalCode": "1010"}
    changed = await _send(
        ask,
        "orderUpdate",
        "order { shippingAddress { city } customFulfillmentStatus { name } extraFields }",
        orderId=order,
        shippingAddress=address,
        fulfillmentStatusId=named["orderStatus"]["id"],
        extraFields={"gift": "yes"},
    )
    assert changed["order"] == {
        "shippingAddress": {"city": "Wien"},
        "customFulfillmentStatus": {"name": "Packed"},
        "extraFields": {"gift": "yes"},
    }
    bad = await _send(
        ask, "orderUpdate", "order { id }", orderId=order, shippingAddress={"country": "ZZ"}
    )
    assert bad["userErrors"][0]["path"] == ["shippingAddress", "country"]
    noted = await _send(ask, "orderNoteAdd", "order { version }", orderId=order, message="Hm")
    assert noted["userErrors"] == []
    filed = await _send(ask, "orderArchive", "order { archivedAt }", orderId=order)
    assert filed["order"]["archivedAt"] is not None
    back = await _send(ask, "orderUnarchive", "order { archivedAt }", orderId=order)
    assert back["order"]["archivedAt"] is None
    over = await _send(
        ask, "orderCancel", "order { status cancelReason }", orderId=order, reason="FRAUD"
    )
    assert over["order"] == {"status": "CANCELED", "cancelReason": "FRAUD"}


async def test_an_order_is_edited(ask: Ask, uow: UnitOfWork, variant: Any) -> None:
    order = await place_order(uow, Item("8.00", 2, variant=variant))
    await promise(uow, order)
    line = global_id("OrderLine", (await lines_of(uow, order))[0].id)
    added = global_id("ProductVariant", variant.id)
    edited = await _send(
        ask,
        "orderEdit",
        "order { cost { total { amount } balance { amount } } }",
        orderId=_id(order),
        lines=[{"orderLineId": line, "quantity": 1}, {"variantId": added, "quantity": 1}],
        expectedVersion=1,
    )
    assert edited["order"]["cost"] == {
        "total": {"amount": "18.00"},
        "balance": {"amount": "18.00"},
    }
    stale = await _send(
        ask, "orderEdit", "order { id }", orderId=_id(order), lines=[], expectedVersion=1
    )
    assert stale["userErrors"][0]["code"] == "VERSION_CONFLICT"


async def test_a_draft_becomes_an_order(ask: Ask, uow: UnitOfWork, variant: Any) -> None:
    line = {"variantId": global_id("ProductVariant", variant.id), "quantity": 3}
    draft = await _send(
        ask,
        "orderDraftCreate",
        "order { id status cost { total { amount } } billingAddress { country } }",
        lines=[line],
        email="ada@shop.test",
        billingAddress={"country": "AT", "street1": "W 1", "city": "Wien", "postalCode": "1010"},
        discount={"kind": "AMOUNT", "value": "5", "title": "Sorry"},
    )
    assert draft["order"]["status"] == "DRAFT"
    assert draft["order"]["cost"]["total"]["amount"] == "25.00"
    id_ = draft["order"]["id"]
    changed = await _send(
        ask, "orderDraftUpdate", "order { cost { total { amount } } }", orderId=id_, discount=None
    )
    assert changed["order"]["cost"]["total"]["amount"] == "30.00"
    placed = await _send(ask, "orderDraftComplete", "order { status placedAt }", orderId=id_)
    assert placed["order"]["status"] == "PENDING"
    again = await _send(ask, "orderRepeat", "cart { currencyCode } missing { title }", orderId=id_)
    assert again == {"cart": {"currencyCode": "EUR"}, "missing": [], "userErrors": []}


async def test_a_coupon_that_ran_out_meanwhile_is_told(
    ask: Ask, uow: UnitOfWork, variant: Any
) -> None:
    await make_coupon(uow, usage_limit=1)
    line = {"variantId": global_id("ProductVariant", variant.id), "quantity": 1}
    asked: Any = {"lines": [line], "email": "ada@shop.test", "couponCodes": ["ten"]}
    shown = "order { id status cost { total { amount } } }"
    first, late = [await _send(ask, "orderDraftCreate", shown, **asked) for _ in range(2)]
    assert late["order"]["cost"]["total"]["amount"] == "9.00"
    await _send(ask, "orderDraftComplete", "order { id }", orderId=first["order"]["id"])
    shown += " userErrors { ... on CouponRejectedError { reason } }"
    refused = await _send(ask, "orderDraftComplete", shown, orderId=late["order"]["id"])
    (error,) = refused["userErrors"]
    assert (error["code"], error["reason"]) == ("COUPON_REJECTED", "USED_UP")
    assert (error["path"], error["message"].partition(":")[0]) == (["orderId"], "TEN")
    changed = await _send(ask, "orderDraftUpdate", shown, orderId=late["order"]["id"])
    assert changed["order"]["cost"]["total"]["amount"] == "10.00"
    placed = await _send(ask, "orderDraftComplete", shown, orderId=late["order"]["id"])
    assert placed["order"]["status"] == "PENDING"


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("orderCancel", {}),
        ("orderArchive", {}),
        ("orderTransition", {"status": "PROCESSING"}),
        ("orderNoteAdd", {"message": "Hi"}),
        ("orderUpdate", {"note": "Hi"}),
        ("fulfillmentCreate", {}),
        ("orderEdit", {"lines": [], "expectedVersion": 1}),
        ("orderDraftComplete", {}),
    ],
)
async def test_buyers_do_not_work_on_their_orders(
    ask: Ask, uow: UnitOfWork, name: str, given: dict[str, Any]
) -> None:
    """The policy of the field refuses them; should it ever not, the lock does."""
    ada = await make_customer(uow)
    order = await place_order(uow, customer=ada)
    for viewer in (viewer_of(ada), ANONYMOUS):
        answer = await _send(ask, name, "order { id }", viewer, orderId=_id(order), **given)
        assert answer["userErrors"][0]["code"] in ("NOT_FOUND", "INVALID", "INVALID_TRANSITION")
    assert (await order_now(uow, order)).version == 1


@pytest.mark.parametrize("id_", [global_id("Product", 1), global_id("Order", 2**62), "", "\0", "x"])
async def test_ids_of_nothing_are_not_found(ask: Ask, id_: str) -> None:
    answer = await _send(ask, "orderArchive", "order { id }", orderId=id_)
    assert answer["userErrors"][0]["code"] == "NOT_FOUND"
