"""Transfers between locations: each unit goes from one level and comes to another."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from commerce.core.problems import Invalid, Problem
from commerce.inventory.rules.stock import MAX_ON_HAND, StockChange


@dataclass(frozen=True, slots=True)
class StockTransfer:
    """`items` are variants and how many of each; a location None means the default one."""

    from_location_id: int | None
    to_location_id: int | None
    items: Sequence[tuple[int, int]]


def transfer_flaw(transfer: StockTransfer) -> Invalid | None:
    if not transfer.items:
        return Invalid("Name at least one item.", ("items",))
    if transfer.from_location_id == transfer.to_location_id:
        return Invalid("Name two locations.", ("to_location_id",))
    for place, (_, quantity) in enumerate(transfer.items):
        if not 0 < quantity <= MAX_ON_HAND:
            return Invalid("Stock moves by 1 unit or more.", ("items", str(place), "quantity"))
    return None


def legs_of(transfer: StockTransfer) -> list[StockChange]:
    """Two changes for each item: it goes, and it comes."""
    return [
        StockChange(variant_id, location_id, delta=delta)
        for variant_id, quantity in transfer.items
        for location_id, delta in (
            (transfer.from_location_id, -quantity),
            (transfer.to_location_id, quantity),
        )
    ]


def of_transfer(problem: Problem) -> Problem:
    """What is wrong with one of `legs_of`, told of the transfer's own input."""
    if problem.path[:1] != ("changes",):
        return problem
    place, field = int(problem.path[1]), problem.path[2:]
    item, comes = divmod(place, 2)
    if field == ("location_id",) or (comes and not field):
        return replace(problem, path=("to_location_id" if comes else "from_location_id",))
    name = "quantity" if field[-1:] == ("delta",) else "variant_id"
    return replace(problem, path=("items", str(item), name))
