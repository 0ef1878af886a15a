"""Ways to narrow a listing down, counted."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Any, Final

from commerce.search.criteria import FacetWanted, ProductWhere
from commerce.search.kinds import FacetKind

MAX_NAMES: Final = 10
BY_NAME: Final = (FacetKind.OPTION, FacetKind.ATTRIBUTE)


@dataclass(frozen=True, slots=True)
class FacetValue:
    """`key` is what a filter takes, as text. A range of prices has bounds instead."""

    key: str
    label: str
    count: int
    selected: bool
    low: Decimal | None = None
    high: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Facet:
    """`name` is the option or the attribute's code; the other kinds have none."""

    kind: FacetKind
    name: str
    label: str
    values: tuple[FacetValue, ...]


def facets_of(
    rows: Iterable[Any], wanted: Sequence[FacetWanted], where: ProductWhere
) -> list[Facet]:
    """Facets in the order they are wanted, from a row per value in that order."""
    found = {number: list(group) for number, group in groupby(rows, key=lambda row: row.number)}
    return [
        facet
        for number, each in enumerate(wanted)
        for facet in _facets(each.kind, found.get(number, []), where)
    ]


def _facets(kind: FacetKind, rows: Sequence[Any], where: ProductWhere) -> Iterator[Facet]:
    """One facet, or one for each option or attribute."""
    if kind not in BY_NAME:
        yield Facet(kind, "", kind.value, _values(kind, rows, where))
        return
    names = [list(group) for _, group in groupby(rows, key=lambda row: row.name)]
    for group in names[:MAX_NAMES]:
        first = group[0]
        name = first.name_label if kind is FacetKind.OPTION else first.name
        yield Facet(kind, name, first.name_label, _values(kind, group, where))


def _values(kind: FacetKind, rows: Sequence[Any], where: ProductWhere) -> tuple[FacetValue, ...]:
    return tuple(
        FacetValue(
            row.key, row.label, row.products, is_selected(kind, row, where), row.low, row.high
        )
        for row in rows
    )


def is_selected(kind: FacetKind, row: Any, where: ProductWhere) -> bool:
    """Whether the filter asks for this value."""
    match kind:
        case FacetKind.CATEGORY:
            return any(int(row.key) in (each.ids or ()) for each in where.categories or ())
        case FacetKind.BRAND:
            return int(row.key) in (where.brand_ids or ())
        case FacetKind.AVAILABILITY:
            return where.in_stock is (row.key == "true")
        case FacetKind.PRICE:
            return _within(row, where)
        case FacetKind.OPTION:
            chosen = {(o.name.lower(), v.lower()) for o in where.options or () for v in o.values}
            return (row.name, row.key) in chosen
        case FacetKind.ATTRIBUTE:
            values = {(a.code, v) for a in where.attributes or () for v in a.values or ()}
            return (row.name, row.key) in values


def _within(row: Any, where: ProductWhere) -> bool:
    """Whether a price filter takes the whole range."""
    bounds = where.price
    if bounds is None:
        return False
    return not (
        (bounds.gt is not None and row.low <= bounds.gt)
        or (bounds.gte is not None and row.low < bounds.gte)
        or (bounds.lt is not None and row.high >= bounds.lt)
        or (bounds.lte is not None and row.high > bounds.lte)
    )
