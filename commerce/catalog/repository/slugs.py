"""Former slugs: what follows when something gets another slug, or leaves."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    ScalarSelect,
    Text,
    delete,
    func,
    literal,
    select,
)
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from commerce.catalog.kinds import Sluggable
from commerce.catalog.models import SlugRedirect
from commerce.core.columns import columns_of
from commerce.core.db import UnitOfWork, among


class SlugMove(NamedTuple):
    """Something's slug has changed."""

    target_id: int
    old_slug: str
    new_slug: str


class SlugRepository:
    """Call it after the rows themselves are written: their unique slugs order who is first."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def moved(self, kind: Sluggable, target_id: int, old_slug: str, new_slug: str) -> None:
        """`old_slug` leads to `target_id` from now on. Two statements."""
        await self.moved_all(kind, [SlugMove(target_id, old_slug, new_slug)])

    async def moved_all(self, kind: Sluggable, moves: Sequence[SlugMove]) -> None:
        """The same for many at once, which may also have exchanged slugs. Two statements."""
        changed = [move for move in moves if move.old_slug != move.new_slug]
        in_use = {move.new_slug for move in changed}
        left = {move.old_slug: move.target_id for move in changed if move.old_slug not in in_use}
        await self.used(kind, in_use)
        await self._lead(kind, left)

    async def used(self, kind: Sluggable, slugs: Collection[str]) -> None:
        """These slugs name something again, and so lead nowhere else."""
        if slugs:
            named = among(col(SlugRedirect.slug), sorted(slugs), Text())
            await self._uow.change(delete(SlugRedirect).where(_of(kind), named))

    async def forget(self, kind: Sluggable, target_ids: Collection[int]) -> None:
        """Remove what leads to things that are gone for good."""
        targets = among(col(SlugRedirect.target_id), target_ids)
        await self._uow.change(delete(SlugRedirect).where(_of(kind), targets))

    async def _lead(self, kind: Sluggable, targets: dict[str, int]) -> None:
        if not targets:
            return
        slugs = sorted(targets)  # always in the same order, so that writers never wait in a circle
        former = func.unnest(
            literal(slugs, ARRAY(Text())),
            literal([targets[slug] for slug in slugs], ARRAY(BigInteger())),
        )
        rows = former.table_valued("slug", "target_id", name="former").render_derived()
        kinds = literal(kind, columns_of(SlugRedirect)["kind"].type)
        statement = insert(SlugRedirect).from_select(
            ["kind", "slug", "target_id"], select(kinds, rows.c.slug, rows.c.target_id)
        )
        await self._uow.change(
            statement.on_conflict_do_update(
                index_elements=["kind", "slug"], set_={"target_id": statement.excluded.target_id}
            )
        )


def target_of(kind: Sluggable, slug: str) -> ScalarSelect[int]:
    """The id of what had this slug before, for a read by slug."""
    former = select(col(SlugRedirect.target_id)).where(_of(kind), col(SlugRedirect.slug) == slug)
    return former.scalar_subquery()


def _of(kind: Sluggable) -> ColumnElement[bool]:
    return col(SlugRedirect.kind) == kind
