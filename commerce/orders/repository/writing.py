"""Adding orders, changing those that are locked, and telling what happened."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    Row,
    Select,
    Text,
    bindparam,
    cast,
    exists,
    func,
    literal_column,
    select,
)
from sqlalchemy import insert as plain_insert
from sqlalchemy import update as plain_update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import aliased
from sqlalchemy.types import TypeEngine
from sqlmodel import col

from commerce.core.arrays import given_rows, given_table
from commerce.core.columns import columns_of
from commerce.core.db import UnitOfWork
from commerce.core.events import Event as News
from commerce.core.viewer import Viewer
from commerce.core.writes import given, written
from commerce.orders.kinds import OrderEventKind
from commerce.orders.models import Order, OrderEvent, OrderLine
from commerce.orders.repository import shown
from commerce.orders.rules.events import restated, tagged, told

OrderRow = Row[Any]
LineRow = Row[Any]
Values = Mapping[str, Any]

SEQUENCE: Final = "order_numbers"
FORMER: Final = ("status", "tags")  # what is told of beside what it is now


@dataclass(frozen=True, slots=True)
class Number:
    """`value` with the store's prefix and suffix is `text`."""

    value: int
    text: str


@dataclass(frozen=True, slots=True)
class Event:
    """`data` says nothing about a person; `message` may."""

    kind: OrderEventKind
    data: Values = field(default_factory=dict)
    message: str = ""
    is_public: bool = False


class OrderWriteRepository:
    def __init__(self, uow: UnitOfWork, viewer: Viewer) -> None:
        self._uow = uow
        self._viewer = viewer

    async def next_number(self, prefix: str, digits: int, suffix: str) -> Number:
        """One that no order has, whatever prefixes were in use before."""
        while True:
            values = {"prefix": prefix, "digits": digits, "suffix": suffix}
            row = (await self._uow.rows(_drawing(), values))[0]
            if not row.taken:
                return Number(row.value, row.number)

    async def add(self, values: Values) -> OrderRow | None:
        """None when the cart has become an order already. Nobody waits for a row that is new."""
        return await self._uow.row(_adding(tuple(values)), written(values))

    async def by_cart(self, cart_id: int) -> OrderRow | None:
        return await self._uow.row(select(*shown.ORDER).where(col(Order.cart_id) == cart_id))

    async def add_lines(self, order_id: int, lines: Sequence[Values]) -> Sequence[LineRow]:
        """In the order given."""
        if not lines:
            return []
        names = tuple(lines[0])
        given = [[line[name] for name in names] for line in lines]
        values = {"order_id": order_id, **given_rows("given", _types(names), given)}
        rows = await self._uow.rows(_adding_lines(names), values)
        return sorted(rows, key=lambda row: row.position)

    async def change(self, order_id: int, changes: Values) -> OrderRow:
        """The changed row of an order that is locked."""
        values = {**written(changes), "order_id": order_id}
        changed = (await self._uow.rows(_changing(tuple(changes)), values))[0]
        self.publish(restated(order_id, changed.former_status, changed.status))
        if "tags" in changes:
            self.publish(tagged(order_id, changed.former_tags, changed.tags))
        return changed

    async def count_refunded(self, order_id: int, shipping: Decimal, surcharge: Decimal) -> None:
        """Of an order that is locked."""
        await self._uow.change(
            plain_update(Order)
            .where(col(Order.id) == order_id)
            .values(
                shipping_refunded=col(Order.shipping_refunded) + shipping,
                surcharge_refunded=col(Order.surcharge_refunded) + surcharge,
            )
        )

    async def customer_of(self, order_id: int) -> int | None:
        statement = select(col(Order.customer_id)).where(col(Order.id) == order_id)
        return await self._uow.scalar(statement)  # type: ignore[no-any-return]  # an id

    async def tell(self, order_id: int, event: Event) -> None:
        values = {
            "order_id": order_id,
            "kind": event.kind,
            "actor": self._viewer.name,
            "is_public": event.is_public,
            "message": event.message,
            "data": dict(event.data),
        }
        await self._uow.change(_telling(tuple(values)), written(values))
        self.publish(told(order_id, event.kind, event.data))

    def publish(self, news: Iterable[News]) -> None:
        """Tell those outside, too."""
        for each in news:
            self._uow.record(each)


# Every purchase runs these, and building them costs more than running them does: once.
@cache
def _drawing() -> Select[Any]:
    drawn = select(func.nextval(SEQUENCE, type_=BigInteger()).label("value")).cte("drawn")
    value = drawn.c.value
    prefix, suffix = bindparam("prefix", type_=Text()), bindparam("suffix", type_=Text())
    number: Any = prefix + _padded(value, bindparam("digits", type_=Integer())) + suffix
    taken = exists().where(col(Order.number) == number)
    return select(value, number.label("number"), taken.label("taken"))


@cache
def _adding(names: tuple[str, ...]) -> Any:
    return (
        insert(Order)
        .values(**given(Order, names))
        .on_conflict_do_nothing(index_elements=["cart_id"])
        .returning(*shown.ORDER)
    )


@cache
def _adding_lines(names: tuple[str, ...]) -> Any:
    """One statement, however many lines there are."""
    given = given_table("given", _types(names))
    source = select(bindparam("order_id", type_=BigInteger()), *given.c)
    return plain_insert(OrderLine).from_select(["order_id", *names], source).returning(*shown.LINE)


@cache
def _types(names: tuple[str, ...]) -> Mapping[str, TypeEngine[Any]]:
    columns = columns_of(OrderLine)
    return {name: columns[name].type for name in names}


@cache
def _changing(names: tuple[str, ...]) -> Any:
    return (
        plain_update(Order)
        .where(col(Order.id) == bindparam("order_id", type_=BigInteger()))
        .values(**given(Order, names), version=col(Order.version) + 1, updated_at=func.now())
        .returning(*shown.ORDER, *(_former(name) for name in FORMER if name in {"status", *names}))
    )


def _former(name: str) -> Any:
    """What it was when the statement began, in RETURNING. The order is locked."""
    former = aliased(Order)
    own: Any = literal_column("orders.id")
    was = select(getattr(former, name)).where(col(former.id) == own).scalar_subquery()
    return was.label(f"former_{name}")


@cache
def _telling(names: tuple[str, ...]) -> Any:
    return plain_insert(OrderEvent).values(**given(OrderEvent, names))


def _padded(value: ColumnElement[Any], digits: Any) -> Any:
    text = cast(value, Text())
    return func.lpad(text, func.greatest(func.length(text), digits), "0", type_=Text())
