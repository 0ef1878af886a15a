"""Shipping methods: the type and the list."""

from datetime import datetime
from typing import Annotated, Any

import strawberry

from commerce.core.viewer import Scope
from resolvers.connections import After, Before, Connection, First, Last, Paging
from resolvers.context import Info
from resolvers.nodes import Node, key_of, node_id
from resolvers.permissions import public, requires
from resolvers.shipping.kinds import ShippingKind, TableBasis, Weekday
from resolvers.shipping.prices import ShippingPrice
from resolvers.shipping.schedules import PickupAddress, ShippingClosure, ShippingSchedule
from resolvers.shipping.zones import ShippingZone

PLAIN = (
    "code",
    "name",
    "description",
    "kind",
    "local_delivery",
    "table_by",
    "service",
    "min_weight_grams",
    "max_weight_grams",
    "min_quantity",
    "max_quantity",
    "handling_days",
    "min_days",
    "max_days",
    "cut_off",
    "pickup_instructions",
    "position",
    "active",
    "external_id",
    "version",
    "created_at",
    "updated_at",
)


@strawberry.type(description="A way for goods to reach the customer.")
class ShippingMethod(Node):
    zone_id: strawberry.Private[int | None]
    code: str = public("Name for programs, unique.")
    name: str = public("Name for people.")
    description: str = public("What customers are told of it.")
    kind: ShippingKind = public("Where its price comes from.")
    local_delivery: bool = public("Whether the shop brings the goods itself.")
    table_by: TableBasis = public("What the rows of its table are chosen by.")
    service: str = public("What the carrier calls it.")
    min_weight_grams: int | None = public("Not offered for less.")
    max_weight_grams: int | None = public("Not offered for more.")
    min_quantity: int | None = public("Not offered for fewer units.")
    max_quantity: int | None = public("Not offered for more units.")
    customer_group_ids: list[strawberry.ID] = public("Whom it is for; empty is everybody.")
    excluded_product_ids: list[strawberry.ID] = public("Products that cannot be sent so.")
    excluded_category_ids: list[strawberry.ID] = public(
        "Categories whose products cannot be sent so."
    )
    tax_class_id: strawberry.ID | None = public("How its price is taxed; null as shipping is.")
    handling_days: int = public("Business days until goods are sent.")
    min_days: int | None = public("Business days goods are on their way, at least.")
    max_days: int | None = public("Business days goods are on their way, at most.")
    cut_off: str | None = public("Orders from this time of the shop's day on are the next day's.")
    business_days: list[Weekday] = public("Days of the week that count.")
    closures: list[ShippingClosure] = public("Days that do not count.")
    schedule: ShippingSchedule | None = public("What customers may choose from; null is nothing.")
    pickup_address: PickupAddress | None = public("Where customers fetch goods.")
    pickup_instructions: str = public("What they are told for it.")
    position: int = public("Its place among the others, the lowest first.")
    active: bool = public("Whether it is offered at all.")
    external_id: str | None = public("Its id in another system, unique.")
    version: int = public("Counts its changes.")
    created_at: datetime = public("When it was added.")
    updated_at: datetime = public("When it was last changed.")

    @classmethod
    def of(cls, row: Any) -> "ShippingMethod":
        tax_class = row.tax_class_id
        return cls(
            id=node_id("ShippingMethod", row.id),
            database_id=row.id,
            zone_id=row.zone_id,
            customer_group_ids=_ids("CustomerGroup", row.customer_group_ids),
            excluded_product_ids=_ids("Product", row.excluded_product_ids),
            excluded_category_ids=_ids("Category", row.excluded_category_ids),
            tax_class_id=None if tax_class is None else node_id("TaxClass", tax_class),
            business_days=[Weekday(day) for day in row.business_days],
            closures=[ShippingClosure.of(stored) for stored in row.closures],
            schedule=ShippingSchedule.maybe(row.schedule),
            pickup_address=PickupAddress.maybe(row.pickup_address),
            **{name: getattr(row, name) for name in PLAIN},
        )

    @public("The zone it is offered in; null is everywhere.")
    async def zone(self, info: Info) -> ShippingZone | None:
        if self.zone_id is None:
            return None
        row = await info.context.loaders.shipping.zone_by_id.load(self.zone_id)
        return None if row is None else ShippingZone.of(row)

    @public("What it costs, by currency; in others it is not offered.")
    async def prices(self, info: Info) -> list[ShippingPrice]:
        rows = await info.context.loaders.shipping.prices_by_method.load(self.database_id)
        return [ShippingPrice.of(row) for row in rows]


def _ids(kind: str, keys: list[int]) -> list[strawberry.ID]:
    return [node_id(kind, key) for key in keys]


@strawberry.type
class ShippingMethodQueries:
    @requires(Scope.READ_SETTINGS, description="A shipping method by its id.")
    async def shipping_method(
        self, info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="Its id.")]
    ) -> ShippingMethod | None:
        key = key_of(id, "ShippingMethod")
        if key is None:
            return None
        row = await info.context.loaders.shipping.method_by_id.load(key)
        return None if row is None else ShippingMethod.of(row)

    @requires(Scope.READ_SETTINGS, description="Shipping methods, in the order they are offered.")
    async def shipping_methods(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[ShippingMethod]:
        paging = Paging(info, "shipping_methods", first, after, last, before)
        methods = info.context.services.shipping_methods
        return paging.connection(await methods.page(paging.args), ShippingMethod.of, methods.count)
