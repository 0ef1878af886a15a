"""Writing many customers in a few statements."""

from collections.abc import Collection as Keys
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from sqlalchemy import Row, Text, func, literal, literal_column, or_, select, update
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from commerce.core.columns import columns_of
from commerce.core.db import UnitOfWork, among, violated_constraint
from commerce.core.events import Event, EventType
from commerce.core.problems import Taken
from commerce.core.viewer import Viewer
from commerce.customers.kinds import GENERAL_GROUP
from commerce.customers.models import Customer, CustomerGroup
from commerce.customers.repository import shown
from commerce.customers.rules.events import CUSTOMER, changed
from commerce.customers.visibility import changeable_customers

CustomerRow = Row[Any]
Values = Mapping[str, Any]

# What is written, and what a new customer has of it when nothing is said.
NEW: Final[Values] = {
    "external_id": None,
    "email": None,
    "email_verified_at": None,
    "first_name": "",
    "last_name": "",
    "phone": None,
    "company": "",
    "locale": None,
    "date_of_birth": None,
    "gender": None,
    "group_id": GENERAL_GROUP,
    "accepts_email": None,
    "accepts_sms": None,
    "tax_id": None,
    "tax_id_valid": None,
    "fiscal_code": None,
    "tax_exempt": False,
    "note": "",
    "tags": [],
    "extra_fields": {},
}


class BulkCustomerRepository:
    def __init__(self, uow: UnitOfWork, viewer: Viewer) -> None:
        self._uow = uow
        self._viewer = viewer

    async def locked(self, external_ids: Keys[str], emails: Keys[str]) -> Sequence[CustomerRow]:
        """The customers with one of these, in an order that two callers share."""
        named = or_(
            among(col(Customer.external_id), external_ids, Text()),
            among(func.lower(col(Customer.email)), emails, Text()),
        )
        live = col(Customer.erased_at).is_(None)
        statement = (
            select(*shown.CUSTOMER)
            .where(named, live, changeable_customers(self._viewer))
            .order_by(col(Customer.id))
        )
        return await self._uow.rows(statement.with_for_update(key_share=True))

    async def groups(self, ids: Keys[int]) -> set[int]:
        """Those of `ids` that are groups, and stay so until this transaction ends."""
        statement = select(col(CustomerGroup.id)).where(among(col(CustomerGroup.id), ids))
        held = statement.order_by(col(CustomerGroup.id)).with_for_update(read=True, key_share=True)
        return set(await self._uow.scalars(held))

    async def add(self, rows: Sequence[Values]) -> list[CustomerRow]:
        """New customers; those whose address or id somebody has just taken are left out."""
        given = _given([{**NEW, **row} for row in rows])
        source = select(*(given.c[name] for name in NEW))
        statement = insert(Customer).from_select(list(NEW), source).on_conflict_do_nothing()
        added = await self._uow.rows(statement.returning(*shown.CUSTOMER))
        for row in added:
            self._uow.record(Event(EventType.CUSTOMER_CREATED, CUSTOMER, row.id))
        return list(added)

    async def change(
        self, changes: Sequence[tuple[CustomerRow, Values]]
    ) -> list[CustomerRow] | Taken:
        """Locked customers with these values."""
        wholes = [{"id": row.id, **_written(row), **new} for row, new in changes]
        given = _given(wholes)
        statement = (
            update(Customer)
            .where(col(Customer.id) == given.c.id)
            .values(
                **{name: given.c[name] for name in NEW},
                version=col(Customer.version) + 1,
                updated_at=func.now(),
            )
            .returning(*shown.CUSTOMER)
        )
        try:
            written = await self._uow.rows(statement)
        except IntegrityError as error:
            if (violated_constraint(error) or "").startswith("uq_customers"):
                return Taken("Another customer has just taken an address or id.", ("customers",))
            raise
        for row, new in changes:
            for event in changed(row.id, row.tags, new):
                self._uow.record(event)
        return list(written)


def _given(rows: Sequence[Values]) -> Any:
    """The rows as a table with the columns of customers."""
    plain = [{name: _plain(value) for name, value in row.items()} for row in rows]
    kind: Any = literal_column("NULL::customers")
    columns = [column._copy() for column in columns_of(Customer)]
    return func.jsonb_populate_recordset(kind, literal(plain, JSONB)).table_valued(
        *columns, name="given"
    )


def _plain(value: Any) -> Any:
    """As JSON has it."""
    return value.isoformat() if isinstance(value, date) else value


def _written(row: CustomerRow) -> dict[str, Any]:
    return {name: getattr(row, name) for name in NEW}
