"""Counts and changes of stock: what they ask for and whether that can be done."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, Final

from commerce.catalog.kinds import BackorderPolicy
from commerce.core.problems import Invalid, Problem
from commerce.inventory.kinds import MovementKind
from commerce.inventory.problems import InsufficientStock, QuantityChanged

# Sums over locations are cut to what GraphQL's integers hold.
MAX_ON_HAND: Final = 1_000_000_000
MAX_SHOWN: Final = 2**31 - 1
MAX_TEXT: Final = 200
COUNTED: Final = f"Units are counted from 0 to {MAX_ON_HAND}."

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


@dataclass(frozen=True, slots=True)
class Move:
    """A change of one level that has been checked against it."""

    slot: Slot
    delta: int
    kind: MovementKind


@dataclass(frozen=True, slots=True)
class Note:
    """What the ledger remembers of why stock moved."""

    reason: str
    reference: str
    actor: str


@dataclass(frozen=True, slots=True)
class LevelFilter:
    """Which levels; None asks for nothing in particular."""

    variant_id: int | None = None
    location_id: int | None = None
    low_stock: bool | None = None


@dataclass(frozen=True, slots=True)
class MovementFilter:
    """Which movements; None asks for nothing in particular."""

    variant_id: int | None = None
    location_id: int | None = None
    reference: str | None = None


@dataclass(frozen=True, slots=True)
class LocationFilter:
    """Which locations; None asks for nothing in particular."""

    active: bool | None = None


@dataclass(frozen=True, slots=True)
class ReservationFilter:
    """Which holds of carts; None asks for nothing in particular."""

    variant_id: int | None = None
    location_id: int | None = None


def in_stock(*, track_stock: bool, backorder: BackorderPolicy, available: int) -> bool:
    """Whether a variant can be bought."""
    return not track_stock or backorder is BackorderPolicy.ALLOW or available > 0


def is_low(available: int, threshold: int | None) -> bool:
    """Whether no more is left than the threshold says; without one it never is."""
    return threshold is not None and available <= threshold


def move_of(change: StockChange, slot: Slot, level: Any, held: int, place: int) -> Move | Problem:
    """What `change`, the one at `place`, does to its `level`, or why it cannot be done.

    A delta takes only what is available: neither reserved nor `held` by carts. A count states a
    fact: it may go below that.
    """
    path = ("changes", str(place))
    if change.change_from is not None and change.change_from != level.on_hand:
        return QuantityChanged(
            f"There are {level.on_hand} units on hand by now.",
            (*path, "change_from_quantity"),
            level.on_hand,
        )
    if change.set_to is not None:
        return Move(slot, change.set_to - level.on_hand, MovementKind.COUNT)
    delta = change.delta or 0
    flaw = _delta_flaw(delta, level, held, (*path, "change", "delta"))
    return Move(slot, delta, MovementKind.ADJUSTMENT) if flaw is None else flaw


def _delta_flaw(delta: int, level: Any, held: int, path: tuple[str, ...]) -> Problem | None:
    available = max(level.on_hand - level.reserved - held, 0)
    if delta < 0 and available + delta < 0:
        return InsufficientStock(f"Only {available} are available.", path, available)
    if level.on_hand + delta > MAX_ON_HAND:
        return Invalid(f"There can be at most {MAX_ON_HAND} units.", path)
    return None


def changes_flaw(changes: Sequence[StockChange]) -> Invalid | None:
    """The first change that no level could take, its path starting at ("changes", index)."""
    if not changes:
        return Invalid("Name at least one change.", ("changes",))
    for place, change in enumerate(changes):
        path = ("changes", str(place), "change")
        if change.set_to is not None and not 0 <= change.set_to <= MAX_ON_HAND:
            return Invalid(COUNTED, (*path, "set_to"))
        if change.delta is not None and not 0 < abs(change.delta) <= MAX_ON_HAND:
            return Invalid("Stock moves by 1 unit or more.", (*path, "delta"))
    return None


def counts_flaw(counts: Sequence[StockCount]) -> Invalid | None:
    """The first count that cannot be, its path starting at ("counts", index)."""
    for place, count in enumerate(counts):
        if not 0 <= count.on_hand <= MAX_ON_HAND:
            return Invalid(COUNTED, ("counts", str(place), "on_hand"))
    return None


def note_flaw(note: Note) -> Invalid | None:
    for name in ("reason", "reference"):
        if len(getattr(note, name)) > MAX_TEXT:
            return Invalid(f"This must have at most {MAX_TEXT} characters.", (name,))
    return None


def repeated(slots: Iterable[Slot]) -> int | None:
    """The place of the first slot that was named before."""
    seen: set[Slot] = set()
    for place, slot in enumerate(slots):
        if slot in seen:
            return place
        seen.add(slot)
    return None


def digest_of(
    changes: Sequence[StockChange], reason: str, kind: MovementKind | None = None
) -> bytes:
    """The same for the same changes, in whatever order, and for nothing else."""
    asked = sorted(repr(change) for change in changes)
    return blake2b(repr((asked, reason, kind)).encode(), digest_size=32).digest()
