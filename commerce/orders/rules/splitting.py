"""By which of an order's payments money goes back. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from commerce.core.money import amount_flaw
from commerce.core.problems import Invalid, NotFound, Path, Problem
from commerce.orders.kinds import RefundStatus
from commerce.payments.problems import AmountTooLarge
from commerce.payments.rules.sums import sums_of

NOTHING: Final = Decimal(0)
PATH: Final = ("payments",)


@dataclass(frozen=True, slots=True)
class Share:
    """What of a refund goes back by one payment; None: to the gift cards that paid."""

    payment_id: int | None
    amount: Decimal


def shares_of(
    amount: Decimal, payments: Sequence[Any], named: Sequence[Share] = ()
) -> list[Share] | Problem:
    """`amount` over the payments that are `named` or, by itself, over those with the most left:
    the fewest have to move money then, and among equals the newest. Whatever is left after that
    is the gift cards'.
    """
    left = {each.id: sums_of(each).refundable for each in payments}
    shares = _named(named, payments, left) if named else _largest_first(amount, left)
    if not isinstance(shares, list):
        return shares
    rest = amount - sum_of(shares)
    if rest < 0:
        return Invalid(f"The payments are given more than the {amount} that go back.", PATH)
    return [*shares, Share(None, rest)] if rest else shares


def sum_of(shares: Sequence[Share]) -> Decimal:
    return sum((share.amount for share in shares), NOTHING)


def status_of(states: Iterable[RefundStatus]) -> RefundStatus:
    """Of a refund, by what has come of its parts; of one that moves no money, that it did."""
    every = set(states)
    if RefundStatus.PENDING in every:
        return RefundStatus.PENDING
    if RefundStatus.FAILED not in every:
        return RefundStatus.SUCCEEDED
    some = RefundStatus.SUCCEEDED in every
    return RefundStatus.PARTIALLY_SUCCEEDED if some else RefundStatus.FAILED


def _largest_first(amount: Decimal, left: dict[int, Decimal]) -> list[Share]:
    shares = []
    for id_, most in sorted(left.items(), key=lambda each: (each[1], each[0]), reverse=True):
        part = min(most, amount)
        if part > 0:
            shares.append(Share(id_, part))
            amount -= part
    return shares


def _named(
    named: Sequence[Share], payments: Sequence[Any], left: dict[int, Decimal]
) -> list[Share] | Problem:
    currencies = {each.id: each.currency for each in payments}
    seen: set[int] = set()
    for place, share in enumerate(named):
        path, id_ = (*PATH, str(place)), share.payment_id
        if id_ is None or id_ not in left:
            return NotFound("The order has no such payment.", (*path, "payment_id"))
        if id_ in seen:
            return Invalid("A payment is named once.", (*path, "payment_id"))
        seen.add(id_)
        flaw = _amount_flaw(share.amount, left[id_], currencies[id_], (*path, "amount"))
        if flaw is not None:
            return flaw
    return list(named)


def _amount_flaw(amount: Decimal, most: Decimal, currency: str, path: Path) -> Problem | None:
    flaw = amount_flaw(amount, currency) or (None if amount else "must not be zero")
    if flaw is not None:
        return Invalid(f"The amount {flaw}.", path)
    if amount > most:
        return AmountTooLarge(f"At most {most} can go back by this payment.", path, most)
    return None
