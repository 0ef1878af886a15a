"""Orders made by hand."""

from collections.abc import Iterable, Sequence
from typing import TypeVar

Item = TypeVar("Item")


def arranged(items: Sequence[Item], chosen: Sequence[Item], start: int) -> list[Item]:
    """`items` with the `chosen` ones together, in their order, from place `start` on.

    The others keep their order around them; a `start` beyond their end means the end.
    """
    moved = set(chosen)
    rest = [item for item in items if item not in moved]
    place = min(max(start, 0), len(rest))
    return [*rest[:place], *chosen, *rest[place:]]


def first_repeated(items: Iterable[Item]) -> int | None:
    """The place of the first item that was there before, or None when all differ."""
    seen: set[Item] = set()
    for place, item in enumerate(items):
        if item in seen:
            return place
        seen.add(item)
    return None
