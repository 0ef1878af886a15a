"""What others are told of stock."""

from collections.abc import Iterator, Mapping
from typing import Any

from commerce.core.events import Event, EventType

VARIANT = "ProductVariant"


def told(level: Any, more: int) -> Iterator[Event]:
    """`more` units of a level, which is as it is now, can be sold than before.

    What carts hold is no part of it: it ends by itself, and nothing is written then.
    """
    available = level.on_hand - level.reserved
    where = {
        "location_id": level.location_id,
        "available": available,
        "low_stock_threshold": level.low_stock_threshold,
    }
    place = level.location_id
    units = {"on_hand": level.on_hand, "reserved": level.reserved}
    yield Event(EventType.STOCK_CHANGED, VARIANT, level.variant_id, {**where, **units}, place)
    if level.low_stock_threshold is not None and more:
        data = {**where, "from": available - more}
        yield Event(EventType.STOCK_LOW, VARIANT, level.variant_id, data, place, is_low_now)


def is_low_now(data: Mapping[str, Any]) -> bool:
    """Whether it went from above the threshold to it, or below."""
    threshold: int = data["low_stock_threshold"]
    return bool(data["available"] <= threshold < data["from"])
