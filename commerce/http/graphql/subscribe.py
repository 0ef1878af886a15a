"""Runs subscriptions beside all other operations: each event as if it were a request."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import Any, Final, cast

from graphql import ExecutionResult
from graphql.execution import create_source_event_stream

from commerce.core.limiter import RateLimitedError
from commerce.core.viewer import Viewer
from commerce.http.graphql.documents import Document, Operation
from commerce.http.graphql.errors import RefusedError, refused, shown
from commerce.http.graphql.execute import (
    METHOD_NOT_ALLOWED,
    NO_VARIABLES,
    Answer,
    Executor,
    Variables,
)
from commerce.http.graphql.lean import LeanExecutor
from commerce.http.graphql.requests import GraphQLRequest
from commerce.http.graphql.throttle import Meter, Throttle
from commerce.http.record import RequestRecord, current_record
from resolvers.context import Context, Listening
from resolvers.listening import Happening

# Who is asking, found out anew whenever it is called; raises when the credentials are not good.
Who = Callable[[], Awaitable[Viewer]]
SHORTEST_WAIT: Final = 0.05  # seconds
LONGEST_WAIT: Final = 60.0


@dataclass(frozen=True, slots=True)
class Update:
    """One answer of several; whoever has seen it can go on behind `cursor`."""

    answer: Answer
    cursor: str | None = None


@dataclass(frozen=True, slots=True)
class _Running:
    """A subscription that was admitted."""

    document: Document
    operation: Operation
    variables: Variables
    record: RequestRecord


class LiveExecutor(Executor):
    async def open(
        self,
        request: GraphQLRequest,
        who: Who,
        throttle: Throttle,
        listening: Listening,
        *,
        reading: bool = False,
    ) -> AsyncGenerator[Update, None]:
        """The answers of any operation, as they come; one alone unless it is a subscription.

        Raises a `RequestError` or `RefusedError` before anything is listened to. What it gives
        raises them as well: when the rights end that the operation needs, or what it is about is
        not there any more. `reading` lets no mutation through.
        """
        viewer = await who()
        meter = await throttle.admit(viewer)
        running = self._admitted(request, viewer)
        if not running.operation.is_subscription:
            if reading and not running.operation.is_query:
                raise refused(
                    METHOD_NOT_ALLOWED, "Only queries and subscriptions may use GET.", 405
                )
            return self._once(request, viewer, meter)
        await meter.charge(running.record.cost)
        source = await self._source(running, viewer, listening)
        return self._updates(running, source, who, meter)

    def _admitted(self, request: GraphQLRequest, viewer: Viewer) -> _Running:
        record = current_record() or RequestRecord("")
        record.viewer = viewer.name
        variables = NO_VARIABLES if request.variables is None else request.variables
        document = self._library.find(request.query, viewer)
        operation = document.operation(request.operation_name)
        record.operation, record.stored = operation.name, document.stored
        self._check(document, operation, variables, viewer, record)
        return _Running(document, operation, variables, record)

    async def _once(
        self, request: GraphQLRequest, viewer: Viewer, meter: Meter
    ) -> AsyncGenerator[Update, None]:
        answer = await self.execute(
            request.query,
            request.variables,
            request.operation_name,
            viewer=viewer,
            charge=meter.charge,
        )
        yield Update(await meter.settle(answer))

    def _ready(self, running: _Running, context: Context, root: object = None) -> LeanExecutor:
        document, operation, variables = running.document, running.operation, running.variables
        return self._prepared(LeanExecutor, document, operation, variables, context, root)

    async def _source(
        self, running: _Running, viewer: Viewer, listening: Listening
    ) -> AsyncGenerator[Happening, None]:
        async def work() -> Any:
            async with self._fresh(viewer, running.record) as context:
                prepared = self._ready(running, replace(context, listening=listening))
                found = create_source_event_stream(prepared)
                return await found if isinstance(found, Awaitable) else found

        found = await self._in_time(work(), running.record)
        if isinstance(found, ExecutionResult):
            errors = shown(found.errors or (), running.record.request_id, running.operation.name)
            code = errors[0]["extensions"]["code"]
            raise RefusedError(code, errors, reason=code.lower())
        return cast(AsyncGenerator[Happening, None], found)

    async def _updates(
        self,
        running: _Running,
        source: AsyncGenerator[Happening, None],
        who: Who,
        meter: Meter,
    ) -> AsyncGenerator[Update, None]:
        """Nothing is held while nothing happens. An answer without data is the last one."""
        async with aclosing(source):
            async for happening in source:
                viewer = await who()
                self._check(
                    running.document, running.operation, running.variables, viewer, running.record
                )
                await _paid(meter, running.record.cost)
                answer = await self._shown(running, viewer, happening)
                yield Update(answer, happening.cursor)
                if answer.data is None:
                    return

    async def _shown(self, running: _Running, viewer: Viewer, happening: Happening) -> Answer:
        async def work() -> ExecutionResult:
            async with self._fresh(viewer, running.record) as context:
                prepared = self._ready(running, context, await happening.shown(context))
                found: Any = prepared.execute_operation(serially=False)
                return cast(ExecutionResult, await found if isinstance(found, Awaitable) else found)

        result = await self._in_time(work(), running.record)
        answer = self._answer(result, running.operation, viewer, running.record)
        return replace(answer, extensions={})  # what it cost was the same with the one before


async def _paid(meter: Meter, cost: int) -> None:
    """Take the points of an event, when they are there: events wait, where requests are refused."""
    while True:
        try:
            return await meter.charge(cost)
        except RateLimitedError as error:
            await asyncio.sleep(min(max(error.allowance.retry_after, SHORTEST_WAIT), LONGEST_WAIT))
