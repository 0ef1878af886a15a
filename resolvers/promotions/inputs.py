"""What a promotion is to be."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

import strawberry

from commerce.core.problems import Problem
from commerce.promotions.rules.checks import hour_of
from resolvers.inputs import given
from resolvers.promotions.conditions import PromotionConditionsInput
from resolvers.promotions.kinds import DiscountOn, PromotionTrigger, Weekday
from resolvers.promotions.selections import FIELDS, GoodsSelectionInput
from resolvers.promotions.values import PromotionValueInput
from resolvers.scalars import CurrencyCode

UNSET: Any = strawberry.UNSET
Values = dict[str, Any]

# The fields that rules call by other names, by theirs.
NAMES: Final[Mapping[str, str]] = {
    "most_off": "max_discount",
    "most_units": "max_units",
    "least_units": "min_units",
    "currency": "currency_code",
}
WORDS: Final[Mapping[str, str]] = {
    **FIELDS,
    **NAMES,
    "groups": "customer_group_ids",
    "shipping_methods": "shipping_method_ids",
}
NULLABLE: Final = (
    "external_id",
    "target",
    "conditions",
    "starts_at",
    "ends_at",
    "first_day",
    "last_day",
    "from_hour",
    "to_hour",
    "max_discount",
    "max_units",
    "min_units",
    "usage_limit",
    "per_customer_limit",
)


def _part(description: str) -> Any:
    return strawberry.field(default=UNSET, description=description)


@strawberry.input(description="The parts of a promotion.")
class PromotionParts:
    description: str | None = _part("What there is to be said of it, such as its conditions.")
    external_id: str | None = _part("Its id in another system, unique.")
    free_shipping: bool | None = _part("Whether shipping is free besides.")
    target: GoodsSelectionInput | None = _part("The goods that become cheaper; null is all.")
    conditions: PromotionConditionsInput | None = _part("What must hold; null is nothing.")
    currency_code: CurrencyCode | None = _part(
        "The currency of its amounts, the store's unless given: it is for carts in it alone."
    )
    starts_at: datetime | None = _part("It applies from this time on; null is always.")
    ends_at: datetime | None = _part("It applies until just before this time; null is for ever.")
    first_day: date | None = _part(
        "In place of `startsAt`: the day of the shop on which it starts."
    )
    last_day: date | None = _part(
        "In place of `endsAt`: the last day of the shop on which it applies, all of it."
    )
    weekdays: list[Weekday] | None = _part("Only on these days of the shop; empty is always.")
    from_hour: str | None = _part("Only from this hour of the shop on: `09:30`.")
    to_hour: str | None = _part("Only until just before this hour of the shop.")
    priority: int | None = _part("Of those that apply, the lowest comes first.")
    exclusive: bool | None = _part("Whether it suffers no other beside it.")
    combinable: bool | None = _part("Whether others may make the same cheaper.")
    max_discount: Decimal | None = _part("It gives no more than this.")
    max_units: int | None = _part("Of its goods only so many units.")
    min_units: int | None = _part("Only from so many units of its goods on.")
    usage_limit: int | None = _part("How often it can be used in all; null is without end.")
    per_customer_limit: int | None = _part("How often each customer can use it.")
    active: bool | None = _part("False pauses it.")


@strawberry.input(description="A code that is added together with its promotion.")
class PromotionCouponInput:
    code: str = strawberry.field(description="What buyers type in, in any case; unique.")
    external_id: str | None = _part("Its id in another system, unique.")
    usage_limit: int | None = _part("How often it can be used; null is without end.")
    expires_at: datetime | None = _part("It unlocks until just before this time.")
    active: bool | None = _part("False pauses it.")


@strawberry.input(description="A new promotion; what is absent is as usual.")
class PromotionCreateInput(PromotionParts):
    name: str = strawberry.field(description="What buyers are told that they get.")
    value: PromotionValueInput = strawberry.field(description="What is given.")
    applies_to: DiscountOn = strawberry.field(
        default=DiscountOn.ORDER, description="What becomes cheaper."
    )
    trigger: PromotionTrigger = strawberry.field(
        default=PromotionTrigger.AUTOMATIC, description="What makes it apply; for good."
    )
    coupon: PromotionCouponInput | None = strawberry.field(
        default=None, description="Its first coupon, for the trigger `COUPON`."
    )

    def coupon_values(self) -> Values | None:
        if self.coupon is None:
            return None
        return given(self.coupon, nullable=("external_id", "usage_limit", "expires_at"))


@strawberry.input(description="Changes to a promotion; what is absent stays.")
class PromotionUpdateInput(PromotionParts):
    id: strawberry.ID = strawberry.field(description="The promotion.")
    name: str | None = _part("What buyers are told that they get.")
    value: PromotionValueInput | None = _part("What is given.")
    applies_to: DiscountOn | None = _part("What becomes cheaper.")
    expected_version: int | None = strawberry.field(
        default=None, description="Change nothing unless the stored version is this one."
    )


def values_of(input_: PromotionParts) -> Values | Problem:
    """What services take of the input."""
    values = given(input_, "id", "expected_version", "coupon", nullable=NULLABLE)
    for ours, theirs in NAMES.items():
        if theirs in values:
            values[ours] = values.pop(theirs)
    if "weekdays" in values:
        values["weekdays"] = sorted({day.value - 1 for day in values["weekdays"]})
    for name, read in READERS.items():
        if name in values:
            values[name] = read(values[name])
            if isinstance(values[name], Problem):
                return named(values[name])
    return values


def named(problem: Problem) -> Problem:
    """The problem with its path in the words of the input."""
    return replace(problem, path=tuple(WORDS.get(part, part) for part in problem.path))


READERS: Final[Mapping[str, Any]] = {
    "value": PromotionValueInput.wanted,
    "target": lambda target: (target or GoodsSelectionInput()).wanted("target"),
    "conditions": lambda asked: (asked or PromotionConditionsInput()).wanted(),
    "from_hour": lambda text: None if text is None else hour_of(text, "from_hour"),
    "to_hour": lambda text: None if text is None else hour_of(text, "to_hour"),
}
