"""Units of lines: which are asked for, and how many there are to ask for. Pure."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from commerce.core.problems import Invalid, NotFound

MAX_UNITS: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class LineUnits:
    """So many units of a line."""

    line_id: int
    quantity: int


def wanted_units(
    wanted: Sequence[LineUnits], lines: Iterable[Any], left: Callable[[Any], int]
) -> dict[int, int] | Invalid | NotFound:
    """Units by line; no `wanted` at all means all that are `left`. Lines named twice add up."""
    known = {line.id: line for line in lines}
    if not wanted:
        every = {line.id: left(line) for line in known.values() if left(line) > 0}
        return every or Invalid("There are no units left.", ("lines",))
    sums: dict[int, int] = {}
    for place, item in enumerate(wanted):
        path = ("lines", str(place))
        if item.line_id not in known:
            return NotFound("The order has no such line.", (*path, "order_line_id"))
        if not 1 <= item.quantity <= MAX_UNITS:
            return Invalid("A quantity is 1 or more.", (*path, "quantity"))
        sums[item.line_id] = sums.get(item.line_id, 0) + item.quantity
        if sums[item.line_id] > left(known[item.line_id]):
            there = left(known[item.line_id])
            return Invalid(f"Only {there} units of the line are left.", (*path, "quantity"))
    return sums


def to_fulfill(line: Any) -> int:
    """Units that are still to be sent."""
    return int(line.quantity - line.canceled - line.fulfilled)


def to_return(line: Any, under_way: Mapping[int, int]) -> int:
    """Units that were sent, and are neither back nor announced."""
    return int(line.fulfilled - line.returned - under_way.get(line.id, 0))
