"""People of whom everything is known: a recognisable word in each column that may hold any."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from secrets import token_bytes
from typing import Any, Final

from sqlalchemy import (
    ARRAY,
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

from commerce.core.columns import PERSONAL
from commerce.core.db import UnitOfWork
from commerce.core.ids import global_id
from commerce.migrate import metadata

# Columns that take no word of ours.
FIXED: Final[dict[str, Any]] = {"customer_addresses.country": "DE"}
FAR: Final = datetime(2199, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Person:
    """`ids` are the Relay ids of what is theirs, by table; `canaries` what must not get out."""

    id: int
    ids: dict[str, str]
    canaries: frozenset[str]


def customers_tables() -> list[Table]:
    """Every table of what belongs to customers, their own first."""
    tables = [table for table in metadata().sorted_tables if "customer" in table.info]
    return sorted(tables, key=lambda table: table.name != "customers")


def kind_of(table: Table) -> str:
    """`customer_addresses` -> `CustomerAddress`, as the schema calls its rows."""
    words = table.name.removesuffix("s").removesuffix("sse").split("_")
    name = "".join(word.capitalize() for word in words)
    return name + "ss" if table.name.endswith("sses") else name


async def add_person(uow: UnitOfWork, name: str) -> Person:
    """A customer with one row in each table of what belongs to customers."""
    id_ = 0
    ids: dict[str, str] = {}
    canaries: set[str] = set()
    for table in customers_tables():
        values = {
            column.name: _value(column, name, id_)
            for column in table.columns
            if not column.primary_key and _wanted(column)
        }
        canaries |= {canary(column, name) for column in table.columns if takes_words(column)}
        key = list(table.primary_key.columns)
        row = await uow.row(insert(table).values(values).returning(*key))
        assert row is not None
        id_ = id_ or row[0]
        ids[table.name] = global_id(kind_of(table), row[0])
    return Person(id_, ids, frozenset(canaries))


def canary(column: Column[Any], name: str) -> str:
    return f"canary-{name}-{column.table.name}-{column.name}"


def takes_words(column: Column[Any]) -> bool:
    """Whether a recognisable word fits: personal, and not a date or a code."""
    free = isinstance(column.type, Text | JSONB | ARRAY)
    return bool(column.info.get(PERSONAL)) and free and str(column) not in FIXED


def _wanted(column: Column[Any]) -> bool:
    needed = not column.nullable and column.server_default is None
    return needed or bool(column.info.get(PERSONAL)) or _is_owner(column)


def _is_owner(column: Column[Any]) -> bool:
    return column.name == column.table.info["customer"]


def _value(column: Column[Any], name: str, id_: int) -> Any:
    if str(column) in FIXED:
        return FIXED[str(column)]
    if _is_owner(column):
        return id_
    only = column.table.info.get("customer_only", {})
    if column.name in only:
        return only[column.name]
    word = canary(column, name)
    values = (value(word) for kind, value in VALUES.items() if isinstance(column.type, kind))
    if isinstance(column.type, Enum):
        assert column.type.enum_class is not None
        return next(iter(column.type.enum_class))
    return next(values, 1)


VALUES: Final[dict[Any, Callable[[str], Any]]] = {
    JSONB: lambda word: {"word": word},
    ARRAY: lambda word: [word],
    Text: lambda word: word,
    LargeBinary: lambda _word: token_bytes(32),
    DateTime: lambda _word: FAR,
    Date: lambda _word: date(1901, 2, 3),
    Boolean: lambda _word: True,
}
