"""People of whom everything is known: a recognisable word in each column that may hold any."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from secrets import token_bytes
from typing import Any, Final

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Enum,
    LargeBinary,
    Table,
    Text,
    insert,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import col

from commerce.core.columns import PERSONAL
from commerce.core.db import UnitOfWork
from commerce.core.ids import global_id
from commerce.customers.rules.addresses import FIELDS_STORED
from commerce.files.kinds import FileKind
from commerce.invoices.models import InvoiceSeries
from commerce.migrate import metadata
from tests.support.catalog import make_product, make_variant

# Columns that take no word of ours.
FIXED: Final[dict[str, Any]] = {
    "customer_addresses.country": "DE",
    "files.kind": FileKind.DOCUMENT,
    "refunds.amount": 1,
    "refund_payments.amount": 1,
}
CURRENCY: Final = "currency"
FAR: Final = datetime(2199, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Person:
    """`ids` are the Relay ids of what is theirs, by table; `canaries` what must not get out."""

    id: int
    ids: dict[str, str]
    canaries: frozenset[str]

    @property
    def by_kind(self) -> dict[str, str]:
        """The ids by what the schema calls them."""
        tables = {table.name: table for table in customers_tables()}
        return {kind_of(tables[name]): id_ for name, id_ in self.ids.items()}


def customers_tables() -> list[Table]:
    """Every table of what belongs to customers, their own first."""
    tables = [table for table in metadata().sorted_tables if "customer" in table.info]
    return sorted(tables, key=lambda table: table.name != "customers")


def kind_of(table: Table) -> str:
    """`customer_addresses` -> `CustomerAddress`, as the schema calls its rows."""
    if table.name == "returns":
        return "OrderReturn"
    words = table.name.removesuffix("s").removesuffix("sse").split("_")
    name = "".join(word.capitalize() for word in words)
    return name + "ss" if table.name.endswith("sses") else name


async def add_person(uow: UnitOfWork, name: str) -> Person:
    """A customer with one row in each table of what belongs to customers."""
    product = await make_product(uow, slug=f"of-{name}")
    series = insert(InvoiceSeries).values(code=f"of-{name}").returning(col(InvoiceSeries.id))
    known = {
        "variants": (await make_variant(uow, product)).id,
        "invoice_series": await uow.scalar(series),
    }
    ids: dict[str, str] = {}
    canaries: set[str] = set()
    for table in customers_tables():
        await _add_row(uow, table, name, known)
        canaries |= {canary(column, name) for column in table.columns if takes_words(column)}
        ids[table.name] = global_id(kind_of(table), known[table.name])
    return Person(known["customers"], ids, frozenset(canaries))


async def _add_row(uow: UnitOfWork, table: Table, name: str, known: dict[str, int]) -> None:
    """Make a row known, after the shop's own that it cannot be without."""
    for key in table.foreign_keys:
        other = key.column.table
        if not key.parent.nullable and other.name not in known:
            await _add_row(uow, other, name, known)
    values = {
        column.name: _value(column, name, known) for column in table.columns if _wanted(column)
    }
    row = await uow.row(insert(table).values(values).returning(*table.primary_key.columns))
    assert row is not None
    known[table.name] = row[0]


def canary(column: Column[Any], name: str) -> str:
    return f"canary-{name}-{column.table.name}-{column.name}"


def takes_words(column: Column[Any]) -> bool:
    """Whether a recognisable word fits: personal, and not a date or a code."""
    free = isinstance(column.type, Text | JSONB) or _holds_texts(column)
    return bool(column.info.get(PERSONAL)) and free and not _is_fixed(column)


def _is_fixed(column: Column[Any]) -> bool:
    return str(column) in FIXED or column.name == CURRENCY


def _holds_texts(column: Column[Any]) -> bool:
    held: Any = column.type
    return isinstance(held, ARRAY) and isinstance(held.item_type, Text)


def _wanted(column: Column[Any]) -> bool:
    if column.primary_key and len(column.table.primary_key.columns) == 1:
        return False  # the database counts
    needed = not column.nullable and column.server_default is None
    return needed or _is_fixed(column) or bool(column.info.get(PERSONAL)) or _is_owner(column)


def _is_owner(column: Column[Any]) -> bool:
    return bool(column.name == column.table.info.get("customer"))


def _value(column: Column[Any], name: str, known: Mapping[str, int]) -> Any:
    """`known` are rows that are there already, by table."""
    if _is_fixed(column):
        return FIXED.get(str(column), "EUR")
    for key in column.foreign_keys:
        if key.column.table.name in known:
            return known[key.column.table.name]
    if _is_owner(column) or (column.unique and isinstance(column.type, BigInteger)):
        return known.get("customers", 0)
    only = column.table.info.get("customer_only", {})
    if column.name in only:
        return only[column.name]
    if isinstance(column.type, ARRAY) and not _holds_texts(column):
        return [0]
    word = canary(column, name)
    values = (value(word) for kind, value in VALUES.items() if isinstance(column.type, kind))
    if isinstance(column.type, Enum):
        assert column.type.enum_class is not None
        return next(iter(column.type.enum_class))
    return next(values, 1)


VALUES: Final[dict[Any, Callable[[str], Any]]] = {
    # Most of them are addresses.
    JSONB: lambda word: dict.fromkeys(FIELDS_STORED, word) | {"country": "DE"},
    ARRAY: lambda word: [word],
    Text: lambda word: word,
    LargeBinary: lambda _word: token_bytes(32),
    DateTime: lambda _word: FAR,
    Date: lambda _word: date(1901, 2, 3),
    Boolean: lambda _word: True,
}
