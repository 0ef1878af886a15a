"""Calls about stock that first look whether there is what they name."""

from collections.abc import Mapping
from typing import Any, Final

from commerce.core.ids import global_id
from commerce.rest.cartino.inventory import inputs, shapes
from commerce.rest.cartino.products import shapes as products
from commerce.rest.errors import invalid, not_found
from commerce.rest.route import Ask, Call, Steps

ADJUST: Final = "CartinoStockAdjust"
ITEM: Final = "CartinoItem"


def set_level(call: Call) -> Steps:
    """So many more or fewer as are missing: what is sold meanwhile stays sold."""
    level = yield Ask("CartinoLevel", inputs.level(call))
    variant, location = _slot(level)
    asked = call.body.get("location_id", location)
    if asked != location:
        raise invalid("location_id", "must be the location of the level")
    delta = call.body["available"] - level["available"]
    if delta:
        done = yield Ask(ADJUST, inputs.change(variant, location, delta, call.body))
        level = done["stockLevels"][0]
    return shapes.level(level, call)


def adjust_level(call: Call) -> Steps:
    variant, location = _slot((yield Ask("CartinoLevel", inputs.level(call))))
    done = yield Ask(ADJUST, inputs.change(variant, location, call.body["quantity"], call.body))
    return shapes.level(done["stockLevels"][0], call)


def transfer(call: Call) -> Steps:
    """Answers the level that the units leave."""
    id_ = inputs.level(call)
    variant, location = _slot((yield Ask("CartinoLevel", id_)))
    body = call.body
    input_ = {
        "fromLocationId": global_id("StockLocation", location),
        "toLocationId": global_id("StockLocation", body["target_location_id"]),
        "items": [{"variantId": variant, "quantity": body["quantity"]}],
        "reason": body.get("reason") or "",
    }
    yield Ask("CartinoStockTransfer", {"input": input_})
    return shapes.level((yield Ask("CartinoLevel", id_)), call)


def adjust_item(call: Call) -> Steps:
    id_ = inputs.variant(call)
    yield Ask(ITEM, id_)
    where = call.body.get("location_id")
    yield Ask(ADJUST, inputs.change(id_["id"], where, call.body["quantity"], call.body))
    return shapes.item((yield Ask(ITEM, id_)), call)


def adjust_variant(call: Call) -> Steps:
    id_ = inputs.variant(call)
    yield Ask("CartinoVariant", id_)
    where = call.body.get("location_id")
    yield Ask(ADJUST, inputs.change(id_["id"], where, call.body["quantity"], call.body))
    return products.variant((yield Ask("CartinoVariant", id_)), call)


def levels_of_variant(call: Call) -> Steps:
    yield Ask(ITEM, inputs.variant(call))
    return shapes.levels((yield Ask("CartinoLevels", inputs.of_variant(call))), call)


def movements_of_variant(call: Call) -> Steps:
    yield Ask(ITEM, inputs.variant(call))
    return shapes.movements((yield Ask("CartinoMovements", inputs.of_variant(call))), call)


def stock_of_location(call: Call) -> Steps:
    yield Ask("CartinoLocation", inputs.location(call))
    return shapes.levels((yield Ask("CartinoLevels", inputs.of_location(call))), call)


def movements_of_location(call: Call) -> Steps:
    yield Ask("CartinoLocation", inputs.location(call))
    return shapes.movements((yield Ask("CartinoMovements", inputs.of_location(call))), call)


def _slot(level: Mapping[str, Any]) -> tuple[str, int]:
    """The variant's global id and the location's number; of what is archived nothing moves."""
    if not level.get("variant"):
        raise not_found()
    variant, location = level["variant"]["databaseId"], level["location"]["databaseId"]
    return global_id("ProductVariant", variant), location
