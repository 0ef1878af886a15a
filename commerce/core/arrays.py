"""Arrays handed to SQL: one prepared statement, however many values there are."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    bindparam,
    cast,
    column,
    func,
    literal,
    select,
)
from sqlalchemy.sql import any_
from sqlalchemy.sql.selectable import TableValuedAlias
from sqlalchemy.types import TypeEngine


def among_ids(column: Any) -> ColumnElement[bool]:
    """`column = ANY(:ids)`, for a statement that is built once and given its `ids` when it runs."""
    return column == any_(unseen("ids", BigInteger()))  # type: ignore[no-any-return]  # `column` may be a model's attribute


def unseen(name: str, kind: TypeEngine[Any]) -> Any:
    """An array whose length the planner does not look at: it would find that a plan for so many
    values is a little better than the one it has, and plan anew each time. That costs several
    times what it saves.
    """
    array = bindparam(name, type_=ARRAY(kind, dimensions=1))  # values may be lists themselves
    return cast(select(array).scalar_subquery(), array.type)


def given_table(name: str, types: Mapping[str, TypeEngine[Any]]) -> TableValuedAlias:
    """The same as `table_of` for a statement that is built once; `given_rows` fill it."""
    arrays = (unseen(f"{name}_{label}", type_) for label, type_ in types.items())
    columns = (column(label, type_) for label, type_ in types.items())
    return func.unnest(*arrays).table_valued(*columns).render_derived(name=name)


def given_rows(
    name: str, types: Mapping[str, TypeEngine[Any]], rows: Sequence[Sequence[Any]]
) -> dict[str, list[Any]]:
    return {f"{name}_{label}": [row[place] for row in rows] for place, label in enumerate(types)}


def table_of(
    name: str, types: Mapping[str, TypeEngine[Any]], rows: Sequence[Sequence[Any]]
) -> TableValuedAlias:
    """`unnest(...) AS name(...)`: a FROM clause with the columns of `types`, filled from `rows`."""
    arrays = (
        literal([row[place] for row in rows], ARRAY(type_))
        for place, type_ in enumerate(types.values())
    )
    columns = (column(label, type_) for label, type_ in types.items())
    return func.unnest(*arrays).table_valued(*columns).render_derived(name=name)
