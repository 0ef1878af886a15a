"""When goods can be had: slots to choose from, opening hours, days the shop is closed, and where
they are fetched."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import strawberry

from resolvers.permissions import public
from resolvers.shipping.kinds import SlotPrecision, Weekday


@strawberry.type(description="Days on which nothing is sent, both included.")
class ShippingClosure:
    first: date = public("The first day.")
    last: date = public("The last day.")
    yearly: bool = public("Whether it comes again every year.")

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> "ShippingClosure":
        return cls(
            first=date.fromisoformat(stored["from"]),
            last=date.fromisoformat(stored["to"]),
            yearly=stored["yearly"],
        )


@strawberry.type(description="When the shop is open on a day of the week, in its own time.")
class OpeningHours:
    day: Weekday = public("The day.")
    opens: str = public("From this time on: `08:00`.")
    closes: str = public("Until this time: `18:00`, `24:00`.")


@strawberry.type(description="When customers may choose to get or fetch goods.")
class ShippingSchedule:
    precision: SlotPrecision = public("What is chosen.")
    slot_minutes: int = public("How long a span of time is.")
    preparation_minutes: int = public("How long the shop needs before the first one.")
    days_ahead: int | None = public("How many days ahead can be chosen; null is any.")
    same_day: bool = public("Whether the day of ordering can be chosen.")
    opening_hours: list[OpeningHours] = public("When goods come or are fetched.")

    @classmethod
    def maybe(cls, stored: Mapping[str, Any] | None) -> "ShippingSchedule | None":
        if stored is None:
            return None
        hours = [
            OpeningHours(day=Weekday(one["day"]), opens=one["opens"], closes=one["closes"])
            for one in stored["opening_hours"]
        ]
        precision = SlotPrecision(stored["precision"])
        return cls(**{**stored, "precision": precision, "opening_hours": hours})


@strawberry.type(description="Where customers fetch goods.")
class PickupAddress:
    company: str = public("What it is called.")
    street1: str = public("Street and number.")
    street2: str = public("Whatever else leads there.")
    postal_code: str = public("Postal code.")
    city: str = public("City.")
    region: str = public("The part of its ISO 3166-2 code after the dash, or free text.")
    country: str = public("ISO 3166-1 alpha-2 code.")
    phone: str | None = public("Phone number: `+491701234567`.")

    @classmethod
    def maybe(cls, stored: Mapping[str, Any] | None) -> "PickupAddress | None":
        if stored is None:
            return None
        return cls(**{name: text for name, text in stored.items() if name in cls.__annotations__})


@strawberry.input(description="Days on which nothing is sent, both included.")
class ShippingClosureInput:
    first: date = strawberry.field(description="The first day.")
    last: date = strawberry.field(description="The last day.")
    yearly: bool = strawberry.field(default=False, description="Whether it comes again every year.")


@strawberry.input(description="When the shop is open on a day of the week, in its own time.")
class OpeningHoursInput:
    day: Weekday = strawberry.field(description="The day.")
    opens: str = strawberry.field(description="From this time on: `08:00`.")
    closes: str = strawberry.field(description="Until this time: `18:00`, `24:00`.")


@strawberry.input(description="When customers may choose to get or fetch goods.")
class ShippingScheduleInput:
    precision: SlotPrecision = strawberry.field(
        default=SlotPrecision.SLOT, description="What is chosen."
    )
    slot_minutes: int = strawberry.field(default=60, description="How long a span of time is.")
    preparation_minutes: int = strawberry.field(
        default=0, description="How long the shop needs before the first one."
    )
    days_ahead: int | None = strawberry.field(
        default=None, description="How many days ahead can be chosen; null is any."
    )
    same_day: bool = strawberry.field(
        default=True, description="Whether the day of ordering can be chosen."
    )
    opening_hours: list[OpeningHoursInput] = strawberry.field(
        default_factory=list, description="When goods come or are fetched."
    )


@strawberry.input(description="Where customers fetch goods.")
class PickupAddressInput:
    country: str = strawberry.field(description="ISO 3166-1 alpha-2 code.")
    company: str | None = strawberry.field(default=None, description="What it is called.")
    street1: str | None = strawberry.field(default=None, description="Street and number.")
    street2: str | None = strawberry.field(default=None, description="Whatever else leads there.")
    postal_code: str | None = strawberry.field(default=None, description="Postal code.")
    city: str | None = strawberry.field(default=None, description="City.")
    region: str | None = strawberry.field(default=None, description="Code or name of the region.")
    phone: str | None = strawberry.field(default=None, description="Phone number.")
