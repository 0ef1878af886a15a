"""Orders are read by their buyers, by guests with a token, and by the shop's people."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import update

from commerce.core.db import UnitOfWork
from commerce.core.ids import global_id
from commerce.core.viewer import ANONYMOUS, Scope, Viewer, ViewerKind
from commerce.orders.kinds import OrderStatus, PaymentStatus
from commerce.store.models import Store
from tests.conftest import Ask
from tests.support.customers import make_customer, viewer_of
from tests.support.order_work import done
from tests.support.orders import STANDARD, TEN_PERCENT, ZERO_RATE, Item, place_order

BY_ID = "query ($id: ID) { order(id: $id) { number } }"
BY_TOKEN = """
query ($number: String, $token: String) {
  order(number: $number, token: $token) {
    number email lines(first: 5) { nodes { title quantity } }
    timeline(first: 5) { nodes { kind } }
  }
}
"""
LIST = """
query ($where: OrderWhere, $orderBy: [OrderOrder!], $first: Int, $after: String) {
  orders(where: $where, orderBy: $orderBy, first: $first, after: $after) {
    nodes { number } pageInfo { endCursor hasNextPage } totalCount { count }
  }
}
"""
WHOLE = """
query {
  orders(first: 20) {
    nodes {
      number customer { email }
      lines(first: 10) {
        nodes { title variant { sku } product { title } cost { gross { amount } } }
        totalCount { count }
      }
      timeline(first: 10) { nodes { kind } }
      fulfillments { lines { quantity } }
      returns { lines { quantity } }
      refunds { lines { quantity } }
      customPaymentStatus { name }
      cost { trace { kind } }
    }
    totalCount { count }
  }
}
"""
READER = Viewer(ViewerKind.STAFF, 1, frozenset({Scope.READ_ORDERS}))


def _id(order: Any) -> str:
    return global_id("Order", order.id)


async def _numbers(ask: Ask, viewer: Viewer = READER, **variables: Any) -> list[str]:
    answer = await ask(LIST, variables, viewer=viewer)
    return [node["number"] for node in answer["data"]["orders"]["nodes"]]


async def test_the_golden_order_reads_to_the_cent(ask: Ask, uow: UnitOfWork) -> None:
    order = await place_order(
        uow,
        Item("77.32", taxes=(STANDARD,), title="Lamp"),
        Item("71.32", taxes=(ZERO_RATE,), title="Book"),
        shipping="7.25",
        promotions=(TEN_PERCENT,),
    )
    answer = await ask(
        """query ($id: ID) { order(id: $id) {
          number status allowedTransitions couponCodes shippingAddress { city formatted }
          shippingMethod { name price { amount } }
          cost {
            total { amount currencyCode } due { amount } balance { amount }
            shipping { gross { amount } } exact { tax discount gross }
            taxLines { percent amount { amount } }
            discounts { code amount { amount } exact }
            trace { kind subject }
          }
          lines(first: 2) { nodes { title unitPrice { amount } cost { exact { gross } } } }
        } }""",
        {"id": _id(order)},
    )
    found = answer["data"]["order"]
    assert found["cost"]["total"] == {"amount": "157.03", "currencyCode": "EUR"}
    assert found["cost"]["exact"] == {
        "tax": "16.005240",
        "discount": "14.864000",
        "gross": "157.031240",
    }
    assert found["cost"]["balance"]["amount"] == "157.03"
    assert found["cost"]["shipping"]["gross"]["amount"] == "7.25"
    assert [tax["percent"] for tax in found["cost"]["taxLines"]] == ["23", "0"]
    assert found["cost"]["discounts"] == [
        {"code": "TEN", "amount": {"amount": "14.87"}, "exact": "14.864000"}
    ]
    assert {"kind": "discount", "subject": "line:0"} in found["cost"]["trace"]
    assert found["shippingAddress"]["formatted"][-1] == "GERMANY"
    assert found["lines"]["nodes"][0]["cost"]["exact"]["gross"] == "85.593240"
    assert "CANCELED" in found["allowedTransitions"]


async def test_orders_of_others_are_not_there(ask: Ask, uow: UnitOfWork) -> None:
    ada, eve = await make_customer(uow), await make_customer(uow, "eve@shop.test")
    order = await place_order(uow, customer=ada)
    for viewer, seen in ((viewer_of(ada), True), (viewer_of(eve), False), (ANONYMOUS, False)):
        answer = await ask(BY_ID, {"id": _id(order)}, viewer=viewer)
        assert (answer["data"]["order"] is not None) is seen
        assert await _numbers(ask, viewer) == ([order.number] if seen else [])
    node = await ask(
        "query ($id: ID!) { node(id: $id) { id } }", {"id": _id(order)}, viewer=viewer_of(eve)
    )
    assert node["data"]["node"] is None


async def test_guests_read_by_number_and_token(ask: Ask, uow: UnitOfWork) -> None:
    order, other = await place_order(uow), await place_order(uow)
    good = await ask(BY_TOKEN, {"number": order.number, "token": order.token}, viewer=ANONYMOUS)
    assert good["data"]["order"]["lines"]["nodes"] == [{"title": "Mug", "quantity": 1}]
    assert good["data"]["order"]["timeline"]["nodes"] == [{"kind": "PLACED"}]
    guest = Viewer(ViewerKind.GUEST, tokens=frozenset({order.token}))
    assert await _numbers(ask, guest) == [order.number]
    missing = [
        await ask(BY_TOKEN, {"number": number, "token": token}, viewer=ANONYMOUS)
        for number, token in (
            (other.number, order.token),
            (order.number, "t" * 43),
            ("9999", "t" * 43),
            (order.number, None),
            (order.number, ""),
        )
    ]
    assert all(answer == {"data": {"order": None}} for answer in missing)


async def test_a_number_that_exists_takes_the_same_statements_as_one_that_does_not(
    ask: Ask, uow: UnitOfWork, statements: list[str]
) -> None:
    order = await place_order(uow)
    sent = []
    for number in (order.number, "9999"):
        statements.clear()
        await ask(BY_TOKEN, {"number": number, "token": "t" * 43}, viewer=ANONYMOUS)
        sent.append(list(statements))
    assert sent[0] == sent[1]
    assert len(sent[0]) == 1


@pytest.mark.parametrize("orders", [1, 7])
async def test_a_list_costs_the_same_for_any_number_of_orders(
    ask: Ask, uow: UnitOfWork, statements: list[str], orders: int
) -> None:
    for place in range(orders):
        ada = await make_customer(uow, f"{place}@shop.test")
        order = await place_order(uow, Item(), Item(title="Cup"), customer=ada)
        sent = await done(uow, lambda own, id_=order.id: own.fulfillments.create(id_, [], {}))  # type: ignore[misc]  # bound here
        assert sent.fulfillment.id
        await done(uow, lambda own, id_=order.id: own.returns.create(id_, [], ""))  # type: ignore[misc]  # bound here
    statements.clear()
    answer = await ask(WHOLE)
    assert "errors" not in answer
    assert len(answer["data"]["orders"]["nodes"]) == orders
    # orders and their count, customers, lines and their count, variants, products, events,
    # parcels, returns, refunds, the lines of the first two, traces
    assert len(statements) == 14


async def test_customers_read_their_orders_under_me(ask: Ask, uow: UnitOfWork) -> None:
    ada = await make_customer(uow)
    first = await place_order(uow, customer=ada)
    await place_order(uow)
    archived = await place_order(uow, customer=ada)
    await done(uow, lambda own: own.order_changes.archive(archived.id, archived=True))
    answer = await ask(
        "query { me { orders(first: 5) { nodes { number } totalCount { count } } } }",
        viewer=viewer_of(ada),
    )
    assert answer["data"]["me"]["orders"] == {
        "nodes": [{"number": archived.number}, {"number": first.number}],
        "totalCount": {"count": 2},
    }


async def test_what_the_shop_alone_sees(ask: Ask, uow: UnitOfWork) -> None:
    ada = await make_customer(uow)
    order = await place_order(uow, customer=ada, values={"staff_note": "Careful"})
    await done(uow, lambda own: own.order_changes.note(order.id, "Hm", is_public=False))
    await done(uow, lambda own: own.order_changes.note(order.id, "Hi", is_public=True))
    told = "query ($id: ID) { order(id: $id) { timeline(first: 5) { nodes { message } } } }"
    shown = await ask(told, {"id": _id(order)}, viewer=viewer_of(ada))
    messages = [node["message"] for node in shown["data"]["order"]["timeline"]["nodes"]]
    assert messages == ["Hi", ""]


async def test_orders_are_filtered(ask: Ask, uow: UnitOfWork) -> None:
    ada = await make_customer(uow)
    one = await place_order(
        uow, Item("10.00"), customer=ada, promotions=(TEN_PERCENT,), email="ada@shop.test"
    )
    two = await place_order(
        uow,
        Item("99.00"),
        email="Bob@Shop.test",
        values={"status": OrderStatus.PROCESSING, "payment_status": PaymentStatus.PAID},
    )
    filed = await place_order(uow, values={"archived_at": datetime(2026, 1, 1, tzinfo=UTC)})
    wheres: list[tuple[dict[str, Any], list[Any]]] = [
        ({}, [two, one]),
        ({"number": {"eq": one.number}}, [one]),
        ({"status": ["PROCESSING"]}, [two]),
        ({"status": []}, []),
        ({"paymentStatus": ["PAID"]}, [two]),
        ({"fulfillmentStatus": ["UNFULFILLED"]}, [two, one]),
        ({"customerId": {"eq": global_id("Customer", ada.id)}}, [one]),
        ({"email": {"eq": "bob@shop.test"}}, [two]),
        ({"couponCode": {"eq": "ten"}}, [one]),
        ({"couponCode": {"startsWith": "te"}}, [one]),
        ({"total": {"gte": "50"}}, [two]),
        ({"search": "byron"}, [two, one]),
        ({"search": "bob"}, [two]),
        ({"archived": True}, [filed]),
        ({"source": ["STOREFRONT"], "currencyCode": "EUR"}, [two, one]),
        ({"currencyCode": "USD"}, []),
        ({"not": {"status": ["PROCESSING"]}}, [one]),
        ({"or": [{"total": {"lt": "20"}}, {"status": ["PROCESSING"]}]}, [two, one]),
        ({"id": {"in": [_id(filed)]}}, [filed]),
    ]
    for where, wanted in wheres:
        assert await _numbers(ask, where=where) == [order.number for order in wanted], where


async def test_days_are_those_of_the_shop(ask: Ask, uow: UnitOfWork) -> None:
    await uow.change(update(Store).values(timezone="Pacific/Kiritimati"))  # 14 hours ahead
    late = await place_order(uow, placed_at=datetime(2026, 3, 3, 10, 30, tzinfo=UTC))
    day = {"first": "2026-03-04", "last": "2026-03-04"}
    assert await _numbers(ask, where={"placedOn": day}) == [late.number]
    day = {"first": "2026-03-03", "last": "2026-03-03"}
    assert await _numbers(ask, where={"or": [{"placedOn": day}]}) == []


async def test_drafts_are_found_when_they_are_asked_for(ask: Ask, uow: UnitOfWork) -> None:
    draft = await place_order(uow, placed_at=None, values={"status": OrderStatus.DRAFT})
    placed = await place_order(uow)
    assert await _numbers(ask) == [placed.number]
    assert await _numbers(ask, where={"draft": True}) == [draft.number]
    assert await _numbers(ask, where={"status": ["DRAFT", "PENDING"]}) == [
        placed.number,
        draft.number,
    ]


@pytest.mark.parametrize("field", ["NUMBER", "PLACED_AT", "CREATED_AT", "UPDATED_AT", "TOTAL"])
async def test_orders_are_walked_in_any_order(ask: Ask, uow: UnitOfWork, field: str) -> None:
    numbers = [(await place_order(uow, Item(f"{n + 1}0.00"))).number for n in range(3)]
    seen, after = [], None
    while True:
        answer = await ask(
            LIST, {"first": 1, "after": after, "orderBy": [{"field": field, "direction": "ASC"}]}
        )
        page = answer["data"]["orders"]
        seen += [node["number"] for node in page["nodes"]]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert seen == numbers


@pytest.mark.parametrize(
    "variables",
    [
        {"where": {"number": {"eq": "\0"}}},
        {"where": {"search": "w" * 1001}},
        {"where": {"total": {"gte": "1e35"}}},
        {"orderBy": [{"field": "TOTAL"}] * 5},
    ],
)
async def test_filters_no_list_can_have(ask: Ask, variables: dict[str, Any]) -> None:
    refused = await ask(LIST, variables)
    assert refused["data"] is None or not any(refused["data"].values())
    assert len(refused["errors"]) == 1


async def test_one_order_is_asked_for_in_one_way(ask: Ask) -> None:
    refused = await ask("query { order { id } }")
    assert refused["data"] is None or not any(refused["data"].values())
    assert len(refused["errors"]) == 1
