"""Tax zones: the type and the list."""

from datetime import datetime
from typing import Annotated

import strawberry

from commerce.core.viewer import Scope
from commerce.taxes.criteria import ZoneWhere
from resolvers.connections import After, Before, Connection, First, Last, Paging, list_scope
from resolvers.context import Info
from resolvers.costs import ListSize
from resolvers.filters import IDFilter, StringFilter, keys_wanted, optional, wanted_of
from resolvers.nodes import Node, key_of
from resolvers.permissions import requires
from resolvers.places import Area
from resolvers.rows import FromRow
from resolvers.taxes.rates import TaxZoneRate

READ = Scope.READ_SETTINGS


@strawberry.type(description="Where the same tax rates hold.")
class TaxZone(FromRow, Node):
    name: str = requires(READ, description="What the shop calls it, unique.")
    priority: int = requires(
        READ, description="Of zones that are drawn equally closely around a place the highest wins."
    )
    version: int = requires(READ, description="Counts its changes.")
    created_at: datetime = requires(READ, description="When it was added.")
    updated_at: datetime = requires(READ, description="When it was last changed.")

    @requires(READ, description="What it covers.", directives=[ListSize(assumed_size=10)])
    async def areas(self, info: Info) -> list[Area]:
        rows = await info.context.loaders.taxes.zone_areas.load(self.database_id)
        return [Area.of(row) for row in rows]

    @requires(
        READ,
        description="Its taxes, in order: compound ones are on those before them, too.",
        directives=[ListSize(assumed_size=5)],
    )
    async def rates(self, info: Info) -> list[TaxZoneRate]:
        rows = await info.context.loaders.taxes.zone_rates.load(self.database_id)
        return [TaxZoneRate.of(row) for row in rows]


@strawberry.input(description="Which tax zones; every given part must hold.")
class TaxZoneWhere:
    id: IDFilter | None = optional("Their id.")
    name: StringFilter | None = optional("Their name.")
    country: str | None = optional("ISO 3166-1 alpha-2 code of a country that an area names.")

    def wanted(self) -> ZoneWhere:
        return ZoneWhere(
            ids=keys_wanted(self.id, "TaxZone"),
            name=wanted_of(self.name),
            country=None if self.country is None else self.country.upper(),
        )


@strawberry.type
class TaxZoneQueries:
    @requires(READ, description="A tax zone by its id.")
    async def tax_zone(
        self, info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="Its id.")]
    ) -> TaxZone | None:
        key = key_of(id, "TaxZone")
        row = None if key is None else await info.context.loaders.taxes.zone_by_id.load(key)
        return None if row is None else TaxZone.of(row)

    @requires(READ, description="Tax zones, the highest priority first, then by age.")
    async def tax_zones(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        where: Annotated[
            TaxZoneWhere | None,
            strawberry.argument(description="Which ones; absent means all."),
        ] = None,
    ) -> Connection[TaxZone]:
        wanted = ZoneWhere() if where is None else where.wanted()
        paging = Paging(info, list_scope("tax_zones", wanted), first, after, last, before)
        zones = info.context.services.tax_zones
        page = await zones.page(wanted, paging.args)
        return paging.connection(page, TaxZone.of, lambda limit: zones.count(wanted, limit))
