from sqlalchemy import delete, select
from sqlmodel import col

from commerce.bootstrap import prepare_store
from commerce.core.clock import system_clock
from commerce.core.db import OpenUnit, UnitOfWork
from commerce.customers.models import CustomerGroup


async def test_a_server_that_starts_makes_the_group_of_everybody_and_leaves_it_as_it_is_named(
    open_unit: OpenUnit, uow: UnitOfWork
) -> None:
    names = select(col(CustomerGroup.id), col(CustomerGroup.name))
    await uow.change(delete(CustomerGroup))
    await prepare_store(open_unit, system_clock, "EUR")
    assert [tuple(row) for row in await uow.rows(names)] == [(0, "General")]
    await uow.change(CustomerGroup.__table__.update().values(name="Everybody"))  # type: ignore[attr-defined]  # SQLModel sets it on tables
    await prepare_store(open_unit, system_clock, "EUR")
    assert [tuple(row) for row in await uow.rows(names)] == [(0, "Everybody")]
