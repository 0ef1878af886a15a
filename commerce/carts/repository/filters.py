"""A filter of carts as SQL conditions."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import ColumnElement, Text, and_, func, or_
from sqlmodel import col

from commerce.carts.criteria import CartWhere
from commerce.carts.kinds import CartState
from commerce.carts.models import Cart
from commerce.core.comparisons import range_is, text_is
from commerce.core.criteria import TextIs
from commerce.core.db import among


def conditions(where: CartWhere, at: datetime) -> list[ColumnElement[bool]]:
    return [*_of_buyers(where), *_of_time(where, at)]


def _of_buyers(where: CartWhere) -> Iterator[ColumnElement[bool]]:
    if where.ids is not None:
        yield among(col(Cart.id), where.ids)
    if where.customer_ids is not None:
        yield among(col(Cart.customer_id), where.customer_ids)
    if where.email is not None:
        yield _email_is(where.email)
    if where.source is not None:
        yield text_is(col(Cart.source), where.source)


def _of_time(where: CartWhere, at: datetime) -> Iterator[ColumnElement[bool]]:
    if where.states is not None:
        yield or_(*(_is(state, at) for state in where.states))
    for made in (where.created_at, where.created_on):
        if made is not None:
            yield range_is(col(Cart.created_at), made)
    for changed in (where.updated_at, where.updated_on):
        if changed is not None:
            yield range_is(col(Cart.updated_at), changed)
    if where.abandoned_since is not None:
        yield abandoned(where.abandoned_since)
    if where.recovered is not None:
        recovered = and_(col(Cart.reminded_at).is_not(None), col(Cart.order_id).is_not(None))
        yield recovered if where.recovered else ~recovered


def abandoned(since: datetime) -> ColumnElement[bool]:
    """With an address to write to, something in it by then, and not bought."""
    return and_(
        col(Cart.state).in_((CartState.ACTIVE, CartState.EXPIRED)),
        col(Cart.email).is_not(None),
        col(Cart.updated_at) <= since,
    )


def _email_is(wanted: TextIs) -> ColumnElement[bool]:
    """Whatever the case, as for customers."""
    lower = func.lower(col(Cart.email))
    if wanted.any_of is not None:
        return among(lower, [email.lower() for email in wanted.any_of], Text())
    return text_is(lower, wanted)


def _is(state: CartState, at: datetime) -> ColumnElement[bool]:
    """What is stored as active is expired once its time is over."""
    stored = col(Cart.state) == state
    if state is CartState.ACTIVE:
        return and_(stored, col(Cart.expires_at) > at)
    if state is CartState.EXPIRED:
        over = and_(col(Cart.state) == CartState.ACTIVE, col(Cart.expires_at) <= at)
        return or_(stored, over)
    return stored
