"""Where something is held about a customer: told by the tables themselves.

A table of what belongs to a customer says so in its `info`: `customer` names the column that says
whose a row is, or leads to the row of another such table that does; `erased` says what becomes of
the rows. Its columns marked `personal` are the rest.
Nothing is listed here, so nothing can be forgotten here.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import (
    ARRAY,
    Boolean,
    Column,
    ColumnElement,
    LargeBinary,
    MetaData,
    Table,
    Text,
    and_,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import JSONB

from commerce.core.columns import PERSONAL, is_secret
from commerce.privacy.kinds import CUSTOMER, ERASED, KEPT, ONLY, Erased

CUSTOMERS: Final = "customers"
# What is left where a column takes no NULL.
BLANKS: Final[Sequence[tuple[type[Any], Callable[[], Any]]]] = (
    (Text, str),
    (JSONB, dict),
    (ARRAY, list),
    (LargeBinary, bytes),
    (Boolean, bool),
)


@dataclass(frozen=True, slots=True)
class HeldTable:
    """A table with rows of customers."""

    table: Table
    owner: Column[Any]
    erased: Erased

    @property
    def name(self) -> str:
        return self.table.name

    def belongs_to(self, customer_id: int) -> ColumnElement[bool]:
        """Whether a row is this customer's."""
        conditions = [_owned(self.owner, lambda owner: owner == customer_id)]
        for column, value in self.table.info.get(ONLY, {}).items():
            conditions.append(self.table.columns[column] == value)
        return and_(*conditions)

    def belongs_to_erased(self) -> ColumnElement[bool]:
        """Whether a row is that of a customer who was erased."""
        customers = self.table.metadata.tables[CUSTOMERS].columns
        gone = select(customers.id).where(customers.erased_at.is_not(None))
        return _owned(self.owner, lambda owner: owner.in_(gone))

    @property
    def kept_since(self) -> Column[Any] | None:
        """From when on the law has a row kept, where it does."""
        name = self.table.info.get(KEPT)
        return None if name is None else self.table.columns[name]

    @property
    def personal(self) -> list[Column[Any]]:
        return [column for column in self.table.columns if PERSONAL in column.info]

    @property
    def exported(self) -> list[Column[Any]]:
        """Everything but secrets, which would open the door to whoever finds the export."""
        return [column for column in self.table.columns if not is_secret(column)]

    def blanks(self) -> dict[str, Any]:
        """The values that say nothing any more, by column: personal ones and secrets."""
        gone = [column for column in self.table.columns if _tells(column)]
        return {column.name: blank_of(column) for column in gone}

    def tells(self) -> ColumnElement[bool]:
        """Whether a row still says something that `blanks` would take."""
        columns = self.table.columns
        return or_(
            *(
                columns[name].is_not(None) if blank is None else columns[name] != blank
                for name, blank in self.blanks().items()
            )
        )


def held_tables(metadata: MetaData) -> list[HeldTable]:
    """Every table of what belongs to customers; those that others refer to come first."""
    return [held(table) for table in metadata.sorted_tables if CUSTOMER in table.info]


def held(table: Table) -> HeldTable:
    """A table of what belongs to customers, as it says itself."""
    kept = Erased(table.info.get(ERASED, Erased.BLANKED.value))
    return HeldTable(table, table.columns[table.info[CUSTOMER]], kept)


def parts_of(table: Table) -> list[HeldTable]:
    """The tables whose rows are parts of this one's rows."""
    return [
        part
        for part in held_tables(table.metadata)
        if any(key.column.table is table for key in part.owner.foreign_keys)
    ]


def blank_of(column: Column[Any]) -> Any:
    """Nothing, as this column says it; raises `TypeError` for one that cannot."""
    if column.nullable:
        return None
    for kind, blank in BLANKS:
        if isinstance(column.type, kind):
            return blank()
    raise TypeError(f"{column} cannot be blank: make it nullable, or delete its rows")


def meaning(column: Column[Any]) -> str:
    """What a person is told that a column holds."""
    told = column.info.get(PERSONAL)
    words = column.name.replace("_", " ")
    return told if isinstance(told, str) else f"{words[0].upper()}{words[1:]}."


def _owned(
    owner: Column[Any], whose: Callable[[Column[Any]], ColumnElement[bool]]
) -> ColumnElement[bool]:
    for key in owner.foreign_keys:
        parent = key.column.table
        if parent.name != CUSTOMERS and CUSTOMER in parent.info:
            above = _owned(parent.columns[parent.info[CUSTOMER]], whose)
            return owner.in_(select(key.column).where(above))
    return whose(owner)


def _tells(column: Column[Any]) -> bool:
    return PERSONAL in column.info or (is_secret(column) and not column.primary_key)
