"""Column kinds that every table shares. Defaults live in the database: rows are written as SQL."""

from collections.abc import Mapping
from enum import Enum
from typing import Any, Final

import sqlmodel
from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Integer,
    LargeBinary,
    Numeric,
    Table,
    Text,
    text,
)
from sqlalchemy import Enum as EnumType
from sqlalchemy.sql.base import ReadOnlyColumnCollection
from sqlmodel.main import FieldInfoMetadata

# SQLModel's overloads cover literal arguments only.
Field: Any = sqlmodel.Field

NOW = text("now()")
PERSONAL: Final = "personal"
SECRETS: Final = ("secret", "hash", "sha256", "token", "digest", "salt")


def personal(field: Any, means: str = "") -> Any:
    """Marks a column that tells something about a person: `email: str = personal(required_text())`.

    Such columns are exported and erased with the person, and never reach a log. `means` tells the
    person what is kept there, where the column's name does not.
    """
    for held in field.metadata:  # where SQLModel keeps what the column is made with
        if isinstance(held, FieldInfoMetadata):
            kept = held.sa_column_kwargs if isinstance(held.sa_column_kwargs, Mapping) else {}
            held.sa_column_kwargs = {**kept, "info": {PERSONAL: means or True}}
    return field


def is_secret(column: Column[Any]) -> bool:
    """By its name or its type: bytes are digests and ciphertexts here."""
    return isinstance(column.type, LargeBinary) or any(word in column.name for word in SECRETS)


def key() -> Any:
    """The bigint primary key."""
    return Field(default=None, primary_key=True, sa_type=BigInteger)


def refers_to(
    target: str,
    *,
    on_delete: str = "CASCADE",
    nullable: bool = False,
    index: bool = True,
    default: int | None = None,
) -> Any:
    """A foreign key to `table.column`."""
    shown = {} if default is None else {"server_default": text(str(default))}
    return Field(
        default=None,
        foreign_key=target,
        sa_column_kwargs=shown,
        ondelete=on_delete,
        nullable=nullable,
        index=index,
        sa_type=BigInteger,
    )


def part_of(target: str) -> Any:
    """A foreign key that is a part of the primary key."""
    return Field(foreign_key=target, ondelete="CASCADE", primary_key=True, sa_type=BigInteger)


def number_of(**options: Any) -> Any:
    """The key of a row in a table that is not named here: several kinds share the column."""
    return Field(sa_type=BigInteger, nullable=False, **options)


def required_text(**options: Any) -> Any:
    return Field(sa_type=Text, nullable=False, **options)


def default_text(value: str = "") -> Any:
    return Field(
        default=value, sa_type=Text, nullable=False, sa_column_kwargs={"server_default": value}
    )


def optional_text(**options: Any) -> Any:
    return Field(default=None, sa_type=Text, nullable=True, **options)


def texts() -> Any:
    return Field(
        default_factory=list,
        sa_type=ARRAY(Text),
        nullable=False,
        sa_column_kwargs={"server_default": text("'{}'")},
    )


def flag(value: bool = False) -> Any:
    shown = text("true" if value else "false")
    return Field(
        default=value, sa_type=Boolean, nullable=False, sa_column_kwargs={"server_default": shown}
    )


def whole(value: int = 0) -> Any:
    return Field(
        default=value,
        sa_type=Integer,
        nullable=False,
        sa_column_kwargs={"server_default": text(str(value))},
    )


def optional_whole() -> Any:
    return Field(default=None, sa_type=Integer, nullable=True)


def money(*, nullable: bool = False) -> Any:
    """Money in major units, exact."""
    return Field(default=None, sa_type=Numeric(18, 6), nullable=nullable)


def moment(*, nullable: bool = False, now: bool = True) -> Any:
    """An aware UTC time; the transaction's start unless given."""
    default = {} if nullable or not now else {"server_default": NOW}
    return Field(
        default=None,
        sa_type=DateTime(timezone=True),
        nullable=nullable,
        sa_column_kwargs=default,
    )


def choice(kind: type[Enum], default: Enum | None = None, *, nullable: bool = False) -> Any:
    """An enum stored as its value: a new member needs no migration."""
    shown = {} if default is None else {"server_default": default.value}
    stored = EnumType(
        kind,
        native_enum=False,
        create_constraint=False,
        values_callable=lambda members: [member.value for member in members],
        length=40,
    )
    return Field(default=default, sa_type=stored, nullable=nullable, sa_column_kwargs=shown)


def version() -> Any:
    """Counts the changes of an aggregate, for optimistic locking."""
    return whole(1)


def columns_of(model: type[sqlmodel.SQLModel]) -> ReadOnlyColumnCollection[str, Column[Any]]:
    """A table's columns, to select its rows as named tuples."""
    table: Table = model.__table__  # type: ignore[attr-defined]  # SQLModel sets it on tables
    return table.columns
