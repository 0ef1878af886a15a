"""One call, run: the operations that its route asks for, in the caller's name."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any

from commerce.core.call import REPLAYED
from commerce.core.viewer import Viewer
from commerce.rest.answers import ShapedError, allowances, node_of, reply_of
from commerce.rest.errors import Kind, RefusedError, refuse
from commerce.rest.operations import Operations
from commerce.rest.repeating import read, request_of, written
from commerce.rest.route import (
    Authenticate,
    Call,
    Credential,
    Execute,
    Json,
    Once,
    Reply,
    Route,
    Scheme,
    Steps,
    each_time,
)


@dataclass(slots=True)
class Run:
    """A route's operations for one caller; `replayed` once any of them was answered before."""

    dialect: str
    route: Route
    operations: Operations
    execute: Execute
    viewer: Viewer
    key: str | None
    authenticate: Authenticate
    once: Once = each_time
    replayed: bool = False
    asked: Counter[str] = field(default_factory=Counter)

    async def reply(self, call: Call) -> Reply:
        """Raises `RefusedError`."""
        try:
            if self.route.flow is None:
                return self._told(reply_of(await self._single(call), self.route))
            return await self._repeatable(self.route.flow(call), call)
        except ShapedError as error:
            return error.reply

    async def _repeatable(self, steps: Steps, call: Call) -> Reply:
        """Sent again under its key, it is answered as it was, whatever its steps would find now."""
        if self.key is None:
            return reply_of(await self._stepped(steps), self.route)

        async def work() -> bytes:
            return written(reply_of(await self._stepped(steps), self.route))

        request = request_of(self.route, call)
        kept, before = await self.once(self.viewer, self.key, request, work)
        self.replayed = self.replayed or before
        return self._told(read(kept))

    def _told(self, reply: Reply) -> Reply:
        if not self.replayed:
            return reply
        return replace(reply, headers={**reply.headers, REPLAYED: "true"})

    async def _single(self, call: Call) -> Json | Reply:
        node = await self._ask(self.route.operation, self.route.variables(call))
        return self.route.shape(node, call)

    async def _stepped(self, steps: Steps) -> Json | Reply:
        """A step that is refused may be caught by the flow, or ends it."""
        try:
            ask = next(steps)
            while True:
                try:
                    node = await self._ask(ask.operation, ask.variables, ask.bearer)
                except RefusedError as error:
                    ask = steps.throw(error)
                else:
                    ask = steps.send(node)
        except StopIteration as end:
            shaped: Json | Reply = end.value
            return shaped

    async def _ask(self, name: str, variables: Mapping[str, Any], bearer: str = "") -> Any:
        operation = self.operations[self.dialect, name]
        viewer = await self._holder(bearer) if bearer else self.viewer
        given = allowances(viewer) | dict(variables)
        answer = await self.execute(operation, given, viewer=viewer, key=self._key(name))
        self.replayed = self.replayed or answer.replayed
        return node_of(answer, self.route)

    async def _holder(self, bearer: str) -> Viewer:
        viewer = await self.authenticate(Credential(Scheme.BEARER, bearer), self.dialect)
        if viewer is None:
            refuse(Kind.UNAUTHENTICATED)
        return viewer

    def _key(self, name: str) -> str | None:
        """The caller's idempotency key for a single operation, one made of it for each of several.

        They are told apart by operation: a flow that is run again may find some of it done.
        """
        if self.key is None or self.route.flow is None:
            return self.key
        self.asked[name] += 1
        return sha256(f"{self.key}\0{name}\0{self.asked[name]}".encode()).hexdigest()
