"""One call, run: the operations that its route asks for, in the caller's name."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from commerce.core.viewer import Viewer
from commerce.rest.answers import ShapedError, allowances, node_of, reply_of
from commerce.rest.errors import Kind, RefusedError, refuse
from commerce.rest.operations import Operations
from commerce.rest.route import (
    Authenticate,
    Call,
    Credential,
    Execute,
    Json,
    Reply,
    Route,
    Scheme,
    Steps,
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
    replayed: bool = False
    asked: Counter[str] = field(default_factory=Counter)

    async def reply(self, call: Call) -> Reply:
        """Raises `RefusedError`."""
        try:
            flow = self.route.flow
            shaped = await (self._single(call) if flow is None else self._stepped(flow(call)))
        except ShapedError as error:
            return error.reply
        return reply_of(shaped, self.route, replayed=self.replayed)

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
