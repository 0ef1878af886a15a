"""From what is given of a promotion to what is stored of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from commerce.core.problems import Path
from commerce.pricing.rules.promotions import BuyXGetY, Conditions, Selection, Value
from commerce.promotions.kinds import DiscountOn, PromotionTrigger
from commerce.promotions.rules.stored import (
    held_conditions,
    selection_of,
    stored,
    stored_value,
    value_of,
)

Values = dict[str, Any]

# What a promotion is unless it is said otherwise.
USUAL: Final[Mapping[str, Any]] = {
    "name": "",
    "description": "",
    "external_id": None,
    "trigger": PromotionTrigger.AUTOMATIC,
    "applies_to": DiscountOn.ORDER,
    "currency": None,
    "starts_at": None,
    "ends_at": None,
    "weekdays": [],
    "from_hour": None,
    "to_hour": None,
    "priority": 0,
    "exclusive": False,
    "combinable": True,
    "most_off": None,
    "most_units": None,
    "least_units": None,
    "free_shipping": False,
    "usage_limit": None,
    "per_customer_limit": None,
    "active": True,
}
# Which sets of a selection hold ids of what.
SELECTED: Final[Mapping[str, str]] = {
    "products": "Product",
    "variants": "ProductVariant",
    "categories": "Category",
    "collections": "Collection",
    "brands": "Brand",
    "excluded_products": "Product",
    "excluded_variants": "ProductVariant",
    "excluded_categories": "Category",
    "excluded_brands": "Brand",
}


@dataclass(frozen=True, slots=True)
class Chosen:
    """Ids of one kind that a field names."""

    kind: str
    ids: frozenset[int]
    path: Path


def whole_of(known: Mapping[str, Any], given: Values) -> Values:
    """All values of a promotion: those given, and for the others those known, as stored."""
    held = {
        "value": value_of(known["value"]) if "value" in known else None,
        "target": selection_of(known.get("target", {})),
        "conditions": held_conditions(known.get("conditions", {})),
    }
    return {**known, **held, **given}


def columns_of(whole: Mapping[str, Any]) -> Values:
    """What is written of a whole promotion."""
    columns = {name: whole[name] for name in USUAL}
    return {
        **columns,
        "value": stored_value(whole["value"]),
        "target": stored(whole["target"]),
        "conditions": stored(whole["conditions"]),
    }


def chosen_in(given: Values) -> list[Chosen]:
    found: list[Chosen] = []
    value: Value | None = given.get("value")
    if isinstance(value, BuyXGetY) and value.given is not None:
        found += _chosen_by(value.given, "value", "buy_x_get_y", "given")
    target: Selection | None = given.get("target")
    if target is not None:
        found += _chosen_by(target, "target")
    conditions: Conditions | None = given.get("conditions")
    if conditions is not None:
        found += _chosen_by(conditions.counted, "conditions", "counted")
        found.append(Chosen("CustomerGroup", conditions.groups, ("conditions", "groups")))
    return found


def _chosen_by(selection: Selection, *path: str) -> list[Chosen]:
    found = [
        Chosen(kind, getattr(selection, name), (*path, name)) for name, kind in SELECTED.items()
    ]
    attributes = frozenset(id_ for id_, _ in selection.attributes)
    return [*found, Chosen("Attribute", attributes, (*path, "attributes"))]
