"""One gateway for all dialects, because they share paths: select, find the row, run, shape."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

import structlog
from starlette.responses import Response
from starlette.routing import BaseRoute
from starlette.types import Receive, Scope, Send

from commerce.core.limiter import Allowance, RateLimitedError
from commerce.core.problems import RequestError
from commerce.core.viewer import ANONYMOUS, Viewer
from commerce.rest.answers import allowances, reply_of
from commerce.rest.credentials import authorization, secret_parameters
from commerce.rest.dialects import DIALECTS
from commerce.rest.entrances import entrances, plain, starlette_routes
from commerce.rest.errors import Kind, Refusal, RefusedError, not_found, refusal_of, refuse
from commerce.rest.incoming import Incoming
from commerce.rest.limits import DOCUMENTED, CallLimits, DialectRates, rate_headers
from commerce.rest.operations import prepare_operations
from commerce.rest.parameters import without_nul
from commerce.rest.paths import Match, Table, chosen, methods_of
from commerce.rest.printing import to_json
from commerce.rest.route import Call, Dialect, Doors, Reply
from commerce.rest.selector import Owner, Selector, family_of, names_no_dialect, read_hosts

VARY: Final = "Authorization, X-API-KEY, Accept, X-Api-Dialect, X-Litekart-Store"
# What the server around the gateway refuses, in the words of the tables.
KINDS: Final = {
    HTTPStatus.NOT_FOUND: Kind.NOT_FOUND,
    HTTPStatus.METHOD_NOT_ALLOWED: Kind.METHOD_NOT_ALLOWED,
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

    def proven(self) -> Viewer:
        if self.failure is not None:
            raise self.failure
        return self.viewer


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

    def envelope(self, scope: Scope, status: int, _code: str, message: str) -> Any:
        """How the caller's dialect prints what the server refuses before or around the gateway.

        None for paths that are not ours. No key is looked up.
        """
        path: str = scope["path"]
        if family_of(path) is None and not (path == "/api" or path.startswith("/api/")):
            return None
        name = scope.get(SELECTED) or self._told_without_key(scope)
        kind = KINDS.get(HTTPStatus(status), Kind.BAD_REQUEST)
        refusal = Refusal(kind, message if kind is Kind.BAD_REQUEST else "")
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
            reply = await self._serve(dialect, incoming, calling, scope)
            response = _response(reply, dialect, incoming, calling)
        except Exception as error:
            reply = _refused(dialect, _refusal_of(error))
            response = _response(reply, dialect, incoming, calling)
        await response(scope, receive, send)

    async def _admit(self, dialect: Dialect, incoming: Incoming, calling: Calling) -> None:
        """Find out who calls, and count the call; raises `RateLimitedError` for one too many."""
        try:
            calling.viewer = await self._viewer(dialect, incoming)
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
        self, dialect: Dialect, incoming: Incoming, calling: Calling, scope: Scope
    ) -> Reply:
        matches, match = calling.matches, calling.match
        if not matches or "\0" in incoming.path:
            raise not_found()
        if incoming.method == "OPTIONS":
            return Reply(None, 204, {"Allow": ", ".join(methods_of(matches))})
        if match is None:
            refuse(Kind.METHOD_NOT_ALLOWED, allow=methods_of(matches))
        scope["endpoint"] = self._entrances[plain(match.base + match.route.path)]
        refusal = dialect.check(incoming.headers)
        if refusal is not None:
            raise RefusedError(refusal)
        return await self._run(dialect, match, incoming, calling.proven())

    async def _run(
        self, dialect: Dialect, match: Match, incoming: Incoming, viewer: Viewer
    ) -> Reply:
        query = without_nul(incoming.query.without(*secret_parameters(incoming.path)))
        call = Call(incoming.path, match.params, query, incoming.origin)
        variables = allowances(viewer) | match.route.variables(call)
        operation = self._operations[dialect.name, match.route.operation]
        answer = await self._doors.execute(operation, variables, viewer=viewer, key=incoming.key())
        return reply_of(answer, match.route, call)

    async def _viewer(self, dialect: Dialect, incoming: Incoming) -> Viewer:
        """Who calls. A key that was issued for another dialect is as good as none."""
        credential = dialect.credential(incoming.headers, incoming.query)
        if credential is None:
            refuse(Kind.UNAUTHENTICATED)
        viewer = await self._doors.authenticate(credential, dialect.name)
        if viewer is None or viewer.dialect not in (None, dialect.name):
            refuse(Kind.UNAUTHENTICATED)
        return viewer


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


def _response(reply: Reply, dialect: Dialect, incoming: Incoming, calling: Calling) -> Response:
    """Every answer depends on a key, so none may be kept by anything on the way."""
    headers = {
        "X-Api-Dialect": dialect.name,
        "Vary": VARY,
        "Cache-Control": "no-store",
        **dict(rate_headers(dialect, calling.allowance)),
        **reply.headers,
    }
    if reply.body is None:
        return Response(status_code=reply.status, headers=headers)
    body = to_json(reply.body)
    if incoming.method == "HEAD":
        headers["Content-Length"] = str(len(body))
        body = b""
    return Response(body, reply.status, headers, media_type="application/json")
