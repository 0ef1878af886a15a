"""Facets: all that are wanted in one statement."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, literal_column, select, union_all

from commerce.core.db import UnitOfWork
from commerce.core.viewer import Viewer
from commerce.search.criteria import FacetWanted, ProductListing
from commerce.search.repository.facet_base import facet_base
from commerce.search.repository.facet_counts import COUNTS

FacetRow = Row[Any]


class FacetRepository:
    def __init__(self, uow: UnitOfWork, viewer: Viewer) -> None:
        self._uow = uow
        self._viewer = viewer

    async def values(
        self, listing: ProductListing, wanted: Sequence[FacetWanted], at: datetime
    ) -> Sequence[FacetRow]:
        """A row per value, with the `number` of the facet in `wanted`, in the order to show."""
        base = facet_base(listing, self._viewer, at, {each.kind for each in wanted})
        counts = []
        for number, each in enumerate(wanted):
            values = COUNTS[each.kind](base, each).subquery()
            counts.append(select(literal_column(str(number)).label("number"), values))
        united = union_all(*counts).subquery()
        order = (united.c.number, united.c.name, united.c.place)
        return await self._uow.rows(select(united).order_by(*order))
