"""Rows handed to SQL as parallel arrays: one prepared statement, however many rows there are."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ARRAY, column, func, literal
from sqlalchemy.sql.selectable import TableValuedAlias
from sqlalchemy.types import TypeEngine


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
