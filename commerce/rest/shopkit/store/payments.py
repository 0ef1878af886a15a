"""Ways to pay, by the names that Shopkit has for them."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final

from commerce.rest.printing import shortest
from commerce.rest.route import Json, Node
from commerce.rest.shopkit.orders.paying import alias_of

ON_DELIVERY: Final = "CASH_ON_DELIVERY"


def payments(methods: Sequence[Node]) -> Json:
    """In the order they are offered. Keys that read no settings see what is on offer alone."""
    return {alias_of(method): _method(method) for method in methods}


def _method(method: Node) -> Json:
    details = method["details"] if isinstance(method["details"], dict) else {}
    surcharge = method["surcharge"]
    value = _number(surcharge and surcharge["value"]) or 0
    return {
        "active": method.get("active", True),
        **details,
        **({"value": value} if method["kind"] == ON_DELIVERY else {}),
        "message": method["instructions"],
        "min_value": _number(method.get("minTotal")),
        "max_value": _number(method.get("maxTotal")),
        "default": method["preselected"],
        "alias": alias_of(method),
        "title": method["name"],
        "image": method["imageUrl"],
    }


def _number(text: Any) -> Decimal | None:
    return None if text is None else shortest(Decimal(text))
