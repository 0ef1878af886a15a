"""Column kinds that every table shares. Defaults live in the database: rows are written as SQL."""

from collections.abc import Mapping
from decimal import Decimal
from enum import Enum
from typing import Any, Final

import sqlmodel
from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Identity,
    Integer,
    LargeBinary,
    Numeric,
    Table,
    Text,
    text,
)
from sqlalchemy import Enum as EnumType
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.sql.base import ReadOnlyColumnCollection
from sqlmodel.main import FieldInfoMetadata

# SQLModel's overloads cover literal arguments only.
Field: Any = sqlmodel.Field

NOW = text("now()")
MONEY: Final = Numeric(18, 6)
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


def key(value: int | None = None) -> Any:
    """The bigint primary key. With a `value` it is that of the only row."""
    return Field(default=value, primary_key=True, sa_type=BigInteger)


def text_key() -> Any:
    """A text that is the primary key, or a part of it."""
    return Field(primary_key=True, sa_type=Text)


def refers_to(
    target: str,
    *,
    on_delete: str = "CASCADE",
    nullable: bool = False,
    index: bool = True,
    unique: bool = False,
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
        unique=unique,
        sa_type=BigInteger,
    )


def part_of(target: str) -> Any:
    """A foreign key that is a part of the primary key."""
    return Field(foreign_key=target, ondelete="CASCADE", primary_key=True, sa_type=BigInteger)


def number_of(**options: Any) -> Any:
    """The key of a row in a table that is not named here: several kinds share the column, the
    table is of a domain above, or the row may be gone.
    """
    return Field(sa_type=BigInteger, nullable=False, **options)


def optional_number_of(**options: Any) -> Any:
    return Field(default=None, sa_type=BigInteger, nullable=True, **options)


def counted_up() -> Any:
    """A number that each row gets by itself, beside another key."""
    return Field(
        default=None,
        sa_type=BigInteger,
        sa_column_args=[Identity()],
        nullable=False,
        unique=True,
    )


def numbers_of() -> Any:
    """The keys of such rows, some of which may be gone."""
    return _listed(ARRAY(BigInteger))


def required_text(**options: Any) -> Any:
    return Field(sa_type=Text, nullable=False, **options)


def default_text(value: str = "") -> Any:
    return Field(
        default=value, sa_type=Text, nullable=False, sa_column_kwargs={"server_default": value}
    )


def optional_text(**options: Any) -> Any:
    return Field(default=None, sa_type=Text, nullable=True, **options)


def texts() -> Any:
    return _listed(ARRAY(Text))


def wholes() -> Any:
    return _listed(ARRAY(Integer))


def json_object() -> Any:
    """JSON that is read with its row and never searched; an empty object unless given."""
    return _empty(dict, JSONB, "{}")


def json_array() -> Any:
    """The same for a list."""
    return _empty(list, JSONB, "[]")


def required_json() -> Any:
    return Field(sa_type=JSONB, nullable=False)


def optional_json(*, none_as_null: bool = True) -> Any:
    """Nothing is stored as NULL; without `none_as_null`, as the JSON value `null`."""
    return Field(default=None, sa_type=JSONB(none_as_null=none_as_null), nullable=True)


def required_bytes(**options: Any) -> Any:
    """A digest, or what is encrypted."""
    return Field(sa_type=LargeBinary, nullable=False, **options)


def optional_bytes() -> Any:
    return Field(default=None, sa_type=LargeBinary, nullable=True)


def flag(value: bool = False) -> Any:
    shown = text("true" if value else "false")
    return Field(
        default=value, sa_type=Boolean, nullable=False, sa_column_kwargs={"server_default": shown}
    )


def optional_flag() -> Any:
    return Field(default=None, sa_type=Boolean, nullable=True)


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
    return Field(default=None, sa_type=MONEY, nullable=nullable)


def sum_of_money() -> Any:
    """The same; zero unless given."""
    return Field(
        default=Decimal(0),
        sa_type=MONEY,
        nullable=False,
        sa_column_kwargs={"server_default": text("0")},
    )


def optional_date() -> Any:
    return Field(default=None, sa_type=Date, nullable=True)


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


def _listed(kind: ARRAY[Any]) -> Any:
    return _empty(list, kind, "{}")


def _empty(factory: type, kind: Any, shown: str) -> Any:
    return Field(
        default_factory=factory,
        sa_type=kind,
        nullable=False,
        sa_column_kwargs={"server_default": text(f"'{shown}'")},
    )


def columns_of(model: type[sqlmodel.SQLModel]) -> ReadOnlyColumnCollection[str, Column[Any]]:
    """A table's columns, to select its rows as named tuples."""
    table: Table = model.__table__  # type: ignore[attr-defined]  # SQLModel sets it on tables
    return table.columns
