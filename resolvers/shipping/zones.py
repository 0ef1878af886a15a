"""Shipping zones: the type, the list and the mutations."""

from datetime import datetime
from typing import Any

import strawberry

from commerce.core.problems import Problem
from commerce.core.viewer import Scope
from resolvers.connections import After, Before, Connection, First, Last, Paging
from resolvers.context import Info
from resolvers.costs import ListSize
from resolvers.inputs import given
from resolvers.mutations import mutation
from resolvers.nodes import Node, require_key
from resolvers.permissions import public, requires
from resolvers.places import Area, AreaInput
from resolvers.problems import UserError, user_error
from resolvers.rows import FromRow

UNSET: Any = strawberry.UNSET


@strawberry.type(description="Where the same shipping methods are offered.")
class ShippingZone(FromRow, Node):
    name: str = public("What the shop calls it, unique.")
    external_id: str | None = public("Its id in another system, unique.")
    version: int = public("Counts its changes.")
    created_at: datetime = public("When it was added.")
    updated_at: datetime = public("When it was last changed.")

    @public("What it covers.", directives=[ListSize(assumed_size=10)])
    async def areas(self, info: Info) -> list[Area]:
        rows = await info.context.loaders.shipping.areas_by_zone.load(self.database_id)
        return [Area.of(row) for row in rows]


@strawberry.input(
    description="A zone to change (by `id`, `externalId` or `name`), or to add when there is none."
)
class ShippingZoneUpsertInput:
    id: strawberry.ID | None = strawberry.field(
        default=None,
        description="The zone to change; absent, the one with this `externalId` is or, without"
        " that too, the one with this name.",
    )
    name: str | None = strawberry.field(
        default=UNSET, description="What the shop calls it; required for a new zone."
    )
    external_id: str | None = strawberry.field(
        default=UNSET, description="Its id in another system; null forgets it."
    )
    areas: list[AreaInput] | None = strawberry.field(
        default=UNSET, description="All that it covers; replaces what it covered before."
    )
    expected_version: int | None = strawberry.field(
        default=None, description="Change nothing unless the stored version is this one."
    )


@strawberry.type(description="The zone as it is now, or why nothing was changed.")
class ShippingZoneUpsertPayload:
    shipping_zone: ShippingZone | None = public("The zone; null with errors.")
    user_errors: list[UserError] = public("Why nothing was changed.")

    @classmethod
    def of(cls, result: Any) -> "ShippingZoneUpsertPayload":
        if isinstance(result, Problem):
            return cls(shipping_zone=None, user_errors=[user_error(result)])
        return cls(shipping_zone=ShippingZone.of(result), user_errors=[])


@strawberry.input(description="A zone to delete. One that methods are for stays.")
class ShippingZoneDeleteInput:
    id: strawberry.ID = strawberry.field(description="The zone.")
    expected_version: int | None = strawberry.field(
        default=None, description="Delete nothing unless the stored version is this one."
    )


@strawberry.type(description="What was deleted, or why nothing was.")
class ShippingZoneDeletePayload:
    deleted_id: strawberry.ID | None = public("The id it had; null with errors.")
    user_errors: list[UserError] = public("Why nothing was changed.")

    @classmethod
    def of(cls, id_: str, problem: Problem | None) -> "ShippingZoneDeletePayload":
        if problem is not None:
            return cls(deleted_id=None, user_errors=[user_error(problem)])
        return cls(deleted_id=strawberry.ID(id_), user_errors=[])


@strawberry.type
class ShippingZoneQueries:
    @requires(Scope.READ_SETTINGS, description="Shipping zones, by name.")
    async def shipping_zones(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[ShippingZone]:
        paging = Paging(info, "shipping_zones", first, after, last, before)
        zones = info.context.services.shipping_zones
        return paging.connection(await zones.page(paging.args), ShippingZone.of, zones.count)


@strawberry.type
class ShippingZoneMutations:
    @mutation(
        Scope.WRITE_SETTINGS, description="Add a shipping zone, or change the given parts of one."
    )
    async def shipping_zone_upsert(
        self, info: Info, input: ShippingZoneUpsertInput
    ) -> ShippingZoneUpsertPayload:
        id_ = None if input.id is None else require_key(input.id, "ShippingZone", "id")
        if isinstance(id_, Problem):
            return ShippingZoneUpsertPayload.of(id_)
        values = given(input, "id", "expected_version", nullable=("external_id",))
        areas = values.pop("areas", None)
        plain = None if areas is None else [area.values() for area in areas]
        zones = info.context.services.shipping_zones
        return ShippingZoneUpsertPayload.of(
            await zones.upsert(id_, values, plain, input.expected_version)
        )

    @mutation(Scope.WRITE_SETTINGS, description="Delete a shipping zone.")
    async def shipping_zone_delete(
        self, info: Info, input: ShippingZoneDeleteInput
    ) -> ShippingZoneDeletePayload:
        id_ = require_key(input.id, "ShippingZone", "id")
        if isinstance(id_, Problem):
            return ShippingZoneDeletePayload.of(input.id, id_)
        zones = info.context.services.shipping_zones
        return ShippingZoneDeletePayload.of(
            input.id, await zones.delete(id_, input.expected_version)
        )
