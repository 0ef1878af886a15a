"""Carts that are kept for programs and the shop's people: one open one for each thing to keep."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from commerce.carts.kinds import CartState
from commerce.carts.models import KEPT_OPEN, Cart
from commerce.carts.repository.carts import COLUMNS, CartRow, until
from commerce.carts.rules.events import changed_cart
from commerce.carts.rules.keeping import Keeping
from commerce.carts.visibility import OPEN
from commerce.core.db import UnitOfWork
from commerce.core.events import Event, EventType
from commerce.core.locks import Rank


class KeptCartRepository:
    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def open(self, kept: Keeping, at: datetime) -> CartRow | None:
        """The one that is not bought yet, unless its time is over."""
        alive = (col(Cart.state) == CartState.FROZEN) | (col(Cart.expires_at) > at)
        return await self._uow.row(_of(kept).where(col(Cart.state).in_(OPEN), alive))

    async def of_token(self, kept_by: str, token: str) -> CartRow | None:
        """Whatever it was kept for."""
        own = (col(Cart.kept_by) == kept_by, col(Cart.token) == token)
        return await self._uow.row(select(*COLUMNS).where(*own))

    async def bought(self, kept: Keeping, since: datetime) -> CartRow | None:
        """The one that was bought last, if that was not before `since`."""
        done = (col(Cart.state) == CartState.COMPLETED, col(Cart.updated_at) >= since)
        return await self._uow.row(_of(kept).where(*done).order_by(col(Cart.id).desc()).limit(1))

    async def close_expired(self, kept: Keeping, at: datetime) -> None:
        """Make room for a new cart where the last one is over."""
        self._uow.hold(Rank.CART)
        over = await self._uow.rows(
            update(Cart)
            .where(
                col(Cart.kept_by) == kept.kept_by,
                col(Cart.kept_for) == kept.kept_for,
                col(Cart.state) == CartState.ACTIVE,
                col(Cart.expires_at) <= at,
            )
            .values(state=CartState.EXPIRED, version=col(Cart.version) + 1)
            .returning(col(Cart.id))
        )
        for cart in over:
            self._uow.record(changed_cart(cart.id, CartState.EXPIRED))

    async def add(self, kept: Keeping, values: Mapping[str, Any], at: datetime) -> CartRow | None:
        """None when there is one already: of several who add it at once, one does."""
        self._uow.hold(Rank.CART)
        added = await self._uow.row(
            insert(Cart)
            .values(**asdict(kept), **values, expires_at=until())
            .on_conflict_do_nothing(
                index_elements=[col(Cart.kept_by), col(Cart.kept_for)],
                index_where=text(KEPT_OPEN),
            )
            .returning(*COLUMNS),
            {"at": at},
        )
        if added is not None:
            self._uow.record(Event(EventType.CART_CREATED, "Cart", added.id))
        return added


def _of(kept: Keeping) -> Select[Any]:
    own = (col(Cart.kept_by) == kept.kept_by, col(Cart.kept_for) == kept.kept_for)
    return select(*COLUMNS).where(*own)
