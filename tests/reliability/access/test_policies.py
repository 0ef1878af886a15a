"""Every caller meets the policies that the schema declares, on every operation."""

from collections.abc import Callable

import pytest

from commerce.core.viewer import Scope
from resolvers.schema import core_schema, policies
from tests.reliability.access.conftest import (
    EXECUTORS,
    Actor,
    Caller,
    Cast,
    codes,
    names,
    staff_name,
)
from tests.support.graphql import schema
from tests.support.operations import MISSING, everywhere, root_fields, selection, variables

SCHEMA = core_schema(schema())
POLICIES = policies(schema())
FIELDS = list(root_fields(SCHEMA))
REFUSED = {"FORBIDDEN", "UNAUTHENTICATED"}
# Staff with one scope: what is for all is asked by those without any and by those with every one.
NARROW = {staff_name(frozenset({scope})) for scope in Scope}
ROOTS = {"query": "Query", "mutation": "Mutation"}


@pytest.mark.parametrize("name", list(names()))
async def test_a_caller_may_what_the_policies_say(
    name: str, cast: Cast, calling: Callable[[Actor], Caller]
) -> None:
    caller = calling(cast.actors[name])
    viewer = caller.actor.viewer
    found, expected = {}, {}
    for field in FIELDS:
        policy = POLICIES[ROOTS[field.kind], field.name]
        if policy.is_public and name in NARROW:
            continue
        nothing = selection(SCHEMA, field.result, lambda _type, _field: False, 1)
        given = variables(field, None, MISSING, everywhere(MISSING))
        for by in EXECUTORS[field.kind]:
            answer = await caller.send(field, nothing, given, by)
            # Refused whole, before anything ran.
            found[field.id, by] = "data" not in answer and bool(codes(answer) & REFUSED)
            expected[field.id, by] = viewer is None or not policy.allows(viewer)
    assert found == expected


def test_there_is_a_caller_of_each_kind_and_a_field_of_each_policy() -> None:
    kinds = {policy for (type_, _), policy in POLICIES.items() if type_ in ROOTS.values()}
    assert any(policy.is_public for policy in kinds)
    assert any(policy.owner for policy in kinds)
    assert len(list(names())) > 25
    assert len(FIELDS) > 100
