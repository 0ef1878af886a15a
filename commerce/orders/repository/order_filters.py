"""A filter of orders as SQL conditions."""

from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any, Final

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Text,
    and_,
    column,
    exists,
    func,
    literal,
    literal_column,
    not_,
    or_,
    table,
)
from sqlmodel import col

from commerce.core.comparisons import contains, range_is, text_is
from commerce.core.criteria import Ids, TextIs, Times, given
from commerce.core.db import among
from commerce.orders.criteria import OrderWhere
from commerce.orders.kinds import OrderStatus
from commerce.orders.models import PLAIN_WORDS, Fulfillment, Order, OrderLine
from commerce.payments.kinds import TransactionKind
from commerce.payments.models import Payment, PaymentTransaction

Condition = ColumnElement[bool]

WORDS: Final = literal_column(PLAIN_WORDS, Text())
# Of a domain above this one.
INVOICES: Final = table("invoices", column("order_id"))
# More would only cost: each one is looked up.
MAX_WORDS: Final = 10


def conditions(where: OrderWhere) -> list[Condition]:
    return [CONDITIONS[name](value) for name, value in given(where).items() if name in CONDITIONS]


def _all_of(where: OrderWhere) -> Condition:
    return and_(literal(True), *conditions(where))


def _some(parts: tuple[OrderWhere, ...]) -> Condition:
    return or_(*map(_all_of, parts)) if parts else literal(False)


def _words(text: str) -> Condition:
    return and_(literal(True), *(contains(WORDS, word) for word in text.split()[:MAX_WORDS]))


def _email(wanted: TextIs) -> Condition:
    if wanted.any_of is not None:
        lowered = [text.lower() for text in wanted.any_of]
        return among(func.lower(col(Order.email)), lowered, Text())
    return text_is(col(Order.email), wanted)


def _code(wanted: TextIs) -> Condition:
    """Whatever the case: codes are typed in any."""
    if wanted.any_of is None:
        joined = func.array_to_string(col(Order.coupon_codes), " ")
        return text_is(joined, wanted)
    codes = [code for text in wanted.any_of for code in {text, text.upper(), text.lower()}]
    held = literal(codes, ARRAY(Text()))
    overlap: Condition = col(Order.coupon_codes).op("&&", is_comparison=True)(held)
    return overlap


def _has_line(named: Any, ids: Ids) -> Condition:
    own = col(OrderLine.order_id) == col(Order.id)
    return exists().where(own, among(named, ids)).correlate(Order)


def _is_one_of(held: Any) -> Callable[[tuple[Enum, ...]], Condition]:
    return lambda wanted: held.in_(wanted) if wanted else literal(False)


def _archived(wanted: bool) -> Condition:
    archived_at = col(Order.archived_at)
    return archived_at.is_not(None) if wanted else archived_at.is_(None)


def _drafts(wanted: bool) -> Condition:
    status = col(Order.status)
    return status == OrderStatus.DRAFT if wanted else status != OrderStatus.DRAFT


def _email_md5(digests: tuple[str, ...]) -> Condition:
    lowered = [digest.lower() for digest in digests]
    return among(func.md5(func.lower(col(Order.email))), lowered, Text())


def _tags(wanted: tuple[str, ...]) -> Condition:
    overlap: Condition = col(Order.tags).op("&&", is_comparison=True)(
        literal(list(wanted), ARRAY(Text()))
    )
    return overlap


def _shipped(bounds: Times) -> Condition:
    """A parcel that was called off was not sent."""
    own = col(Fulfillment.order_id) == col(Order.id)
    left = range_is(col(Fulfillment.shipped_at), bounds)
    return exists().where(own, col(Fulfillment.canceled_at).is_(None), left).correlate(Order)


def _paid(bounds: Times) -> Condition:
    own = col(Payment.order_id) == col(Order.id)
    taken = col(PaymentTransaction.kind) == TransactionKind.CAPTURE
    moment = range_is(col(PaymentTransaction.created_at), bounds)
    joined = col(PaymentTransaction.payment_id) == col(Payment.id)
    return exists().where(own, joined, taken, moment).correlate(Order)


def _seen(wanted: bool) -> Condition:
    seen_at = col(Order.seen_at)
    return seen_at.is_not(None) if wanted else seen_at.is_(None)


def _invoiced(wanted: bool) -> Condition:
    issued = exists().where(INVOICES.c.order_id == col(Order.id)).correlate(Order)
    either = or_(col(Order.invoice_url).is_not(None), issued)
    return either if wanted else not_(either)


CONDITIONS: Mapping[str, Callable[[Any], Condition]] = {
    "ids": lambda ids: among(col(Order.id), ids),
    "number": lambda wanted: text_is(col(Order.number), wanted),
    "words": _words,
    "statuses": _is_one_of(col(Order.status)),
    "payment_statuses": _is_one_of(col(Order.payment_status)),
    "fulfillment_statuses": _is_one_of(col(Order.fulfillment_status)),
    "sources": _is_one_of(col(Order.source)),
    "customer_ids": lambda ids: among(col(Order.customer_id), ids),
    "email": _email,
    "coupon_code": _code,
    "product_ids": lambda ids: _has_line(col(OrderLine.product_id), ids),
    "variant_ids": lambda ids: _has_line(col(OrderLine.variant_id), ids),
    "placed_at": lambda bounds: range_is(col(Order.placed_at), bounds),
    "placed_within": lambda bounds: range_is(col(Order.placed_at), bounds),
    "updated_within": lambda bounds: range_is(col(Order.updated_at), bounds),
    "shipped_within": _shipped,
    "paid_within": _paid,
    "email_md5": _email_md5,
    "tags": _tags,
    "seen": _seen,
    "invoiced": _invoiced,
    "created_at": lambda bounds: range_is(col(Order.created_at), bounds),
    "updated_at": lambda bounds: range_is(col(Order.updated_at), bounds),
    "total": lambda bounds: range_is(col(Order.total), bounds),
    "currency": lambda code: col(Order.currency) == code,
    "archived": _archived,
    "drafts": _drafts,
    "every": lambda parts: and_(literal(True), *map(_all_of, parts)),
    "some": _some,
    "none": lambda part: not_(_all_of(part).is_(True)),
}
