"""What prices, stock and the like may be of."""

from collections.abc import Collection as Keys

from sqlalchemy import BigInteger, select, true
from sqlmodel import col

from commerce.catalog.models import Variant
from commerce.core.arrays import table_of
from commerce.core.db import UnitOfWork


async def unknown_variants(uow: UnitOfWork, ids: Keys[int]) -> set[int]:
    """Those of `ids` that are no variant, or an archived one."""
    given = table_of("given", {"id": BigInteger()}, [(id_,) for id_ in ids])
    found = (
        select(col(Variant.archived_at))
        .where(col(Variant.id) == given.c.id)
        .limit(1)
        .lateral("found")
    )
    # A look into the index for each: of a table just filled the planner would guess wrong.
    statement = select(given.c.id).join(found, true()).where(found.c.archived_at.is_(None))
    return set(ids).difference(await uow.scalars(statement))
