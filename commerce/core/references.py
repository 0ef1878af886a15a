"""Requests that are done once, however often they are sent: whoever sends one names it.

Their tables have an `actor`, a `reference` that is unique among the actor's, and a `digest` of what
was asked for.
"""

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Row, select
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import SQLModel

from commerce.core.columns import columns_of
from commerce.core.db import UnitOfWork
from commerce.core.problems import IdempotencyConflict

USED: Final = IdempotencyConflict("This reference was used for something else.", ("reference",))


@dataclass(frozen=True, slots=True)
class Claimed:
    """The row of a reference, and whether it was added just now."""

    row: Row[Any]
    is_new: bool


async def claim(
    uow: UnitOfWork, table: type[SQLModel], actor: str, reference: str, digest: bytes
) -> Claimed | IdempotencyConflict:
    """The reference is taken now, unless it was before.

    Waits for a transaction that is taking the same one, and then sees what it did.
    """
    columns = columns_of(table)
    added = insert(table).values(actor=actor, reference=reference, digest=digest)
    new = await uow.row(added.on_conflict_do_nothing().returning(*columns))
    if new is not None:
        return Claimed(new, True)
    named = (columns.actor == actor, columns.reference == reference)
    (old,) = await uow.rows(select(*columns).where(*named))
    return Claimed(old, False) if old.digest == digest else USED
