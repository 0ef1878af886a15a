"""Webhooks in a dialect's words: its tables backwards, from what happened to what is sent."""

from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import tzinfo
from hmac import new as hmac
from typing import Any, Final

from commerce.core.events import EventType
from commerce.core.happened import Happened
from commerce.core.ids import global_id
from commerce.core.viewer import Scope, Viewer, ViewerKind
from commerce.rest.operations import OperationError, operation_text
from commerce.rest.printing import to_json
from commerce.rest.route import Call, Execute, Json, Prepare, utc

RESULT: Final = "result"
TEST: Final = "webhook.test"
# As whom operations read: whoever sets an endpoint up is told all that is told there.
READER: Final = Viewer(
    ViewerKind.SYSTEM,
    scopes=frozenset(
        {
            Scope.READ_CARTS,
            Scope.READ_ORDERS,
            Scope.READ_CUSTOMERS,
            Scope.READ_PRODUCTS,
            Scope.READ_PRICES,
            Scope.READ_STOCK,
        }
    ),
)

Headers = Mapping[str, str]
Zone = Callable[[], Awaitable[tzinfo]]


@dataclass(frozen=True, slots=True)
class Telling:
    """What a shape knows beside the answer of its operation."""

    happened: Happened
    call: Call


def by_id(happened: Happened) -> dict[str, Any]:
    return {"id": global_id(happened.resource_type, happened.resource_id)}


def always(_happened: Happened) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class DialectEvent:
    """One event of a dialect. Without an operation the event itself says all there is to say.

    `when` says of which events of the type it is told.
    """

    event_type: EventType
    public_name: str
    operation: str | None
    shape: Callable[[Any, Telling], Json]
    variables: Callable[[Happened], dict[str, Any]] = by_id
    when: Callable[[Happened], bool] = always


@dataclass(frozen=True, slots=True)
class DialectHooks:
    """What a dialect documents of its webhooks.

    `envelope` makes a body of an event's public name and shape, `sign` the dialect's own headers
    of that name, the body and the secret. `waits` are the seconds between tries. `shop_time` says
    that times are in the shop's time zone.
    """

    dialect: str
    events: tuple[DialectEvent, ...]
    envelope: Callable[[str, Json, Happened], Json]
    sign: Callable[[str, bytes, str], Headers]
    waits: tuple[float, ...]
    answer_within: float = 10.0
    suspends: bool = False
    shop_time: bool = False


def hex_signature(body: bytes, secret: str) -> str:
    """HMAC-SHA256 in lower-case digits, with the secret's text as the key."""
    return hmac(secret.encode(), body, "sha256").hexdigest()


class DialectFormat:
    """Bodies and headers of one dialect. Raises `OperationError` for what cannot run."""

    jitter = 0.0
    personal = True

    def __init__(
        self,
        hooks: DialectHooks,
        prepare: Prepare,
        execute: Execute,
        origin: str,
        zone: Zone = utc,
    ) -> None:
        self._hooks = hooks
        self._execute = execute
        self._call = Call("", origin=origin)
        self._zone = zone if hooks.shop_time else utc
        self._rows = {row.event_type: row for row in hooks.events}
        names = {row.operation for row in hooks.events if row.operation is not None}
        self._operations = {name: _prepared(hooks, name, prepare) for name in sorted(names)}

    @property
    def event_types(self) -> Collection[EventType]:
        return self._rows.keys()

    @property
    def waits(self) -> Sequence[float]:
        return self._hooks.waits

    @property
    def answer_within(self) -> float:
        return self._hooks.answer_within

    @property
    def suspends(self) -> bool:
        return self._hooks.suspends

    async def body(self, happened: Happened) -> bytes | None:
        if happened.type is None:
            return self._enclosed(TEST, {"test": True}, happened)
        row = self._rows.get(happened.type)
        if row is None or not row.when(happened):
            return None
        node = None
        if row.operation is not None:
            node = await self._read(row.operation, row.variables(happened))
            if node is None:
                return None
        call = replace(self._call, zone=await self._zone())
        shaped = row.shape(node, Telling(happened, call))
        return self._enclosed(row.public_name, shaped, happened)

    def headers(self, happened: Happened, body: bytes, secret: str) -> Headers:
        row = None if happened.type is None else self._rows.get(happened.type)
        return self._hooks.sign(TEST if row is None else row.public_name, body, secret)

    def _enclosed(self, name: str, shaped: Json, happened: Happened) -> bytes:
        return to_json(self._hooks.envelope(name, shaped, happened))

    async def _read(self, name: str, variables: dict[str, Any]) -> Any:
        answer = await self._execute(self._operations[name], variables, viewer=READER, key=None)
        if answer.errors or answer.data is None:
            raise OperationError(f"{self._hooks.dialect}/{name}: {answer.errors}")
        return answer.data[RESULT]


def dialect_formats(
    every: Iterable[DialectHooks],
    prepare: Prepare,
    execute: Execute,
    origin: str,
    zone: Zone = utc,
) -> dict[str, DialectFormat]:
    """By dialect."""
    return {hooks.dialect: DialectFormat(hooks, prepare, execute, origin, zone) for hooks in every}


def _prepared(hooks: DialectHooks, name: str, prepare: Prepare) -> Any:
    try:
        return prepare(operation_text(hooks.dialect, name))
    except Exception as error:
        raise OperationError(f"{hooks.dialect}/operations/{name}.graphql: {error}") from error
