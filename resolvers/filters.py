"""What texts, numbers, times and ids must be, in any list's filter. Null counts as absent."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Protocol, TypeVar
from zoneinfo import ZoneInfo

import strawberry

from commerce.core.criteria import Amounts, Ids, TextIs, Times
from commerce.core.days import moments_of
from commerce.core.problems import BadInputError
from resolvers.nodes import key_of

Value = TypeVar("Value")
Asked = TypeVar("Asked")
Wanted = TypeVar("Wanted", covariant=True)


def optional(description: str, **options: Any) -> Any:
    """A field of a filter that asks for nothing when it is absent."""
    return strawberry.field(default=None, description=description, **options)


def one_of(description: str, **options: Any) -> Any:
    """A field of a filter that takes exactly one of its fields."""
    return strawberry.field(default=strawberry.UNSET, description=description, **options)


def given(value: Value | None) -> Value | None:
    return None if value is strawberry.UNSET else value


class Filter(Protocol[Wanted]):
    """A part of a filter, which says what it means."""

    def wanted(self) -> Wanted: ...


def wanted_of(asked: Filter[Wanted] | None) -> Wanted | None:
    return None if asked is None else asked.wanted()


def each_wanted(asked: Iterable[Filter[Wanted]] | None) -> tuple[Wanted, ...] | None:
    return None if asked is None else tuple(each.wanted() for each in asked)


def all_wanted(asked: Iterable[Asked] | None) -> tuple[Asked, ...] | None:
    return None if asked is None else tuple(asked)


@strawberry.input(one_of=True, description="What a text must be: exactly one of these.")
class StringFilter:
    eq: str | None = one_of("This text.")
    in_: list[str] | None = one_of("One of these texts.", name="in")
    contains: str | None = one_of("A text with this in it, whatever the case and accents.")
    starts_with: str | None = one_of("A text that starts so, whatever the case and accents.")

    def wanted(self) -> TextIs:
        eq, in_ = given(self.eq), given(self.in_)
        any_of = (eq,) if eq is not None else None if in_ is None else tuple(in_)
        return TextIs(any_of, given(self.contains), given(self.starts_with))


@strawberry.input(one_of=True, description="What an id must be: exactly one of these.")
class IDFilter:
    eq: strawberry.ID | None = one_of("This id.")
    in_: list[strawberry.ID] | None = one_of("One of these ids.", name="in")

    def keys(self, kind: str) -> Ids:
        """The primary keys inside; ids of another type are of nothing."""
        eq = given(self.eq)
        ids = [eq] if eq is not None else given(self.in_) or []
        return tuple(key for id_ in ids if (key := key_of(id_, kind)) is not None)


def keys_wanted(ids: IDFilter | None, kind: str) -> Ids | None:
    return None if ids is None else ids.keys(kind)


@strawberry.input(description="The range a number must be in; every given bound holds.")
class DecimalFilter:
    eq: Decimal | None = optional("This number; alone.")
    gt: Decimal | None = optional("More than this.")
    gte: Decimal | None = optional("This or more.")
    lt: Decimal | None = optional("Less than this.")
    lte: Decimal | None = optional("This or less.")

    def wanted(self) -> Amounts:
        bounds = Amounts(self.gt, self.gte, self.lt, self.lte)
        if self.eq is None:
            return bounds
        if bounds != Amounts():
            raise BadInputError("eq stands alone: use it, or gt, gte, lt and lte.")
        return Amounts(gte=self.eq, lte=self.eq)


@strawberry.input(description="The span a time must be in; every given bound holds.")
class DateTimeFilter:
    gt: datetime | None = optional("After this.")
    gte: datetime | None = optional("At this time or after it.")
    lt: datetime | None = optional("Before this.")
    lte: datetime | None = optional("At this time or before it.")

    def wanted(self) -> Times:
        return Times(self.gt, self.gte, self.lt, self.lte)


@strawberry.input(description="Days of the shop's calendar; every given bound holds.")
class DateFilter:
    eq: date | None = optional("On this day; alone.")
    gte: date | None = optional("On this day or after it.")
    lte: date | None = optional("On this day or before it.")

    def wanted(self, zone: ZoneInfo) -> Times:
        """The moments of those days in the shop's time zone."""
        if self.eq is None:
            return moments_of(self.gte, self.lte, zone)
        if self.gte is not None or self.lte is not None:
            raise BadInputError("eq stands alone: use it, or gte and lte.")
        return moments_of(self.eq, self.eq, zone)
