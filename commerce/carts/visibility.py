"""Which carts a viewer sees and may change. What is not theirs is not there."""

from typing import Final

from sqlalchemy import BigInteger, ColumnElement, Text, and_, bindparam, false, or_, select, true
from sqlmodel import col

from commerce.carts.kinds import CartState
from commerce.carts.models import Cart
from commerce.carts.rules.refs import CartRef
from commerce.core.db import among
from commerce.core.viewer import Scope, Viewer

OPEN: Final = (CartState.ACTIVE, CartState.FROZEN)


def visible_carts(viewer: Viewer, scope: Scope = Scope.READ_CARTS) -> ColumnElement[bool]:
    """Holders of the scope see all; customers their own, guests those whose tokens they sent."""
    if viewer.may(scope):
        return true()
    return and_(_theirs(viewer), col(Cart.state) != CartState.MERGED)


def chosen(viewer: Viewer, ref: CartRef, scope: Scope) -> ColumnElement[bool]:
    """The cart that `ref` names, where the viewer may do with it what `scope` is for."""
    if ref.id is not None:
        return and_(col(Cart.id) == ref.id, visible_carts(viewer, scope))
    if ref.token is not None:
        open_to = _opened(viewer.may(scope), viewer.in_storefront, _owned(viewer))
        return and_(col(Cart.token) == ref.token, open_to)
    open_ones = select(col(Cart.id)).where(
        _theirs(viewer), col(Cart.state).in_(OPEN), col(Cart.kept_for) == ""
    )
    return col(Cart.id) == open_ones.order_by(col(Cart.id).desc()).limit(1).scalar_subquery()


def chosen_by_token(*, sees_all: bool, in_storefront: bool) -> ColumnElement[bool]:
    """The same, where `ref` has a token, for a statement that is built once: `cart_token` is the
    token, `owner` the viewer's customer id.
    """
    own = col(Cart.customer_id) == bindparam("owner", type_=BigInteger())
    named = col(Cart.token) == bindparam("cart_token", type_=Text())
    return and_(named, _opened(sees_all, in_storefront, own))


def _opened(sees_all: bool, in_storefront: bool, own: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether showing a cart's token is enough: a customer's cart is for that customer alone."""
    if sees_all:
        return true()
    if not in_storefront:
        return false()
    return and_(col(Cart.state) != CartState.MERGED, or_(col(Cart.customer_id).is_(None), own))


def _theirs(viewer: Viewer) -> ColumnElement[bool]:
    if not viewer.tokens or not viewer.in_storefront:
        return _owned(viewer)
    by_token = and_(
        col(Cart.customer_id).is_(None), among(col(Cart.token), sorted(viewer.tokens), Text())
    )
    return or_(_owned(viewer), by_token)


def _owned(viewer: Viewer) -> ColumnElement[bool]:
    """The customer's own; of programs and the shop's people those that are kept for them."""
    if not viewer.in_storefront and viewer.id is not None:
        return col(Cart.kept_by) == viewer.name
    own = viewer.customer_id
    return false() if own is None else and_(col(Cart.customer_id) == own)
