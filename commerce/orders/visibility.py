"""Which orders a viewer sees, and which it changes."""

from typing import Any

from sqlalchemy import ColumnElement, Text, and_, false, or_
from sqlmodel import col

from commerce.core.db import among
from commerce.core.viewer import Scope, Viewer
from commerce.orders.kinds import OrderStatus
from commerce.orders.models import Order


def visible_orders(viewer: Viewer) -> ColumnElement[bool]:
    """Buyers see what they have bought, guests what they hold the token of."""
    return _told() if viewer.may(Scope.READ_ORDERS) else own_orders(viewer)


def changeable_orders(viewer: Viewer) -> ColumnElement[bool]:
    """Buyers change nothing by this alone: what they may ask for says so itself."""
    return _told() if viewer.may(Scope.WRITE_ORDERS) else false()


def touchable_orders(viewer: Viewer) -> ColumnElement[bool]:
    """For what buyers may do to their own orders, too."""
    return _told() if viewer.may(Scope.WRITE_ORDERS) else own_orders(viewer)


def own_orders(viewer: Viewer) -> ColumnElement[bool]:
    """Drafts are the shop's until they are placed."""
    owned: list[Any] = []
    if viewer.customer_id is not None:
        owned.append(col(Order.customer_id) == viewer.customer_id)
    if viewer.tokens:
        owned.append(among(col(Order.token), sorted(viewer.tokens), Text()))
    return and_(col(Order.placed_at).is_not(None), or_(*owned)) if owned else false()


def _told() -> ColumnElement[bool]:
    """Nobody is told of an order that waits for its payment before it is placed."""
    return or_(col(Order.status) != OrderStatus.PENDING, col(Order.placed_at).is_not(None))
