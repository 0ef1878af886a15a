"""Facets as GraphQL types."""

from decimal import Decimal

import strawberry

from commerce.search import facets
from commerce.search.criteria import FacetWanted
from resolvers.nodes import node_id
from resolvers.permissions import public
from resolvers.search.kinds import FacetKind

PRICE_RANGES = 5
EVERY_KIND = tuple(
    FacetWanted(kind, limit=PRICE_RANGES) if kind is FacetKind.PRICE else FacetWanted(kind)
    for kind in FacetKind
)
NODES = {FacetKind.CATEGORY: "Category", FacetKind.BRAND: "Brand"}
LABELS = {
    FacetKind.CATEGORY: "Category",
    FacetKind.BRAND: "Brand",
    FacetKind.PRICE: "Price",
    FacetKind.AVAILABILITY: "Availability",
}
AVAILABILITIES = {"true": "In stock", "false": "Out of stock"}


@strawberry.input(description="A way to narrow a search down.")
class FacetInput:
    kind: FacetKind = strawberry.field(description="What it is about.")
    name: str | None = strawberry.field(
        default=None,
        description="The option (`Size`) or the attribute's code; absent means each of them.",
    )
    limit: int = strawberry.field(
        default=20, description="At most this many values, or ranges of prices: 1 to 100."
    )

    def wanted(self) -> FacetWanted:
        return FacetWanted(self.kind, self.name, self.limit)


@strawberry.type(description="A value to narrow a search down by.")
class FacetValue:
    value: str = public(
        "What the filter takes: an id, a text, `true` or `false`; `min..max` for prices."
    )
    label: str = public("What a person reads.")
    count: int = public(
        "How many products it leads to, with the choices of the other facets; of very many, only"
        " the first 20,000 are looked at."
    )
    selected: bool = public("Whether the filter asks for it.")
    min: Decimal | None = public("The lowest price of the range; null for other facets.")
    max: Decimal | None = public("The highest price of the range; null for other facets.")

    @classmethod
    def of(cls, value: facets.FacetValue, kind: FacetKind) -> "FacetValue":
        low, high = _plain(value.low), _plain(value.high)
        shown, label = value.key, value.label
        if kind in NODES:
            shown = node_id(NODES[kind], int(value.key))
        if kind is FacetKind.AVAILABILITY:
            label = AVAILABILITIES[value.key]
        if low is not None and high is not None:
            shown, label = f"{low:f}..{high:f}", f"{low:f} - {high:f}"
        return cls(
            value=shown, label=label, count=value.count, selected=value.selected, min=low, max=high
        )


@strawberry.type(description="One way to narrow a search down.")
class Facet:
    code: str = public("Names it among the facets: `brand`, `option:Size`, `attribute:material`.")
    kind: FacetKind = public("What it is about.")
    label: str = public("What a person reads.")
    values: list[FacetValue] = public("The values, those with the most products first.")

    @classmethod
    def of(cls, facet: facets.Facet) -> "Facet":
        kind = facet.kind
        return cls(
            code=f"{kind.value}:{facet.name}" if facet.name else kind.value,
            kind=kind,
            label=LABELS.get(kind, facet.label),
            values=[FacetValue.of(value, kind) for value in facet.values],
        )


def _plain(amount: Decimal | None) -> Decimal | None:
    """Without the zeros of its column."""
    return None if amount is None else amount.normalize()
