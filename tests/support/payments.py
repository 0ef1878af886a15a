"""Builders of payments."""

from decimal import Decimal
from typing import Any

from sqlalchemy import Row, insert

from commerce.core.columns import columns_of
from commerce.core.db import UnitOfWork
from commerce.payments.models import PaymentMethod
from commerce.payments.ports import Outcome, OutcomeState
from commerce.payments.service.ledger import Opening
from commerce.wiring import Services


async def make_method(uow: UnitOfWork, code: str = "card", **values: Any) -> Row[Any]:
    """A method of the test provider unless told otherwise."""
    row = {"code": code, "name": code.title(), "provider": "test", **values}
    statement = insert(PaymentMethod).values(**row).returning(*columns_of(PaymentMethod))
    return (await uow.rows(statement))[0]


def opening(method_id: int, amount: str = "100", **values: Any) -> Opening:
    given = {"cart_id": 1, "order_id": None, "capture_now": False, **values}
    return Opening(method_id=method_id, amount=Decimal(amount), currency="EUR", **given)


def came(
    state: OutcomeState = OutcomeState.SUCCEEDED, amount: str | None = None, **told: Any
) -> Outcome:
    return Outcome(state, amount=None if amount is None else Decimal(amount), **told)


async def authorized(services: Services, method_id: int, amount: str = "100", **values: Any) -> int:
    """The id of a payment whose money is set aside, or taken with `capture_now`."""
    ledger = services.payment_ledger
    attempt: Any = await ledger.open(opening(method_id, amount, **values))
    return (await ledger.settle(attempt.id, came())).payment.id
