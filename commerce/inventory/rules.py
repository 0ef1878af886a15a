"""Rules of stock that need no data."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

from commerce.catalog.kinds import BackorderPolicy
from commerce.core.problems import Invalid, Problem
from commerce.inventory.problems import InsufficientStock, QuantityChanged

# Sums over locations stay within GraphQL's 32 bits.
MAX_ON_HAND: Final = 100_000_000
MAX_TEXT: Final = 200

Slot = tuple[int, int]


@dataclass(frozen=True, slots=True)
class StockCount:
    """How many units were found; `location_id` None means the default location."""

    variant_id: int
    location_id: int | None
    on_hand: int


@dataclass(frozen=True, slots=True)
class StockChange:
    """Either `delta` units more (or less), or `set_to` units as they were counted.

    With `change_from` nothing happens unless exactly that many units are on hand.
    """

    variant_id: int
    location_id: int | None
    delta: int | None = None
    set_to: int | None = None
    change_from: int | None = None


class Level(Protocol):
    """What is stored of one variant at one location."""

    @property
    def on_hand(self) -> int: ...
    @property
    def reserved(self) -> int: ...


def sellable(*, track_stock: bool, backorder: BackorderPolicy, available: int) -> bool:
    """Whether a variant can be bought at all."""
    return not track_stock or backorder is BackorderPolicy.ALLOW or available > 0


def after(change: StockChange, level: Level, *path: str) -> int | Problem:
    """How many units are on hand once `change` is done, or why it cannot be.

    A delta takes only what is available. A count states a fact: it may go below the reserved.
    """
    if change.change_from is not None and change.change_from != level.on_hand:
        return QuantityChanged(
            f"There are {level.on_hand} units on hand by now.",
            (*path, "change_from_quantity"),
            level.on_hand,
        )
    if change.set_to is not None:
        return change.set_to
    return _moved(level, change.delta or 0, (*path, "change", "delta"))


def _moved(level: Level, delta: int, path: tuple[str, ...]) -> int | Problem:
    available = level.on_hand - level.reserved
    if delta < 0 and available + delta < 0:
        return InsufficientStock(f"Only {max(available, 0)} are available.", path, available)
    if level.on_hand + delta > MAX_ON_HAND:
        return Invalid(f"There can be at most {MAX_ON_HAND} units.", path)
    return level.on_hand + delta


def changes_flaw(changes: Sequence[StockChange]) -> Invalid | None:
    """The first change that no level could take, its path starting at ("changes", index)."""
    for place, change in enumerate(changes):
        path = ("changes", str(place), "change")
        if change.set_to is not None and not 0 <= change.set_to <= MAX_ON_HAND:
            return Invalid(f"Units are counted from 0 to {MAX_ON_HAND}.", (*path, "set_to"))
        if change.delta is not None and not 0 < abs(change.delta) <= MAX_ON_HAND:
            return Invalid("Stock moves by 1 unit or more.", (*path, "delta"))
    return None


def repeated(slots: Iterable[Any]) -> int | None:
    """The place of the first slot that was named before."""
    seen: set[Any] = set()
    for place, slot in enumerate(slots):
        if slot in seen:
            return place
        seen.add(slot)
    return None
