"""Adding, changing and deleting tax zones."""

from decimal import Decimal
from typing import Any

import strawberry

from commerce.core.absent import ABSENT
from commerce.core.problems import Problem
from commerce.core.viewer import Scope
from commerce.taxes.rules.wanted import WantedRate
from commerce.taxes.service.zones import ZoneParts
from resolvers.context import Info
from resolvers.inputs import given
from resolvers.mutations import mutation
from resolvers.nodes import key_of, node_id, require_key
from resolvers.permissions import public
from resolvers.places import AreaInput
from resolvers.problems import UserError, user_error
from resolvers.taxes.zones import TaxZone

WRITE = Scope.WRITE_SETTINGS
UNSET: Any = strawberry.UNSET
NOT_THERE = 0  # a key that no row has


@strawberry.input(description="A tax of a zone. Its name tells it from others on the same class.")
class TaxRateInput:
    name: str = strawberry.field(description="What it is called.")
    percent: Decimal = strawberry.field(
        description="From 0 to 100, with at most 6 decimals, of the net price."
    )
    tax_class_id: strawberry.ID | None = strawberry.field(
        default=None, description="The goods it is on; absent means those of every class."
    )
    compound: bool = strawberry.field(
        default=False, description="Whether it is also on the taxes that come before it."
    )
    applies_to_shipping: bool = strawberry.field(
        default=True, description="Whether shipping that is taxed like the goods bears it."
    )

    def wanted(self) -> WantedRate:
        id_ = self.tax_class_id
        return WantedRate(
            self.name,
            self.percent,
            None if id_ is None else key_of(id_, "TaxClass") or NOT_THERE,
            self.compound,
            self.applies_to_shipping,
        )


@strawberry.input(
    description="A zone to change (by `id` or `name`), or to add when there is none. Areas and"
    " rates are given as a whole; those that are left out stay as they are."
)
class TaxZoneUpsertInput:
    id: strawberry.ID | None = strawberry.field(
        default=None, description="The zone to change; absent, the one with this `name` is."
    )
    name: str | None = strawberry.field(
        default=UNSET, description="What the shop calls it; required for a new zone."
    )
    priority: int | None = strawberry.field(
        default=UNSET,
        description="Of zones that are drawn equally closely around a place the highest wins.",
    )
    areas: list[AreaInput] | None = strawberry.field(
        default=UNSET, description="All that it covers."
    )
    rates: list[TaxRateInput] | None = strawberry.field(
        default=UNSET, description="All its taxes, in order."
    )
    expected_version: int | None = strawberry.field(
        default=None, description="Change nothing unless the stored version is this one."
    )


@strawberry.type(description="The zone as it is now, or why nothing was changed.")
class TaxZoneUpsertPayload:
    tax_zone: TaxZone | None = public("The zone; null with errors.")
    user_errors: list[UserError] = public("Why nothing was changed.")

    @classmethod
    def of(cls, result: Any) -> "TaxZoneUpsertPayload":
        if isinstance(result, Problem):
            return cls(tax_zone=None, user_errors=[user_error(result)])
        return cls(tax_zone=TaxZone.of(result), user_errors=[])


@strawberry.input(description="A tax zone to delete.")
class TaxZoneDeleteInput:
    id: strawberry.ID = strawberry.field(description="The zone.")
    expected_version: int | None = strawberry.field(
        default=None, description="Delete nothing unless the stored version is this one."
    )


@strawberry.type(description="What was deleted, or why nothing was.")
class TaxZoneDeletePayload:
    deleted_id: strawberry.ID | None = public("The id it had; null with errors.")
    user_errors: list[UserError] = public("Why nothing was changed.")

    @classmethod
    def of(cls, result: Any) -> "TaxZoneDeletePayload":
        if isinstance(result, Problem):
            return cls(deleted_id=None, user_errors=[user_error(result)])
        return cls(deleted_id=node_id("TaxZone", result), user_errors=[])


@strawberry.type
class TaxZoneMutations:
    @mutation(WRITE, description="Add a tax zone with its areas and rates, or change one.")
    async def tax_zone_upsert(self, info: Info, input: TaxZoneUpsertInput) -> TaxZoneUpsertPayload:
        id_ = None if input.id is None else require_key(input.id, "TaxZone", "id")
        if isinstance(id_, Problem):
            return TaxZoneUpsertPayload.of(id_)
        values = given(input, "id", "expected_version")
        areas, rates = values.pop("areas", None), values.pop("rates", None)
        parts = ZoneParts(
            ABSENT if areas is None else [area.values() for area in areas],
            ABSENT if rates is None else [rate.wanted() for rate in rates],
        )
        zones = info.context.services.tax_zones
        return TaxZoneUpsertPayload.of(
            await zones.upsert(id_, values, parts, input.expected_version)
        )

    @mutation(WRITE, description="Delete a tax zone.")
    async def tax_zone_delete(self, info: Info, input: TaxZoneDeleteInput) -> TaxZoneDeletePayload:
        id_ = require_key(input.id, "TaxZone", "id")
        if isinstance(id_, Problem):
            return TaxZoneDeletePayload.of(id_)
        zones = info.context.services.tax_zones
        return TaxZoneDeletePayload.of(await zones.delete(id_, input.expected_version))
