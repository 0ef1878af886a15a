from typing import Any

import pytest

from commerce.core.clock import system_clock
from commerce.core.db import UnitOfWork
from commerce.core.ids import global_id
from commerce.core.viewer import SYSTEM, Scope, Viewer, ViewerKind
from commerce.wiring import Services
from tests.conftest import Ask
from tests.support.payments import authorized, came, make_method
from tests.support.services import PORTS

PAYMENT = """
query ($id: ID!) { payment(id: $id) {
  state amount { amount currencyCode } authorized { amount } captured { amount } voided { amount }
  refunded { amount } capturePending { amount } closed provider paymentReference
  method { code }
  attempts { kind state amount { amount } key declineCode settledAt }
  transactions { kind amount { amount } }
} }
"""


async def _paid(uow: UnitOfWork, amount: str = "100") -> int:
    services = Services(uow, SYSTEM, system_clock, PORTS)
    method = await make_method(uow, f"card-{amount}")
    return await uow.transact(
        lambda: authorized(services, method.id, amount, capture_now=True, order_id=7)
    )


async def test_a_payment_with_its_attempts_and_its_ledger(ask: Ask, uow: UnitOfWork) -> None:
    id_ = await _paid(uow)
    services = Services(uow, SYSTEM, system_clock, PORTS)

    async def refund() -> Any:
        asked: Any = await services.payment_ledger.begin_refund(id_, came(amount="30").amount, "r")
        return await services.payment_ledger.settle(asked.id, came())

    await uow.transact(refund)
    answer = await ask(PAYMENT, {"id": global_id("Payment", id_)})
    payment = answer["data"]["payment"]
    assert payment["state"] == "PARTIALLY_REFUNDED"
    assert payment["amount"] == {"amount": "100.00", "currencyCode": "EUR"}
    assert (payment["captured"], payment["refunded"]) == ({"amount": "100.00"}, {"amount": "30.00"})
    assert payment["method"] == {"code": "card-100"}
    assert [(one["kind"], one["state"], one["key"]) for one in payment["attempts"]] == [
        ("CHARGE", "SUCCEEDED", "opening"),
        ("REFUND", "SUCCEEDED", "r"),
    ]
    assert [(row["kind"], row["amount"]["amount"]) for row in payment["transactions"]] == [
        ("AUTHORIZATION", "100.00"),
        ("CAPTURE", "100.00"),
        ("REFUND", "30.00"),
    ]


@pytest.mark.parametrize("many", [1, 3])
async def test_payments_cost_the_same_however_many_there_are(
    ask: Ask, uow: UnitOfWork, statements: list[str], many: int
) -> None:
    ids = [global_id("Payment", await _paid(uow, str(10 + place))) for place in range(many)]
    query = """query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Payment {
      method { code } attempts { key } transactions { kind } } } }"""
    statements.clear()
    answer = await ask(query, {"ids": ids})
    assert all(node["attempts"] for node in answer["data"]["nodes"])
    assert len(statements) == 4  # payments, methods, attempts, transactions


async def test_payments_are_not_for_everybody(ask: Ask, uow: UnitOfWork) -> None:
    id_ = global_id("Payment", await _paid(uow))
    customer = Viewer(ViewerKind.CUSTOMER, 1)
    alone = "query ($id: ID!) { node(id: $id) { id } }"
    assert (await ask(alone, {"id": id_}, viewer=customer))["data"] == {"node": None}
    other = Viewer(ViewerKind.API_KEY, 9, frozenset({Scope.READ_PRODUCTS}))
    assert (await ask(PAYMENT, {"id": id_}, viewer=other))["data"] == {"payment": None}
    nothing = await ask("query ($id: ID!) { payment(id: $id) { id } }", {"id": "nonsense"})
    assert nothing["data"] == {"payment": None}
