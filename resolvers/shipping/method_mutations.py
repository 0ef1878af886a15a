"""Shipping methods: what changes them."""

from dataclasses import asdict
from typing import Any

import strawberry

from commerce.core.problems import NotFound, Problem
from commerce.core.viewer import Scope
from resolvers.context import Info
from resolvers.inputs import given
from resolvers.mutations import mutation
from resolvers.nodes import require_key, require_keys
from resolvers.permissions import public
from resolvers.problems import UserError, user_error
from resolvers.shipping.kinds import ShippingKind, TableBasis, Weekday
from resolvers.shipping.methods import ShippingMethod
from resolvers.shipping.prices import ShippingPriceInput
from resolvers.shipping.schedules import (
    PickupAddressInput,
    ShippingClosureInput,
    ShippingScheduleInput,
)

UNSET: Any = strawberry.UNSET
WRITE = Scope.WRITE_SETTINGS
NULLABLE = (
    "zone_id",
    "tax_class_id",
    "min_weight_grams",
    "max_weight_grams",
    "min_quantity",
    "max_quantity",
    "min_days",
    "max_days",
    "cut_off",
    "schedule",
    "pickup_address",
    "external_id",
)
ONE = {"zone_id": "ShippingZone", "tax_class_id": "TaxClass"}
SEVERAL = {
    "customer_group_ids": "CustomerGroup",
    "excluded_product_ids": "Product",
    "excluded_category_ids": "Category",
}


def _optional(description: str) -> Any:
    return strawberry.field(default=UNSET, description=description)


@strawberry.input(
    description="A method to change (by `id`, `externalId` or `code`), or to add when there is"
    " none."
)
class ShippingMethodUpsertInput:
    id: strawberry.ID | None = strawberry.field(
        default=None,
        description="The method to change; absent, the one with this `externalId` is or, without"
        " that too, the one with this `code`.",
    )
    code: str | None = _optional("Name for programs; made of `name` when absent.")
    name: str | None = _optional("Name for people; required for a new method.")
    description: str | None = _optional("What customers are told of it.")
    zone_id: strawberry.ID | None = _optional("The zone it is offered in; null is everywhere.")
    kind: ShippingKind | None = _optional("Where its price comes from; FLAT when absent.")
    prices: list[ShippingPriceInput] | None = _optional(
        "All that it costs; required for a new method, and replaces what it cost before."
    )
    local_delivery: bool | None = _optional("Whether the shop brings the goods itself.")
    table_by: TableBasis | None = _optional("What the rows of its table are chosen by.")
    service: str | None = _optional("What the carrier calls it.")
    min_weight_grams: int | None = _optional("Not offered for less.")
    max_weight_grams: int | None = _optional("Not offered for more.")
    min_quantity: int | None = _optional("Not offered for fewer units.")
    max_quantity: int | None = _optional("Not offered for more units.")
    customer_group_ids: list[strawberry.ID] | None = _optional(
        "Whom it is for; empty is everybody. Visitors count to the built-in group."
    )
    excluded_product_ids: list[strawberry.ID] | None = _optional("Products that cannot be sent so.")
    excluded_category_ids: list[strawberry.ID] | None = _optional(
        "Categories whose products cannot be sent so."
    )
    tax_class_id: strawberry.ID | None = _optional("How its price is taxed; null as shipping is.")
    handling_days: int | None = _optional("Business days until goods are sent.")
    min_days: int | None = _optional("Business days goods are on their way, at least.")
    max_days: int | None = _optional("Business days goods are on their way, at most.")
    cut_off: str | None = _optional(
        "Orders from this time of the shop's day on are the next day's: `14:30`."
    )
    business_days: list[Weekday] | None = _optional(
        "Days of the week that count; Monday to Friday when absent."
    )
    closures: list[ShippingClosureInput] | None = _optional("Days that do not count.")
    schedule: ShippingScheduleInput | None = _optional("What customers may choose from.")
    pickup_address: PickupAddressInput | None = _optional("Where customers fetch goods.")
    pickup_instructions: str | None = _optional("What they are told for it.")
    position: int | None = _optional("Its place among the others, the lowest first.")
    active: bool | None = _optional("Whether it is offered at all.")
    external_id: str | None = _optional("Its id in another system; null forgets it.")
    expected_version: int | None = strawberry.field(
        default=None, description="Change nothing unless the stored version is this one."
    )


@strawberry.type(description="The method as it is now, or why nothing was changed.")
class ShippingMethodUpsertPayload:
    shipping_method: ShippingMethod | None = public("The method; null with errors.")
    user_errors: list[UserError] = public("Why nothing was changed.")

    @classmethod
    def of(cls, result: Any) -> "ShippingMethodUpsertPayload":
        if isinstance(result, Problem):
            return cls(shipping_method=None, user_errors=[user_error(result)])
        return cls(shipping_method=ShippingMethod.of(result), user_errors=[])


@strawberry.input(description="A method to delete. Orders keep what they were sent by.")
class ShippingMethodDeleteInput:
    id: strawberry.ID = strawberry.field(description="The method.")
    expected_version: int | None = strawberry.field(
        default=None, description="Delete nothing unless the stored version is this one."
    )


@strawberry.type(description="What was deleted, or why nothing was.")
class ShippingMethodDeletePayload:
    deleted_id: strawberry.ID | None = public("The id it had; null with errors.")
    user_errors: list[UserError] = public("Why nothing was changed.")

    @classmethod
    def of(cls, id_: str, problem: Problem | None) -> "ShippingMethodDeletePayload":
        if problem is not None:
            return cls(deleted_id=None, user_errors=[user_error(problem)])
        return cls(deleted_id=strawberry.ID(id_), user_errors=[])


@strawberry.type
class ShippingMethodMutations:
    @mutation(WRITE, description="Add a shipping method, or change the given parts of one.")
    async def shipping_method_upsert(
        self, info: Info, input: ShippingMethodUpsertInput
    ) -> ShippingMethodUpsertPayload:
        id_ = None if input.id is None else require_key(input.id, "ShippingMethod", "id")
        if isinstance(id_, Problem):
            return ShippingMethodUpsertPayload.of(id_)
        values = _columns(input)
        if isinstance(values, Problem):
            return ShippingMethodUpsertPayload.of(values)
        prices = values.pop("prices", None)
        methods = info.context.services.shipping_methods
        return ShippingMethodUpsertPayload.of(
            await methods.upsert(id_, values, prices, input.expected_version)
        )

    @mutation(WRITE, description="Delete a shipping method.")
    async def shipping_method_delete(
        self, info: Info, input: ShippingMethodDeleteInput
    ) -> ShippingMethodDeletePayload:
        id_ = require_key(input.id, "ShippingMethod", "id")
        if isinstance(id_, Problem):
            return ShippingMethodDeletePayload.of(input.id, id_)
        methods = info.context.services.shipping_methods
        return ShippingMethodDeletePayload.of(
            input.id, await methods.delete(id_, input.expected_version)
        )


def _columns(input_: ShippingMethodUpsertInput) -> dict[str, Any] | NotFound:
    """What of the method is written."""
    values = given(input_, "id", "expected_version", nullable=NULLABLE)
    for name in ("schedule", "pickup_address"):
        if values.get(name) is not None:
            values[name] = asdict(values[name])
    if "closures" in values:
        values["closures"] = [asdict(closure) for closure in values["closures"]]
    if "prices" in values:
        values["prices"] = [price.values() for price in values["prices"]]
    return _keys(values)


def _keys(values: dict[str, Any]) -> dict[str, Any] | NotFound:
    """Global ids as keys."""
    for name, kind in ONE.items():
        if values.get(name) is not None:
            key = require_key(values[name], kind, name)
            if isinstance(key, NotFound):
                return key
            values[name] = key
    for name, kind in SEVERAL.items():
        if name in values:
            keys = require_keys(values[name], kind, name)
            if isinstance(keys, NotFound):
                return keys
            values[name] = keys
    return values
