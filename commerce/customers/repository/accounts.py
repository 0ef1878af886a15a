"""Customers as those who sign in: the accounts of the storefront."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, Select, and_, case, func, null, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from commerce.core.db import UnitOfWork, violated_constraint
from commerce.core.events import Event, EventType
from commerce.core.problems import Taken
from commerce.core.viewer import Viewer, ViewerKind
from commerce.customers.models import Customer
from commerce.customers.rules.events import CUSTOMER, changed_customer
from commerce.identity.models import Session
from commerce.identity.ports import Account, SignedIn
from commerce.identity.repository.sessions import live

DEFAULT_LOCALE: Final = "en"
PROVEN: Final = col(Customer.email_verified_at).is_not(None)
ACTIVE: Final = and_(col(Customer.blocked_at).is_(None), col(Customer.erased_at).is_(None))
# A password opens nothing before its account's address is proven: anybody can register anybody's.
password_in_use: Final = case((PROVEN, col(Customer.password_hash)), else_=null())


class AccountRepository:
    """Seen by those who prove who they are: there is no viewer yet."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def by_email(self, email: str) -> Account | None:
        return _account(await self._uow.row(accounts().where(_has(email))))

    async def by_id(self, id_: int) -> Account | None:
        return _account(await self._uow.row(accounts().where(col(Customer.id) == id_)))

    async def confirm(self, id_: int, password_hash: str, at: datetime) -> bool:
        """Whether it is active and this is still its password; locked from here on."""
        statement = (
            select(col(Customer.id))
            .where(col(Customer.id) == id_, ACTIVE, password_in_use == password_hash)
            .with_for_update(key_share=True)
        )
        return await self._uow.scalar(statement) is not None

    async def store_password(
        self,
        id_: int,
        new_hash: str,
        at: datetime,
        *,
        replacing: str | None,
        by_mail: bool = False,
    ) -> bool:
        """A link in a mail to its address proves the address, whatever the link was for."""
        values: dict[str, Any] = {"password_hash": new_hash, "updated_at": at}
        if by_mail:
            values["email_verified_at"] = func.coalesce(col(Customer.email_verified_at), at)
        statement = (
            update(Customer)
            .where(
                col(Customer.id) == id_,
                ACTIVE,
                password_in_use.is_not_distinct_from(replacing),
            )
            .values(**values, version=col(Customer.version) + 1)
        )
        return await self._uow.change(statement) > 0

    async def signed_in(self, session_id: int, at: datetime) -> SignedIn | None:
        used_at: Any = col(Session.last_used_at).label("used_at")
        statement: Select[Any] = (
            select(col(Customer.id), col(Customer.group_id), used_at)
            .join(Session, col(Session.customer_id) == col(Customer.id))
            .where(col(Session.id) == session_id, live(at), ACTIVE)
        )
        row = await self._uow.row(statement)
        if row is None:
            return None
        viewer = Viewer(
            ViewerKind.CUSTOMER,
            row.id,
            customer_group_id=row.group_id,
            session_id=session_id,
        )
        return SignedIn(viewer, row.used_at)

    async def viewer(self, id_: int) -> Viewer | None:
        statement = select(col(Customer.group_id)).where(col(Customer.id) == id_, ACTIVE)
        row = await self._uow.row(statement)
        if row is None:
            return None
        return Viewer(ViewerKind.CUSTOMER, id_, customer_group_id=row.group_id)

    async def register(self, email: str, values: dict[str, Any], at: datetime) -> Account | None:
        """The account somebody asked for at that time; None when the address is in use.

        It is free until somebody proves to read it: a later registration takes an unproven one
        over, with another password, and keeps what the shop knew. One statement decides. The same
        one again is answered alike, and an older one does not undo what came after it.
        """
        stored = insert(Customer).values(email=email, **values)
        new = stored.excluded
        kept = {
            name: func.coalesce(func.nullif(col(getattr(Customer, name)), ""), new[name])
            for name in ("first_name", "last_name", "phone", "locale")
        }
        held: Any = col(Customer.extra_fields)
        latest = or_(
            col(Customer.updated_at) <= at, col(Customer.password_hash) == new.password_hash
        )
        statement = stored.on_conflict_do_update(
            index_elements=[func.lower(col(Customer.email))],
            set_={
                **kept,
                "extra_fields": new.extra_fields.op("||")(held),
                "password_hash": new.password_hash,
                "version": col(Customer.version) + 1,
                "updated_at": func.greatest(col(Customer.updated_at), at),
            },
            where=and_(~PROVEN, ACTIVE, latest),
        ).returning(*COLUMNS, col(Customer.password_hash).label("password"))
        return _account(await self._uow.row(statement))

    async def unproven(self, email: str) -> Account | None:
        """The account with that address if nobody has proven to read it, with its password."""
        return _account(
            await self._uow.row(
                select(*COLUMNS, col(Customer.password_hash).label("password")).where(
                    _has(email), ~PROVEN, ACTIVE
                )
            )
        )

    async def prove(self, id_: int, at: datetime) -> Account | None:
        """Mark the address as proven: the password is in use from now on.

        None, and nothing is written, when it is not active or was proven before.
        """
        statement = (
            update(Customer)
            .where(col(Customer.id) == id_, ~PROVEN, ACTIVE)
            .values(email_verified_at=at, updated_at=at, version=col(Customer.version) + 1)
            .returning(*COLUMNS, col(Customer.password_hash).label("password"))
        )
        account = _account(await self._uow.row(statement))
        if account is not None:
            self._uow.record(Event(EventType.CUSTOMER_REGISTERED, CUSTOMER, id_))
        return account

    async def change_email(self, id_: int, old: str, new: str, at: datetime) -> bool | Taken:
        """Put a proven address in the place of the old one; False when that is another by now."""
        statement = (
            update(Customer)
            .where(col(Customer.id) == id_, col(Customer.email) == old, ACTIVE)
            .values(
                email=new, email_verified_at=at, updated_at=at, version=col(Customer.version) + 1
            )
        )
        try:
            changed = await self._uow.change(statement) > 0
        except IntegrityError as error:
            if violated_constraint(error) == "uq_customers_email":
                return Taken("Another account has this address.", ())
            raise
        if changed:
            self._uow.record(changed_customer(id_, ["email"]))
        return changed


COLUMNS: Final = (
    col(Customer.id),
    col(Customer.email),
    ACTIVE.label("active"),
    func.coalesce(col(Customer.locale), DEFAULT_LOCALE).label("locale"),
    func.trim(col(Customer.first_name) + " " + col(Customer.last_name)).label("name"),
)


def accounts() -> Select[Any]:
    return select(*COLUMNS, password_in_use.label("password"))


def _has(email: str) -> ColumnElement[bool]:
    return func.lower(col(Customer.email)) == func.lower(email)


def _account(row: Row[Any] | None) -> Account | None:
    if row is None or row.email is None:
        return None
    return Account(
        id=row.id,
        email=row.email,
        password_hash=row.password,
        active=row.active,
        locale=row.locale,
        name=row.name,
    )
