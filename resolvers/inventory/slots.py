"""From global ids to the keys of levels."""

from commerce.core.problems import Problem
from resolvers.nodes import key_of, require_key

NOTHING = 0  # no row has this key


def slot_of(
    variant_id: str, location_id: str | None, *path: str
) -> tuple[int, int | None] | Problem:
    """The keys of a variant and a location; None stays None, the default location."""
    variant = require_key(variant_id, "ProductVariant", *path, "variant_id")
    if isinstance(variant, Problem):
        return variant
    if location_id is None:
        return variant, None
    location = require_key(location_id, "StockLocation", *path, "location_id")
    return location if isinstance(location, Problem) else (variant, location)


def chosen(id_: str | None, kind: str) -> int | None:
    """The key a filter asks for: another kind's id finds nothing, and None asks for nothing."""
    if id_ is None:
        return None
    key = key_of(id_, kind)
    return NOTHING if key is None else key
