"""What rows are written with, as parameters of statements that are built once and kept."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import BindParameter, bindparam
from sqlmodel import SQLModel

from commerce.core.columns import columns_of


def given(model: type[SQLModel], names: Iterable[str]) -> dict[str, BindParameter[Any]]:
    """A parameter for each of a table's columns; `written` are their values."""
    columns = columns_of(model)
    return {name: bindparam(_name(name), type_=columns[name].type) for name in names}


def written(values: Mapping[str, Any]) -> dict[str, Any]:
    return {_name(name): value for name, value in values.items()}


def _name(column: str) -> str:
    """SQLAlchemy keeps the names of columns for itself."""
    return f"new_{column}"
