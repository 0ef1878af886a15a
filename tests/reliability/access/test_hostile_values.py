"""Values that no honest client sends, in every place of every operation: refused, never a bug.

In full, which takes minutes: COMMERCE_TEST_HOSTILE=1.
"""

import os
from collections.abc import Callable
from typing import Any, Final

from resolvers.schema import core_schema
from tests.reliability.access.conftest import PROBE, Actor, Caller, Cast, key_name
from tests.support.attacks import nested
from tests.support.graphql import schema
from tests.support.operations import Slot, places, root_fields, variables

FIELDS: Final = list(root_fields(core_schema(schema())))
ALL: Final = "COMMERCE_TEST_HOSTILE" in os.environ  # noqa: TID251  # for runs by hand
LONG: Final = "x" * 15_000
HOSTILE: Final[dict[str, tuple[Any, ...]]] = {
    "String": ("\0", "\ud800", LONG, ""),
    "Int": (2**31 - 1, -(2**31)),
    "Decimal": ("1e30", "-1e30", "NaN", "1e-30"),
    "JSON": (nested(60), {"\0": "\0"}, {"a": "\ud800"}, 10**30, [LONG]),
    "DateTime": ("0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999Z"),
    "Date": ("0001-01-01", "9999-12-31"),
}


async def test_no_value_is_more_than_refused(
    cast: Cast, calling: Callable[[Actor], Caller], asked: set[str]
) -> None:
    """By whoever may do everything, to what is there."""
    caller = calling(cast.actors[key_name(None)])
    bugs = []
    for field in FIELDS:
        kinds = {slot: await caller.kinds(field, slot, asked) for slot in field.slots}
        ids = {slot: cast.others.get(min(found), PROBE) for slot, found in kinds.items() if found}
        for number, (place, type_) in enumerate(places(field)):
            for value in hostile(type_, number):
                given = variables(field, place, PROBE, lambda slot: ids.get(slot, PROBE))  # noqa: B023
                put(given, place, value)
                try:
                    await caller.send(field, "{ __typename }", given)
                except AssertionError as bug:
                    bugs.append((field.id, place, value, str(bug)[:200]))
    assert not bugs, bugs


def hostile(type_: str, number: int) -> tuple[Any, ...]:
    """The next of them for each next place; all of them by hand."""
    every = HOSTILE.get(type_, ())
    if ALL or not every:
        return every
    return (every[number % len(every)],)


def put(values: Any, place: Slot, value: Any) -> None:
    """Into the one element of each list on the way."""
    for name in place[:-1]:
        values = values[name]
        values = values[0] if isinstance(values, list) else values
    values[place[-1]] = [value] if isinstance(values[place[-1]], list) else value
