"""One gateway for all dialects, because they share paths: select, find the row, run, shape."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, tzinfo
from http import HTTPStatus
from typing import Any, Final

import structlog
from starlette.routing import BaseRoute
from starlette.types import Receive, Scope, Send

from commerce.core.limiter import Allowance, RateLimitedError
from commerce.core.problems import RequestError
from commerce.core.viewer import ANONYMOUS, Viewer
from commerce.rest.bodies import read_body, read_query, read_sent
from commerce.rest.callers import Callers, UnprovenError
from commerce.rest.credentials import authorization, secret_parameters
from commerce.rest.dialects import DIALECTS
from commerce.rest.entrances import entrances, plain, starlette_routes
from commerce.rest.errors import Kind, Refusal, RefusedError, not_found, refusal_of, refuse
from commerce.rest.incoming import Incoming
from commerce.rest.limits import DOCUMENTED, CallLimits, DialectRates
from commerce.rest.operations import prepare_operations
from commerce.rest.parameters import without_nul
from commerce.rest.paths import Match, Table, chosen, methods_of
from commerce.rest.route import Call, Dialect, Doors, Reply, Route
from commerce.rest.running import Run
from commerce.rest.selector import Owner, Selector, family_of, names_no_dialect, read_hosts
from commerce.rest.sending import response_of

# What the server around the gateway refuses, in the words of the tables.
KINDS: Final = {
    HTTPStatus.UNAUTHORIZED: Kind.UNAUTHENTICATED,
    HTTPStatus.FORBIDDEN: Kind.FORBIDDEN,
    HTTPStatus.NOT_FOUND: Kind.NOT_FOUND,
    HTTPStatus.METHOD_NOT_ALLOWED: Kind.METHOD_NOT_ALLOWED,
    HTTPStatus.NOT_ACCEPTABLE: Kind.NOT_ACCEPTABLE,
    HTTPStatus.TOO_MANY_REQUESTS: Kind.RATE_LIMITED,
    HTTPStatus.INTERNAL_SERVER_ERROR: Kind.INTERNAL,
    HTTPStatus.SERVICE_UNAVAILABLE: Kind.UNAVAILABLE,
}
SELECTED: Final = "commerce.rest.dialect"

log: Final = structlog.get_logger("commerce.rest")


@dataclass(frozen=True, slots=True)
class RestOptions:
    """What the operator sets: see `commerce.settings`."""

    default_dialect: str = "cartino"
    dialect_hosts: Sequence[str] = ()
    public_url: str = ""
    rates: DialectRates = DOCUMENTED
    sandbox: bool = False


@dataclass(slots=True)
class Calling:
    """What has come to light of a call so far.

    Why the caller is nobody is only said where it matters: what is not there is not there for
    anybody.
    """

    matches: Sequence[Match] = ()
    match: Match | None = None
    viewer: Viewer = ANONYMOUS
    failure: Exception | None = None
    allowance: Allowance | None = None

    def proven(self, route: Route) -> Viewer:
        if self.failure is None or (route.public and isinstance(self.failure, UnprovenError)):
            return self.viewer
        raise self.failure


class Gateway:
    """Answers every dialect. Raises `OperationError` for an operation that cannot run."""

    def __init__(
        self,
        doors: Doors,
        options: RestOptions = RestOptions(),
        dialects: Sequence[Dialect] = DIALECTS,
    ) -> None:
        self._doors = doors
        self._limits = CallLimits(doors.limiter, options.rates)
        self._callers = Callers(doors, sandbox=options.sandbox)
        self._public_url = options.public_url
        self._dialects = {dialect.name: dialect for dialect in dialects}
        self._tables = {dialect.name: Table(dialect) for dialect in dialects}
        self._operations = prepare_operations(dialects, doors.prepare)
        self._entrances = entrances(self, dialects)
        hosts = read_hosts(options.dialect_hosts)
        self._selector = Selector(hosts, options.default_dialect, self._owners)

    def routes(self) -> list[BaseRoute]:
        """The gateway in Starlette's tables."""
        return starlette_routes(self, self._entrances)

    def who(self, name: str) -> Callable[[Scope], Awaitable[Viewer]]:
        """Finds who calls what speaks that dialect beside the gateway; raises a `RequestError`."""
        return self._callers.who(self._dialects[name], self._public_url)

    def envelope(
        self, scope: Scope, status: int, _code: str, message: str, retry_after: int | None = None
    ) -> Any:
        """How the caller's dialect prints what the server refuses before or around the gateway.

        None for paths that are not ours. No key is looked up.
        """
        path: str = scope["path"]
        if family_of(path) is None and not (path == "/api" or path.startswith("/api/")):
            return None
        name = scope.get(SELECTED) or self._told_without_key(scope)
        kind = KINDS.get(HTTPStatus(status), Kind.BAD_REQUEST)
        says = kind in (Kind.BAD_REQUEST, Kind.NOT_ACCEPTABLE)
        refusal = Refusal(kind, message if says else "", retry_after=retry_after)
        return self._dialects[name].refusal(refusal)[1]

    def _told_without_key(self, scope: Scope) -> str:
        marks = Incoming.read(scope, self._public_url).marks()
        return self._selector.by_request(marks) or self._selector.by_caller(marks, None)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        incoming = Incoming.read(scope, self._public_url)
        dialect, refusal = await self._select(incoming)
        scope[SELECTED] = dialect.name
        calling = Calling()
        try:
            await self._admit(dialect, incoming, calling)
            if refusal is not None:
                raise RefusedError(refusal)
            reply = await self._serve(dialect, incoming, calling, scope, receive)
            response = response_of(reply, dialect, incoming, calling.allowance)
        except Exception as error:
            reply = _refused(dialect, _refusal_of(error))
            response = response_of(reply, dialect, incoming, calling.allowance)
        await response(scope, receive, send)

    async def _admit(self, dialect: Dialect, incoming: Incoming, calling: Calling) -> None:
        """Find out who calls, and count the call; raises `RateLimitedError` for one too many."""
        try:
            calling.viewer = await self._callers.viewer(dialect, incoming)
        except RateLimitedError as error:
            calling.allowance = error.allowance
            raise
        except Exception as error:
            calling.failure = error
        calling.matches = self._tables[dialect.name].matches(incoming.path)
        calling.match = chosen(calling.matches, incoming.method, incoming.query)
        route = None if calling.match is None else calling.match.route
        found = await self._limits.count(dialect, route, calling.viewer, incoming.address)
        calling.allowance = found
        if found is not None and not found.allowed:
            raise RateLimitedError(found)

    async def _select(self, incoming: Incoming) -> tuple[Dialect, Refusal | None]:
        """The dialect to answer in, and perhaps why it must be a refusal."""
        marks = incoming.marks()
        name, refusal = self._selector.by_request(marks), None
        if name is None:
            known = None
            try:
                known = await self._key_dialect(incoming)
            except Exception as error:
                refusal = _refusal_of(error)
            name = self._selector.by_caller(marks, known)
        if names_no_dialect(marks):
            refusal = Refusal(Kind.BAD_REQUEST, "X-Api-Dialect names no dialect.")
        return self._dialects[name], refusal

    async def _key_dialect(self, incoming: Incoming) -> str | None:
        credential = authorization(incoming.headers)
        if credential is None:
            return None
        name = await self._doors.key_dialect(credential)
        return name if name in self._dialects else None

    def _owners(self, method: str, path: str) -> list[Owner]:
        """Which contestants define this method and path, whatever the query."""
        verb = "GET" if method == "HEAD" else method
        owners = []
        for name, table in self._tables.items():
            found = [match.route for match in table.matches(path) if match.route.method == verb]
            if found and self._dialects[name].contested:
                owners.append(Owner(name, any(route.seed for route in found)))
        return owners

    async def _serve(
        self,
        dialect: Dialect,
        incoming: Incoming,
        calling: Calling,
        scope: Scope,
        receive: Receive,
    ) -> Reply:
        matches, match = calling.matches, calling.match
        if not matches or "\0" in incoming.path:
            raise not_found()
        if incoming.method == "OPTIONS":
            return Reply(None, 204, {"Allow": ", ".join(methods_of(matches))})
        if match is None:
            refuse(Kind.METHOD_NOT_ALLOWED, allow=methods_of(matches))
        scope["endpoint"] = self._entrances[plain(match.base + match.route.path)]
        self._callers.check(dialect, incoming)
        viewer = calling.proven(match.route)
        doors, key = self._doors, incoming.key()
        zone = await doors.zone() if dialect.shop_time else UTC
        call = await _call(match, incoming, receive, zone)
        run = Run(
            dialect.name,
            match.route,
            self._operations,
            doors.execute,
            viewer,
            key,
            doors.authenticate,
            doors.once,
        )
        return await run.reply(call)


async def _call(match: Match, incoming: Incoming, receive: Receive, zone: tzinfo) -> Call:
    """The call, as far as its route reads it. Raises `RefusedError` for what does not fit."""
    route = match.route
    query = without_nul(incoming.query.without(*secret_parameters(incoming.path)))
    return Call(
        incoming.path,
        match.params,
        query,
        incoming.origin,
        read_query(route, query),
        await read_body(route, receive),
        read_sent(route, incoming),
        zone,
    )


def _refusal_of(error: Exception) -> Refusal:
    if isinstance(error, RefusedError):
        return error.refusal
    if isinstance(error, RateLimitedError):
        return Refusal(Kind.RATE_LIMITED, retry_after=error.allowance.retry_seconds)
    if isinstance(error, RequestError):
        return refusal_of(error.code, error.message)
    log.error("rest_failed", exc_info=error)
    return Refusal(Kind.INTERNAL)


def _refused(dialect: Dialect, refusal: Refusal) -> Reply:
    status, body = dialect.refusal(refusal)
    return Reply(body, status, dict(_refusal_headers(dialect, refusal)))


def _refusal_headers(dialect: Dialect, refusal: Refusal) -> Iterable[tuple[str, str]]:
    if refusal.allow:
        yield "Allow", ", ".join(refusal.allow)
    if refusal.retry_after is not None:
        yield "Retry-After", str(refusal.retry_after)
    if refusal.kind is Kind.UNAUTHENTICATED and dialect.challenge:
        yield "WWW-Authenticate", dialect.challenge
