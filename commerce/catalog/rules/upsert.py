"""Many rows for one product, some of which may be bad."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from commerce.catalog.rules.claims import Claims
from commerce.catalog.rules.tree import ProductTree, Stored, VariantNode, tree_of
from commerce.catalog.rules.variants import put_variants, variant_flaws
from commerce.catalog.rules.wanted import WantedVariant
from commerce.core.problems import Problem

ROWS = "variants"


@dataclass(slots=True)
class Upsert:
    """The product with the good rows in it, the variant of each, and what is wrong with the others.

    `refused` is what is wrong with the product as a whole.
    """

    tree: ProductTree
    nodes: dict[int, VariantNode] = field(default_factory=dict)
    problems: dict[int, list[Problem]] = field(default_factory=dict)
    refused: list[Problem] = field(default_factory=list)


def upserted(
    stored: Stored, rows: Sequence[WantedVariant], claims: Claims, now: datetime
) -> Upsert:
    """Put the rows into the product; those that cannot be are left out, and others tried again.

    A row that fails may have been in the way of another one, or have let it in: what is left is
    always tried on the product as it is stored.
    """
    upsert = Upsert(tree_of(stored, now))
    for place, row in enumerate(rows):
        flaws = variant_flaws(row, ROWS, str(place))
        if flaws:
            upsert.problems[place] = flaws
    while True:
        places = [place for place in range(len(rows)) if place not in upsert.problems]
        upsert.tree = tree_of(stored, now)
        nodes, problems = put_variants(upsert.tree, [rows[place] for place in places])
        problems = problems or list(claims.problems(upsert.tree, nodes))
        if not problems:
            upsert.nodes = dict(zip(places, nodes, strict=True))
            return upsert
        for problem in problems:
            _note(upsert, problem, places)
        if upsert.refused:
            return upsert


def _note(upsert: Upsert, problem: Problem, places: Sequence[int]) -> None:
    """Say it of the row as the caller counts."""
    if len(problem.path) < 2 or problem.path[0] != ROWS:
        upsert.refused.append(problem)
        return
    place = places[int(problem.path[1])]
    named = replace(problem, path=(ROWS, str(place), *problem.path[2:]))
    upsert.problems.setdefault(place, []).append(named)
