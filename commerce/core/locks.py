"""The one order in which transactions take locks, so that none waits for one that waits for it."""

from enum import IntEnum


class Rank(IntEnum):
    """What can be locked, first to last. Of one rank rows are taken in the order of their keys."""

    IDEMPOTENCY_KEY = 1
    CART = 2
    CUSTOMER = 3
    PROMOTION = 4
    GIFT_CARD = 5
    STOCK = 6
    ORDER = 7
    PAYMENT = 8
    NUMBER = 9
    OUTBOX = 10
    SETTINGS = 11
    JOB = 12


class LockOrderError(RuntimeError):
    """A transaction asked for a lock of a lower rank than one it holds: it could deadlock."""


def checked(held: Rank | None, wanted: Rank) -> Rank:
    """The highest rank held once `wanted` is taken, too."""
    if held is not None and wanted < held:
        raise LockOrderError(f"{wanted.name} was to be locked after {held.name}")
    return wanted
