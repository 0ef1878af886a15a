"""GraphQL without HTTP."""

from functools import cache
from inspect import isawaitable
from typing import Any

import strawberry
from graphql import execute, parse, validate

from commerce.core.clock import Clock
from commerce.core.db import OpenUnit
from commerce.core.paging import Cursors
from commerce.core.viewer import Viewer
from commerce.wiring import Services
from loaders.registry import Loaders
from resolvers.context import Context
from resolvers.schema import build_schema, core_schema
from tests.support.services import PORTS
from tests.support.told import assert_listed, listen


@cache
def schema() -> strawberry.Schema:
    return build_schema()


async def answer(
    open_unit: OpenUnit,
    query: str,
    variables: dict[str, Any] | None,
    viewer: Viewer,
    cursors: Cursors,
    clock: Clock,
) -> dict[str, Any]:
    document = parse(query)
    flaws = validate(core_schema(schema()), document)
    if flaws:
        return {"errors": [flaw.formatted for flaw in flaws]}
    async with open_unit() as uow:
        heard = listen(uow)
        services = Services(uow, viewer, clock, PORTS)
        context = Context(services, Loaders(services.repositories), viewer, cursors)
        result = execute(
            core_schema(schema()), document, context_value=context, variable_values=variables
        )
        done = await result if isawaitable(result) else result
    assert_listed(document, heard)
    return dict(done.formatted)
