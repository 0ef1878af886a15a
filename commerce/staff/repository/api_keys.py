"""API keys."""

from collections.abc import Collection as Keys
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, Select, and_, case, func, insert, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from commerce.core.columns import columns_of
from commerce.core.db import UnitOfWork, among, violated_constraint
from commerce.core.keyset import SortKey, count_of, counted, page_of, paged
from commerce.core.paging import Count, Page, PageArgs
from commerce.core.problems import Taken
from commerce.core.viewer import SYSTEM, Viewer, ViewerKind
from commerce.staff.models.api_keys import ApiKey
from commerce.staff.rules.key_states import KeyFilter, KeyState
from commerce.staff.rules.key_terms import UNBOUNDED, Bounds, bounds_of
from commerce.staff.visibility.api_keys import visible_api_keys

ApiKeyRow = Row[Any]
COLUMNS = tuple(columns_of(ApiKey))
NEWEST: Final = (SortKey(col(ApiKey.id), descending=True),)
TOUCH_EVERY: Final = timedelta(minutes=1)


class ApiKeyRepository:
    """`viewer` may be left out where a credential is looked up: there is no viewer yet."""

    def __init__(self, uow: UnitOfWork, viewer: Viewer = SYSTEM) -> None:
        self._uow = uow
        self._viewer = viewer

    async def add(self, **values: Any) -> ApiKeyRow | Taken:
        try:
            rows = await self._uow.rows(insert(ApiKey).values(**values).returning(*COLUMNS))
        except IntegrityError as error:
            if violated_constraint(error) == "uq_api_keys_reference":
                message = "A key was issued for this reference; rotate it for a new secret."
                return Taken(message, ("reference",))
            raise
        return rows[0]

    async def by_public_id(self, public_id: str) -> ApiKeyRow | None:
        return await self._uow.row(select(*COLUMNS).where(col(ApiKey.public_id) == public_id))

    async def by_ids(self, ids: Keys[int]) -> dict[int, ApiKeyRow]:
        statement = self._visible().where(among(col(ApiKey.id), ids))
        return {row.id: row for row in await self._uow.rows(statement)}

    async def page(self, filter_: KeyFilter, args: PageArgs) -> Page[ApiKeyRow]:
        """The newest first."""
        rows = await self._uow.rows(paged(self._matching(filter_), NEWEST, args))
        return page_of(rows, len(NEWEST), args)

    async def count(self, filter_: KeyFilter, limit: int | None) -> Count:
        return count_of(await self._uow.scalar(counted(self._matching(filter_), limit)), limit)

    async def any(self) -> bool:
        """Whether there is a key at all."""
        return await self._uow.scalar(select(col(ApiKey.id)).limit(1)) is not None

    async def bounds(self) -> Bounds:
        """What holds of the calling key; nothing for callers that are none."""
        if self._viewer.kind is not ViewerKind.API_KEY or self._viewer.id is None:
            return UNBOUNDED
        row = await self.own(self._viewer.id)
        return UNBOUNDED if row is None else bounds_of(row)

    async def own(self, id_: int) -> ApiKeyRow | None:
        """The calling key itself, whatever it may see of others."""
        return await self._uow.row(select(*COLUMNS).where(col(ApiKey.id) == id_))

    async def to_change(self, id_: int) -> ApiKeyRow | None:
        """The key, locked until the transaction ends."""
        statement = self._visible().where(col(ApiKey.id) == id_).with_for_update()
        return await self._uow.row(statement)

    async def change(self, id_: int, values: dict[str, Any]) -> ApiKeyRow:
        """The changed row of a key that is locked."""
        statement = update(ApiKey).where(col(ApiKey.id) == id_).values(**values).returning(*COLUMNS)
        return (await self._uow.rows(statement))[0]

    async def rotate(
        self, id_: int, secret_sha256: bytes, hint: str, at: datetime, until: datetime | None
    ) -> ApiKeyRow:
        """Give a locked key another secret; the old one stays good `until` then, if at all.

        The old one is the one clients use: a secret nobody has taken up gives way to the next, so
        that rotating again after a lost answer cuts nobody off.
        """
        unused = and_(col(ApiKey.taken_up_at).is_(None), col(ApiKey.previous_until) > at)
        kept = case((unused, col(ApiKey.previous_sha256)), else_=col(ApiKey.secret_sha256))
        return await self.change(
            id_,
            {
                "secret_sha256": secret_sha256,
                "hint": hint,
                "taken_up_at": None,
                "previous_sha256": None if until is None else kept,
                "previous_until": until,
                "rotated_at": at,
            },
        )

    async def revoke(self, id_: int, at: datetime) -> ApiKeyRow | None:
        """The revoked key; one revoked earlier keeps its time. None when there is none."""
        statement = (
            update(ApiKey)
            .where(col(ApiKey.id) == id_)
            .values(
                revoked_at=func.coalesce(col(ApiKey.revoked_at), at),
                previous_sha256=None,
                previous_until=None,
            )
            .returning(*COLUMNS)
        )
        return await self._uow.row(statement)

    async def touch(self, id_: int, secret_sha256: bytes, at: datetime) -> None:
        """Note that this secret of the key was used: once a minute, whoever asks."""
        present = col(ApiKey.secret_sha256) == secret_sha256
        taken_up = case((present, func.coalesce(col(ApiKey.taken_up_at), at)))
        stale = or_(
            col(ApiKey.last_used_at).is_(None),
            col(ApiKey.last_used_at) <= at - TOUCH_EVERY,
            and_(present, col(ApiKey.taken_up_at).is_(None)),
        )
        await self._uow.change(
            update(ApiKey)
            .where(col(ApiKey.id) == id_, stale)
            .values(last_used_at=at, taken_up_at=func.coalesce(taken_up, col(ApiKey.taken_up_at)))
        )

    def _visible(self) -> Select[Any]:
        return select(*COLUMNS).where(visible_api_keys(self._viewer))

    def _matching(self, filter_: KeyFilter) -> Select[Any]:
        statement = self._visible()
        if filter_.dialect is not None:
            statement = statement.where(col(ApiKey.dialect) == filter_.dialect)
        if filter_.owner_id is not None:
            statement = statement.where(col(ApiKey.owner_id) == filter_.owner_id)
        return statement if filter_.state is None else statement.where(_in_state(filter_))


def _in_state(filter_: KeyFilter) -> ColumnElement[bool]:
    expired = col(ApiKey.expires_at) <= filter_.now
    if filter_.state is KeyState.REVOKED:
        return col(ApiKey.revoked_at).is_not(None)
    if filter_.state is KeyState.EXPIRED:
        return and_(col(ApiKey.revoked_at).is_(None), expired)
    fresh = or_(col(ApiKey.expires_at).is_(None), col(ApiKey.expires_at) > filter_.now)
    return and_(col(ApiKey.revoked_at).is_(None), fresh)
