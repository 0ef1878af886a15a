"""Rows that a unique constraint may refuse."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Executable, Row
from sqlalchemy.exc import IntegrityError

from commerce.core.db import UnitOfWork, violated_constraint
from commerce.core.problems import Taken


async def row_or_taken(
    uow: UnitOfWork, statement: Executable, taken: Mapping[str, Taken]
) -> Row[Any] | Taken:
    """The row a statement writes and returns, or what its unique constraint refused, by name."""
    try:
        return await uow.row(statement)  # type: ignore[return-value]  # new, or locked
    except IntegrityError as error:
        refused = taken.get(violated_constraint(error) or "")
        if refused is None:
            raise
        return refused
