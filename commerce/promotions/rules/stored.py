"""Promotions as rows hold them, to and from what the calculation takes.

JSON leaves out what is as usual; decimals are texts, sets are sorted lists.
"""

from collections.abc import Iterable, Mapping
from dataclasses import MISSING, fields, is_dataclass, replace
from datetime import datetime
from decimal import Decimal
from enum import Enum
from typing import Any, Final

from commerce.pricing.rules.promotions import (
    Amount,
    Bundle,
    BuyerKind,
    BuyXGetY,
    Conditions,
    FixedPrice,
    FreeShipping,
    Percent,
    Promotion,
    Schedule,
    Selection,
    Stage,
    Value,
)
from commerce.promotions.kinds import DiscountOn

Json = Mapping[str, Any]

STAGES: Final = {
    DiscountOn.LINES: Stage.LINE,
    DiscountOn.ORDER: Stage.ORDER,
    DiscountOn.SHIPPING: Stage.SHIPPING,
}
VALUES: Final[Mapping[str, type[Any]]] = {
    "percent": Percent,
    "amount": Amount,
    "fixed_price": FixedPrice,
    "buy_x_get_y": BuyXGetY,
    "bundle": Bundle,
    "free_shipping": FreeShipping,
}
KINDS: Final = {type_: kind for kind, type_ in VALUES.items()}
DECIMALS: Final = frozenset({"percent", "amount", "price", "least_subtotal", "most_subtotal"})


def stored_value(value: Value) -> dict[str, Any]:
    return {"kind": KINDS[type(value)], **stored(value)}


def stored(value: Any) -> dict[str, Any]:
    """The fields of a selection, of conditions or of a value that are not as usual."""
    shown: dict[str, Any] = {}
    for field in fields(value):
        held = getattr(value, field.name)
        usual = field.default_factory() if field.default_factory is not MISSING else field.default
        if held != usual:
            shown[field.name] = _plain(held)
    return shown


def value_of(held: Json) -> Value:
    type_ = VALUES[held["kind"]]
    given = {name: _read(name, part) for name, part in held.items() if name != "kind"}
    found: Value = type_(**given)
    return found


def selection_of(held: Json) -> Selection:
    return Selection(**{name: _read(name, part) for name, part in held.items()})


def held_conditions(held: Json) -> Conditions:
    """What JSON holds of conditions: the currency and the schedule are not among it."""
    given = {name: _read(name, part) for name, part in held.items()}
    if "buyers" in given:
        given["buyers"] = BuyerKind(given["buyers"])
    return Conditions(**given)


def conditions_of(row: Any) -> Conditions:
    """With the currency and the schedule, which have columns of their own."""
    held = held_conditions(row.conditions)
    return replace(held, currency=row.currency, schedule=schedule_of(row))


def schedule_of(row: Any) -> Schedule:
    return Schedule(row.starts_at, row.ends_at, frozenset(row.weekdays), row.from_hour, row.to_hour)


def promotion_of(row: Any) -> Promotion:
    """The promotion of a row, unlocked by nothing yet."""
    return Promotion(
        id=row.id,
        name=row.name,
        value=value_of(row.value),
        stage=STAGES[row.applies_to],
        target=selection_of(row.target),
        conditions=conditions_of(row),
        priority=row.priority,
        exclusive=row.exclusive,
        combinable=row.combinable,
        most_off=row.most_off,
        most_units=row.most_units,
        least_units=row.least_units,
        free_shipping=row.free_shipping,
    )


def ending(promotion: Promotion, at: datetime | None) -> Promotion:
    """The promotion, as a coupon unlocks it that expires at that time."""
    schedule = promotion.conditions.schedule
    if at is None or (schedule.ends_at is not None and schedule.ends_at <= at):
        return promotion
    conditions = replace(promotion.conditions, schedule=replace(schedule, ends_at=at))
    return replace(promotion, conditions=conditions)


def _plain(held: Any) -> Any:
    if isinstance(held, Decimal):
        return str(held)
    if isinstance(held, Enum):
        return held.value
    if isinstance(held, Iterable) and not isinstance(held, str):
        return sorted(list(part) if isinstance(part, tuple) else part for part in held)
    return stored(held) if is_dataclass(held) else held


def _read(name: str, held: Any) -> Any:
    if name in DECIMALS:
        return Decimal(held)
    if isinstance(held, list):
        return frozenset(tuple(part) if isinstance(part, list) else part for part in held)
    return selection_of(held) if isinstance(held, dict) else held
