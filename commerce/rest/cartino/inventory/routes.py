"""Stock: levels, movements, items (each of them a variant) and locations."""

from typing import Any, Final

from commerce.rest.cartino.envelope import missing
from commerce.rest.cartino.inventory import flows, inputs, shapes
from commerce.rest.cartino.paging import PAGING
from commerce.rest.fields import Field, ValueKind
from commerce.rest.kinds import choice, flag, record, text, whole
from commerce.rest.route import Flow, Route

MAX_UNITS: Final = 1_000_000_000
REASON: Final = Field("reason", text(inputs.MAX_REASON))
LOCATION: Final = Field("location_id", whole(1), about="The default location, if none is named.")
BY: Final = Field(
    "quantity", whole(-MAX_UNITS, MAX_UNITS), required=True, about="Negative takes away."
)
SOME: Final = Field("quantity", whole(1, MAX_UNITS), required=True)
TYPES: Final = ("adjustment", "adjustment_in", "adjustment_out")
NAMES: Final = {
    "changes.0.change.delta": "quantity",
    "changes.0.variantId": "variant_id",
    "changes.0.locationId": "location_id",
    "items.0.quantity": "quantity",
    "items.0.variantId": "variant_id",
    "toLocationId": "target_location_id",
}
MISSING: Final = {"NOT_FOUND": missing(NAMES)}
ADJUST: Final = "CartinoStockAdjust"
LEVEL: Final = "CartinoLevel"
LEVELS: Final = "CartinoLevels"
ITEM: Final = "CartinoItem"


def _list(path: str, operation: str, flow: Flow, first: str, about: str) -> Route:
    """A list that is part of something, which must be there."""
    return Route(
        "GET", path, first, query=PAGING, flow=flow, further=(operation,), seed=False, about=about
    )


def _change(path: str, first: str, flow: Flow, body: ValueKind, about: str, **more: Any) -> Route:
    further = more.pop("further", (ADJUST,))
    return Route(
        more.pop("method", "POST"),
        path,
        first,
        body=body,
        flow=flow,
        further=further,
        renamed=NAMES | more.pop("names", {}),
        problems=MISSING,
        seed=False,
        about=about,
    )


ROUTES: Final = (
    Route(
        "GET",
        "/inventory/levels",
        LEVELS,
        inputs.levels,
        shapes.levels,
        query=(
            Field("variant_id", whole()),
            Field("location_id", whole()),
            Field("low_stock", flag()),
            *PAGING,
        ),
        seed=False,
        about="Stock by variant and location",
    ),
    _change(
        "/inventory/levels/{id:int}",
        LEVEL,
        flows.set_level,
        record(Field("available", whole(0, MAX_UNITS), required=True), LOCATION, REASON),
        "Say how many units can be bought",
        method="PUT",
        names={"changes.0.change.delta": "available"},
    ),
    Route(
        "POST",
        "/inventory/movements",
        ADJUST,
        inputs.movement,
        shapes.moved,
        status=201,
        body=record(
            Field("variant_id", whole(1), required=True),
            LOCATION,
            BY,
            Field("type", choice(*TYPES)),
            REASON,
        ),
        renamed=NAMES,
        problems=MISSING,
        seed=False,
        about="Add or take units",
    ),
    Route(
        "GET",
        "/inventory-items/{id:int}",
        ITEM,
        inputs.variant,
        shapes.item,
        seed=False,
        about="The stock of a variant",
    ),
    _change(
        "/inventory-items/{id:int}/adjust",
        ITEM,
        flows.adjust_item,
        record(BY, LOCATION, REASON),
        "Add or take units of a variant",
    ),
    Route(
        "POST",
        "/inventory-items/{id:int}/check-availability",
        ITEM,
        inputs.variant,
        shapes.availability,
        body=record(SOME),
        seed=False,
        about="Whether so many units can be bought",
    ),
    _list(
        "/inventory-items/{id:int}/levels",
        LEVELS,
        flows.levels_of_variant,
        ITEM,
        "The stock of a variant by location",
    ),
    _list(
        "/inventory-items/{id:int}/movements",
        "CartinoMovements",
        flows.movements_of_variant,
        ITEM,
        "What moved the stock of a variant, the newest first",
    ),
    _change(
        "/inventory-levels/{id:int}/adjust",
        LEVEL,
        flows.adjust_level,
        record(BY, REASON),
        "Add or take units of a level",
    ),
    _change(
        "/inventory-levels/{id:int}/transfer",
        LEVEL,
        flows.transfer,
        record(Field("target_location_id", whole(1), required=True), SOME, REASON),
        "Move units to another location",
        further=("CartinoStockTransfer",),
    ),
    Route(
        "GET",
        "/locations",
        "CartinoLocations",
        inputs.locations,
        shapes.locations,
        query=(Field("is_active", flag()), *PAGING),
        seed=False,
        about="Places that hold stock",
    ),
    _list(
        "/locations/{id:int}/stock",
        LEVELS,
        flows.stock_of_location,
        "CartinoLocation",
        "The stock at a location",
    ),
    _list(
        "/locations/{id:int}/movements",
        "CartinoMovements",
        flows.movements_of_location,
        "CartinoLocation",
        "What moved stock at a location, the newest first",
    ),
    _change(
        "/variants/{id:int}/inventory/adjust",
        "CartinoVariant",
        flows.adjust_variant,
        record(BY, LOCATION, REASON),
        "Add or take units of a variant",
    ),
    _list(
        "/variants/{id:int}/inventory/levels",
        LEVELS,
        flows.levels_of_variant,
        ITEM,
        "The stock of a variant by location",
    ),
)
