"""Carts: finding, locking, changing them."""

from collections.abc import Collection as Keys
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    DateTime,
    Integer,
    Row,
    Select,
    bindparam,
    exists,
    func,
    literal_column,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from commerce.carts.criteria import EVERY_CART, CartWhere
from commerce.carts.kinds import CartState
from commerce.carts.models import ABANDONED, OPEN, Cart, CartLine
from commerce.carts.repository.filters import conditions
from commerce.carts.rules.events import changed_cart
from commerce.carts.rules.refs import CartRef
from commerce.carts.visibility import OPEN as OPEN_STATES
from commerce.carts.visibility import chosen, chosen_by_token, visible_carts
from commerce.core.columns import columns_of
from commerce.core.db import UnitOfWork, among
from commerce.core.events import Event, EventType
from commerce.core.keyset import SortKey, count_of, counted, page_of, paged
from commerce.core.locks import Rank
from commerce.core.paging import Count, Page, PageArgs
from commerce.core.viewer import Scope, Viewer
from commerce.core.writes import given, written
from commerce.customers.kinds import GENERAL_GROUP
from commerce.customers.models import Customer, CustomerGroup
from commerce.store.models import Store

CartRow = Row[Any]
Changes = Mapping[str, Any]


def _of_customer(column: Any) -> Any:
    """What is known of the cart's customer, if it has one; also in RETURNING, where SQLAlchemy
    would take the cart for another table of the subquery.
    """
    own: Any = literal_column("carts.customer_id")
    return select(column).where(col(Customer.id) == own).scalar_subquery()


def _of_group(column: Any) -> Any:
    """What holds for the customer's group; for visitors, what does for the built-in one."""
    group = func.coalesce(_of_customer(col(Customer.group_id)), GENERAL_GROUP)
    return select(column).where(col(CustomerGroup.id) == group).scalar_subquery()


# What was calculated for a payment is large, and read when the payment is settled alone.
COLUMNS: Final = (
    *(column for column in columns_of(Cart) if column.name != "frozen"),
    _of_customer(col(Customer.group_id)).label("customer_group_id"),
    _of_customer(col(Customer.tax_exempt)).label("customer_tax_exempt"),
    _of_customer(col(Customer.email)).label("customer_email"),
    _of_group(col(CustomerGroup.min_subtotal)).label("min_subtotal"),
    _of_group(col(CustomerGroup.min_quantity)).label("min_quantity"),
)
NEWEST_CHANGE: Final = (
    SortKey(col(Cart.updated_at), descending=True),
    SortKey(col(Cart.id), descending=True),
)


class CartRepository:
    def __init__(self, uow: UnitOfWork, viewer: Viewer) -> None:
        self._uow = uow
        self._viewer = viewer

    async def by_ids(self, ids: Keys[int]) -> dict[int, CartRow]:
        statement = self._visible().where(among(col(Cart.id), ids))
        return {row.id: row for row in await self._uow.rows(statement)}

    async def open_by_customers(self, ids: Keys[int]) -> dict[int, CartRow]:
        """The one cart of each customer that is not bought yet."""
        statement = self._visible().where(
            among(col(Cart.customer_id), ids), col(Cart.state).in_(OPEN_STATES)
        )
        return {row.customer_id: row for row in await self._uow.rows(statement)}

    async def found(self, ref: CartRef) -> CartRow | None:
        return await self._uow.row(*self._named(ref, Scope.READ_CARTS))

    async def page(self, where: CartWhere, at: datetime, args: PageArgs) -> Page[CartRow]:
        """The latest changed first."""
        found = self._visible().where(*conditions(where, at))
        rows = await self._uow.rows(paged(found, NEWEST_CHANGE, args, filtered=where != EVERY_CART))
        return page_of(rows, len(NEWEST_CHANGE), args)

    async def count(self, where: CartWhere, at: datetime, limit: int | None) -> Count:
        found = self._visible().where(*conditions(where, at))
        return count_of(await self._uow.scalar(counted(found, limit)), limit)

    async def locked(self, ref: CartRef) -> CartRow | None:
        """In whatever state it is."""
        rows = await self._uow.locked(Rank.CART, *self._named(ref, Scope.WRITE_CARTS))
        return rows[0] if rows else None

    async def locked_all(self, refs: Sequence[CartRef]) -> Sequence[CartRow]:
        """Those that are there, by id: whoever locks several takes them in one order."""
        which = or_(*(chosen(self._viewer, ref, Scope.WRITE_CARTS) for ref in refs))
        statement = select(*COLUMNS).where(which).order_by(col(Cart.id))
        return await self._uow.locked(Rank.CART, statement)

    async def merged_into(self, token: str, customer_id: int) -> CartRow | None:
        """The customer's cart that the one with this token went into, if so."""
        target = select(col(Cart.merged_into_id)).where(
            col(Cart.token) == token, col(Cart.state) == CartState.MERGED
        )
        own = col(Cart.customer_id) == customer_id
        where = (col(Cart.id) == target.scalar_subquery(), own)
        return await self._uow.row(select(*COLUMNS).where(*where))

    async def add(self, values: Changes, at: datetime) -> CartRow | None:
        """None when the customer has an open cart already."""
        self._uow.hold(Rank.CART)
        added = await self._uow.row(_adding(tuple(values)), {**written(values), "at": at})
        if added is not None:
            self._uow.record(Event(EventType.CART_CREATED, "Cart", added.id))
        return added

    async def has_customer(self, customer_id: int) -> bool:
        """Whether there is such a customer to make a cart for, whoever asks."""
        own, stays = col(Customer.id) == customer_id, col(Customer.erased_at).is_(None)
        return bool(await self._uow.scalar(select(exists().where(own, stays))))

    async def locked_open(self, customer_id: int) -> CartRow | None:
        """The one cart of a customer that is not bought yet, whoever asks."""
        own = col(Cart.customer_id) == customer_id
        statement = select(*COLUMNS).where(own, col(Cart.state).in_(OPEN_STATES))
        rows = await self._uow.locked(Rank.CART, statement)
        return rows[0] if rows else None

    async def close_expired(self, customer_id: int, at: datetime) -> None:
        """Make room for a new cart where the customer's last one is over."""
        self._uow.hold(Rank.CART)
        over = await self._uow.rows(
            update(Cart)
            .where(
                col(Cart.customer_id) == customer_id,
                col(Cart.state) == CartState.ACTIVE,
                col(Cart.expires_at) <= at,
            )
            .values(state=CartState.EXPIRED, version=col(Cart.version) + 1)
            .returning(*COLUMNS)
        )
        for cart in over:
            self._uow.record(changed_cart(cart.id, CartState.EXPIRED))

    async def touch(
        self, ref: CartRef, at: datetime, expected_version: int | None, changes: Changes
    ) -> CartRow | None:
        """Lock an active cart, write the changes and move its end on, all in one statement.

        None when it is not there, not active or not at that version.
        """
        self._uow.hold(Rank.CART)
        values = {**written(changes), "at": at, "expected": expected_version}
        if ref.token is None:
            statement = _touching(chosen(self._viewer, ref, Scope.WRITE_CARTS), tuple(changes))
        else:
            statement = _touching_token(*self._sight(Scope.WRITE_CARTS), tuple(changes))
            values |= self._shown(ref.token)
        touched = await self._uow.row(statement, values)
        if touched is not None:
            self._uow.record(changed_cart(touched.id, touched.state))
        return touched

    async def change(self, id_: int, changes: Changes, at: datetime) -> CartRow:
        """The changed row of a cart that is locked."""
        values = {**written(changes), "at": at, "cart_id": id_}
        changed = (await self._uow.rows(_changing(tuple(changes)), values))[0]
        self._uow.record(changed_cart(id_, changed.state))
        return changed

    async def remind(self, before: datetime, at: datetime, limit: int) -> Sequence[CartRow]:
        """Note that the buyers of so many abandoned carts are written to; each only once.

        Of several who do this at the same time each takes others.
        """
        self._uow.hold(Rank.CART)
        left = (
            select(col(Cart.id))
            .where(
                literal_column(ABANDONED),
                col(Cart.updated_at) <= before,
                col(Cart.expires_at) > at,
                exists().where(col(CartLine.cart_id) == col(Cart.id)),
            )
            .order_by(col(Cart.updated_at), col(Cart.id))
            .limit(limit)
            .with_for_update(key_share=True, skip_locked=True)
        )
        noted = update(Cart).where(col(Cart.id).in_(left)).values(reminded_at=at)
        carts = await self._uow.rows(noted.returning(*COLUMNS))
        for cart in carts:
            self._uow.record(Event(EventType.CART_ABANDONED, "Cart", cart.id))
        return carts

    def _visible(self) -> Select[Any]:
        return select(*COLUMNS).where(visible_carts(self._viewer))

    def _named(self, ref: CartRef, scope: Scope) -> tuple[Select[Any], dict[str, Any]]:
        """The statement that finds the cart, and its values."""
        if ref.token is None:
            return select(*COLUMNS).where(chosen(self._viewer, ref, scope)), {}
        return _of_token(*self._sight(scope)), self._shown(ref.token)

    def _sight(self, scope: Scope) -> tuple[bool, bool]:
        return self._viewer.may(scope), self._viewer.in_storefront

    def _shown(self, token: str) -> dict[str, Any]:
        return {"cart_token": token, "owner": self._viewer.customer_id}


# Every request of a buyer runs one of these, and building them costs more than running them: once.
@cache
def _of_token(sees_all: bool, in_storefront: bool) -> Select[Any]:
    which = chosen_by_token(sees_all=sees_all, in_storefront=in_storefront)
    return select(*COLUMNS).where(which)


@cache
def _adding(names: tuple[str, ...]) -> Any:
    values = given(Cart, names)
    return (
        insert(Cart)
        .values(**values, expires_at=until())
        .on_conflict_do_nothing(index_elements=[col(Cart.customer_id)], index_where=text(OPEN))
        .returning(*COLUMNS)
    )


@cache
def _touching_token(sees_all: bool, in_storefront: bool, names: tuple[str, ...]) -> Any:
    which = chosen_by_token(sees_all=sees_all, in_storefront=in_storefront)
    return _touching(which, names)


def _touching(which: ColumnElement[bool], names: tuple[str, ...]) -> Any:
    """Any version will do when none is expected."""
    expected: Any = bindparam("expected", type_=Integer())
    return (
        update(Cart)
        .where(
            which,
            col(Cart.state) == CartState.ACTIVE,
            col(Cart.expires_at) > _at(),
            or_(expected.is_(None), col(Cart.version) == expected),
        )
        .values(_changed(names))
        .returning(*COLUMNS)
    )


@cache
def _changing(names: tuple[str, ...]) -> Any:
    own = col(Cart.id) == bindparam("cart_id", type_=BigInteger())
    return update(Cart).where(own).values(_changed(names)).returning(*COLUMNS)


def _changed(names: tuple[str, ...]) -> dict[str, Any]:
    return {
        **given(Cart, names),
        "version": col(Cart.version) + 1,
        "updated_at": func.now(),
        "expires_at": until(),
    }


def until() -> Any:
    """So many days later as the store keeps carts."""
    days = select(func.make_interval(0, 0, 0, col(Store.cart_days))).scalar_subquery()
    return _at() + days


def _at() -> Any:
    return bindparam("at", type_=DateTime(timezone=True))
