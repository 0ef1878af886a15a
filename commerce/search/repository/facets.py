"""Facets: all that are wanted in one statement."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, literal_column, select, union_all

from commerce.core.db import UnitOfWork
from commerce.core.viewer import Viewer
from commerce.search.criteria import FacetWanted, ProductListing
from commerce.search.repository.facet_base import facet_base
from commerce.search.repository.facet_counts import COUNTS

FacetRow = Row[Any]


# Beyond so many products, more would change proportions little and take long.
MOST: Final = 20_000


class FacetRepository:
    """Counts no more than `most` products for any facet."""

    def __init__(self, uow: UnitOfWork, viewer: Viewer, most: int = MOST) -> None:
        self._uow = uow
        self._viewer = viewer
        self._most = most

    async def values(
        self, listing: ProductListing, wanted: Sequence[FacetWanted], at: datetime
    ) -> Sequence[FacetRow]:
        """A row per value, with the `number` of the facet in `wanted`, in the order to show."""
        kinds = {each.kind for each in wanted}
        base = facet_base(listing, self._viewer, at, kinds, self._most)
        counts = []
        for number, each in enumerate(wanted):
            values = COUNTS[each.kind](base, each).subquery()
            counts.append(select(literal_column(str(number)).label("number"), values))
        united = union_all(*counts).subquery()
        order = (united.c.number, united.c.name, united.c.place)
        return await self._uow.rows(select(united).order_by(*order))
