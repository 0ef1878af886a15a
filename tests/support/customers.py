"""Builders of customers and their groups."""

from datetime import timedelta
from typing import Any

from sqlalchemy import Row
from sqlalchemy.dialects.postgresql import insert

from commerce.core.clock import system_clock
from commerce.core.db import UnitOfWork
from commerce.core.viewer import Viewer, ViewerKind
from commerce.customers.models import (
    Customer,
    CustomerAddress,
    CustomerContact,
    CustomerExtraField,
    CustomerGroup,
)
from commerce.identity.models import Session


async def make_group(uow: UnitOfWork, name: str = "Trade", **values: Any) -> Row[Any]:
    """A group; the one with this `id` when there is one."""
    columns = _columns(CustomerGroup)
    statement = insert(CustomerGroup).values(name=name, **values)
    kept = statement.on_conflict_do_update(index_elements=["id"], set_={"version": columns.version})
    return await _added(uow, kept.returning(*columns))


async def make_customer(uow: UnitOfWork, email: str = "ada@shop.test", **values: Any) -> Row[Any]:
    statement = insert(Customer).values(email=email, **values)
    return await _added(uow, statement.returning(*_columns(Customer)))


async def make_address(uow: UnitOfWork, customer: Any, **values: Any) -> Row[Any]:
    given = {"customer_id": customer.id, "country": "DE", **values}
    statement = insert(CustomerAddress).values(**given)
    return await _added(uow, statement.returning(*_columns(CustomerAddress)))


async def make_contact(uow: UnitOfWork, customer: Any, **values: Any) -> Row[Any]:
    given = {"customer_id": customer.id, "value": "ada", **values}
    statement = insert(CustomerContact).values(**given)
    return await _added(uow, statement.returning(*_columns(CustomerContact)))


async def make_extra_field(uow: UnitOfWork, key: str, **values: Any) -> Row[Any]:
    statement = insert(CustomerExtraField).values(key=key, **{"title": key.title(), **values})
    return await _added(uow, statement.returning(*_columns(CustomerExtraField)))


async def make_session(uow: UnitOfWork, customer: Any) -> Row[Any]:
    values = {"refresh_sha256": b"", "expires_at": system_clock() + timedelta(days=1)}
    statement = insert(Session).values(customer_id=customer.id, **values)
    return await _added(uow, statement.returning(*_columns(Session)))


def viewer_of(customer: Any) -> Viewer:
    """The customer, signed in."""
    return Viewer(ViewerKind.CUSTOMER, customer.id, customer_group_id=customer.group_id)


async def _added(uow: UnitOfWork, statement: Any) -> Row[Any]:
    row = await uow.row(statement)
    assert row is not None
    return row


def _columns(model: Any) -> Any:
    return model.__table__.c
