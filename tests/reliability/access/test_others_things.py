"""What is somebody else's reads like what is not there, wherever its id is put."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

import pytest

from commerce.core.ids import global_id, parse_global_id
from commerce.core.viewer import PUBLIC, Viewer
from resolvers.refetch import KINDS
from resolvers.schema import core_schema, policies
from tests.reliability.access.conftest import (
    ABSENT,
    EXECUTORS,
    PROBE,
    Actor,
    Caller,
    Cast,
    key_name,
    staff_name,
)
from tests.reliability.access.things import FOR_ALL, FOR_STAFF
from tests.support.graphql import schema
from tests.support.operations import (
    RootField,
    Slot,
    everywhere,
    root_fields,
    selection,
    variables,
)
from tests.support.personal import customers_tables, kind_of

SCHEMA = core_schema(schema())
POLICIES = policies(schema())
ROOTS = {"query": "Query", "mutation": "Mutation"}
FIELDS = list(root_fields(SCHEMA))
# Callers who may see nothing of Ben, and hold nothing that would let them.
STRANGERS = ("anonymous", "guest", "ada", staff_name(frozenset()))
DEPTH = 2
MOVING = {"updatedAt", "expiresAt"}  # with every change of a cart


@dataclass(frozen=True)
class Try:
    """One ID argument of one root field, filled with what is Ben's or what is nobody's."""

    field: RootField
    slot: Slot
    by: str  # which executor


def may(viewer: Viewer) -> Callable[[str, str], bool]:
    """Fields of interfaces, which have no policy of their own, are those of every `Node`."""
    return lambda type_, field: POLICIES.get((type_, field), PUBLIC).allows(viewer)


def open_to(viewer: Viewer) -> Iterator[RootField]:
    for field in FIELDS:
        if POLICIES[ROOTS[field.kind], field.name].allows(viewer):
            yield field


def absent(id_: str) -> str:
    parsed = parse_global_id(id_)
    assert parsed is not None
    return global_id(parsed[0], ABSENT)


@pytest.mark.parametrize("name", STRANGERS)
async def test_what_is_anothers_is_like_what_is_not_there(
    name: str, cast: Cast, calling: Callable[[Actor], Caller], asked: set[str]
) -> None:
    """An ID of a kind that is asked for is tried with Ben's; every other ID with Ada's own."""
    caller = calling(cast.actors[name])
    viewer = caller.actor.viewer
    assert viewer is not None
    told: list[tuple[Try, str]] = []
    tried: set[tuple[str, str]] = set()
    for field in open_to(viewer):
        wanted = {slot: await caller.kinds(field, slot, asked) for slot in field.slots}
        own = {slot: cast.own.get(min(kinds), PROBE) for slot, kinds in wanted.items() if kinds}
        shown = selection(SCHEMA, field.result, may(viewer), DEPTH)
        for slot, asked_for in wanted.items():
            kinds = (asked_for or cast.others.keys()) & cast.others.keys()
            for by, kind in product(EXECUTORS[field.kind], kinds):
                each = Try(field, slot, by)
                theirs = await ask(caller, each, shown, cast.others[kind], own)
                nobodys = await ask(caller, each, shown, absent(cast.others[kind]), own)
                if theirs != nobodys or leaks(theirs, cast):
                    told.append((each, kind))
                tried.add((by, kind))
    assert not told, told
    assert tried >= set(product(EXECUTORS["query"], cast.others.keys()))
    assert caller.executors.answering() == set(EXECUTORS["query"])


def test_whatever_has_an_id_is_somebodys_or_for_staff_or_for_all() -> None:
    people = {kind_of(table) for table in customers_tables()}
    assert set(KINDS) - people == FOR_ALL | FOR_STAFF.keys()


@pytest.mark.parametrize("name", [*STRANGERS, key_name("ecwid")])
async def test_nothing_of_another_is_shown_unasked(
    name: str, cast: Cast, calling: Callable[[Actor], Caller]
) -> None:
    caller = calling(cast.actors[name])
    viewer = caller.actor.viewer
    assert viewer is not None
    seen: dict[str, set[str]] = {by: set() for by in EXECUTORS["query"]}
    for field in open_to(viewer):
        for by in seen if field.kind == "query" else ():
            shown = selection(SCHEMA, field.result, may(viewer), DEPTH)
            given = variables(field, None, "", everywhere(""))
            answer = await caller.send(field, shown, given, by)
            seen[by] |= leaks(answer, cast)
    # The twin that shows what is looked for: who may see Ben does see him.
    assert {bool(words) for words in seen.values()} == {name not in STRANGERS}
    assert caller.executors.answering() == set(EXECUTORS["query"])


async def test_people_see_what_is_known_of_them(
    cast: Cast, calling: Callable[[Actor], Caller]
) -> None:
    caller = calling(cast.actors["ben"])
    viewer = caller.actor.viewer
    assert viewer is not None
    for by, field in product(EXECUTORS["query"], FIELDS):
        if field.id in ("query.me", "query.cart"):
            shown = selection(SCHEMA, field.result, may(viewer), DEPTH)
            assert len(leaks(await caller.send(field, shown, {}, by), cast)) >= 5


async def ask(caller: Caller, each: Try, shown: str, id_: str, own: Mapping[Slot, str]) -> Any:
    """The answer, with the id it was asked with made the same for all."""
    given = variables(each.field, each.slot, id_, lambda slot: own.get(slot, PROBE))
    answer = await caller.send(each.field, shown, given, each.by)
    return masked(answer, id_)


def masked(value: Any, id_: str) -> Any:
    if isinstance(value, dict):
        return {name: masked(part, id_) for name, part in value.items() if name not in MOVING}
    if isinstance(value, list):
        return [masked(part, id_) for part in value]
    return value.replace(id_, "ID") if isinstance(value, str) else value


def leaks(answer: Any, cast: Cast) -> set[str]:
    text = str(answer)
    return {word for word in cast.ben.canaries if word in text}
