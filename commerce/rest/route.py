"""What the tables are made of: calls, routes and dialects. Data alone."""

from collections.abc import Awaitable, Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, tzinfo
from enum import Enum
from typing import Any, Final, Protocol

from starlette.datastructures import Headers

from commerce.core.limiter import Rate, RateLimiter
from commerce.core.viewer import Viewer
from commerce.rest.errors import Refusal
from commerce.rest.fields import Field, ValueKind
from commerce.rest.query import Query

Json = Any
Node = Mapping[str, Any]
NO_QUERY: Final = Query()


class Scheme(Enum):
    BEARER = "bearer"
    BASIC = "basic"
    API_KEY = "api key"
    COOKIE = "cookie"


@dataclass(frozen=True, slots=True)
class Credential:
    """What a caller proves itself with; neither part ever shows in a log or trace.

    `password` is what came beside the key: that of Basic, or the token that shows that a page of
    the shop sent a session's cookie.
    """

    scheme: Scheme
    key: str = field(repr=False)
    password: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Call:
    """A call as input and shape functions see it.

    `path` is as the caller wrote it; `query` holds no credentials; `origin` is the scheme and
    host that links start with. `args` and `body` are what the route's fields made of the query
    and of the body; `sent` the headers and cookies that the route names, by those names. `zone` is
    the shop's where the dialect prints times in it.
    """

    path: str
    params: Mapping[str, str] = field(default_factory=dict)
    query: Query = NO_QUERY
    origin: str = ""
    args: Mapping[str, Any] = field(default_factory=dict)
    body: Any = None
    sent: Mapping[str, str] = field(default_factory=dict)
    zone: tzinfo = UTC

    def url(self, query: Query) -> str:
        """The call's own address with another query."""
        return f"{self.origin}{self.path}?{query}"


@dataclass(frozen=True, slots=True)
class Reply:
    """What a shape answers when a body alone does not say it. A None body is no body."""

    body: Json
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ask:
    """One step of a flow: an operation to run, answered with its field `result`.

    It is asked in the caller's name, or in that of whom `bearer` was issued to, by a step before.
    """

    operation: str
    variables: Mapping[str, Any]
    bearer: str = field(default="", repr=False)


Variables = Callable[[Call], dict[str, Any]]
Shape = Callable[[Any, Call], Json | Reply]
ProblemShape = Callable[[Node], tuple[int, Json]]
# Yields what it asks, is sent the answers (or thrown the `RefusedError` of one), and returns the
# body. As pure as an input and a shape: running it again asks the same of the same answers.
Steps = Generator[Ask, Any, Json | Reply]
# A part of such steps, which returns what the others go on with.
Asking = Generator[Ask, Any, Any]
Flow = Callable[[Call], Steps]


def nothing(_call: Call) -> dict[str, Any]:
    return {}


def itself(node: Any, _call: Call) -> Json:
    return node


@dataclass(frozen=True, slots=True)
class Route:
    """One endpoint.

    `path` is below the dialect's base; `{id}` is any segment, `{id:int}` digits, `{id:prod}`
    digits with or without `prod-`, `{id:cart_}` digits after `cart_`. `operation` names the file
    whose field `result` is shaped. A route with `when` is only meant when one of these query
    parameters is given; it stands before the one without. `seed` is False for what only later
    documents of the dialect have.
    `status` is that of bodies; a shape that answers a `Reply` says its own. Calls of a route with
    a `rate` count for that alone.

    `query` and `body` are read before `variables` is asked; a route without `body` reads none.
    `headers` and `cookies` are those it looks at. `renamed` are the dialect's names of input
    fields that GraphQL's problems name: `{"variants.0.price": "price"}`; others become snake_case.
    A call that takes several operations has a `flow` in place of variables and shape, and names
    the `further` ones, and apart from these those that are asked `seldom`. `about` says in a few
    words what the route is for. A `public` route needs no credential; one that is sent must be
    good all the same. `examples` are of the parameters in
    its path that are neither a number nor any word.
    """

    method: str
    path: str
    operation: str
    variables: Variables = nothing
    shape: Shape = itself
    status: int = 200
    problems: Mapping[str, ProblemShape] = field(default_factory=dict)
    when: tuple[str, ...] = ()
    seed: bool = True
    rate: Rate | None = None
    query: tuple[Field, ...] = ()
    body: ValueKind | None = None
    headers: tuple[str, ...] = ()
    cookies: tuple[str, ...] = ()
    renamed: Mapping[str, str] = field(default_factory=dict)
    flow: Flow | None = None
    further: tuple[str, ...] = ()
    seldom: tuple[str, ...] = ()
    about: str = ""
    public: bool = False
    examples: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def operations(self) -> tuple[str, ...]:
        return (self.operation, *self.further, *self.seldom)


@dataclass(frozen=True, slots=True)
class Absent:
    """A documented endpoint that is answered as not found; `why` is told in the documents."""

    method: str
    path: str
    why: str


@dataclass(frozen=True, slots=True)
class Dialect:
    """One documented API. `bases` are the prefixes it is served under, the documented one first.

    `contested` dialects share unversioned `/api` and are told apart by the selector.
    `check` may refuse a call for what its headers ask for; `wants_sandbox` says of them that
    nothing real shall be done.

    `rate` is the documented one of a key, or of an address without a key, unless an
    `anonymous_rate` is documented too. `tells_rate` says that each answer has headers about it.
    `shop_time` says that its calls know the shop's time zone.
    """

    name: str
    bases: tuple[str, ...]
    credential: Callable[[Headers, Query], Credential | None]
    refusal: Callable[[Refusal], tuple[int, Json]]
    rate: Rate
    routes: tuple[Route, ...] = ()
    contested: bool = True
    challenge: str | None = "Bearer"
    check: Callable[[Headers], Refusal | None] = lambda _headers: None
    anonymous_rate: Rate | None = None
    tells_rate: bool = True
    absent: tuple[Absent, ...] = ()
    wants_sandbox: Callable[[Headers], bool] = lambda _headers: False
    shop_time: bool = False

    def base_of(self, path: str) -> str | None:
        """The longest base that `path` is below, or None."""
        for base in sorted(self.bases, key=len, reverse=True):
            if path == base or path.startswith(base + "/"):
                return base
        return None


class Answer(Protocol):
    """What came of an operation, as GraphQL says it."""

    @property
    def data(self) -> dict[str, Any] | None: ...

    @property
    def errors(self) -> Sequence[Mapping[str, Any]]: ...

    @property
    def replayed(self) -> bool:
        """Whether it was answered before, under the same key."""


class Prepare(Protocol):
    def __call__(self, text: str, /) -> Any:
        """The operation, checked against the schema; raises for one that cannot run."""


class Execute(Protocol):
    def __call__(
        self, operation: Any, variables: dict[str, Any], /, *, viewer: Viewer, key: str | None
    ) -> Awaitable[Answer]:
        """Run a prepared operation; failures are in the answer's errors.

        With an idempotency key a mutation is done once, and answered the same afterwards.
        """


class Authenticate(Protocol):
    def __call__(self, credential: Credential, dialect: str, /) -> Awaitable[Viewer | None]:
        """Who holds this credential; None when it is not good, or not for this dialect."""


class KeyDialect(Protocol):
    def __call__(self, credential: Credential, /) -> Awaitable[str | None]:
        """The dialect the key was issued for, whether or not it is still good; None means any."""


Work = Callable[[], Awaitable[bytes]]


class Once(Protocol):
    def __call__(
        self, viewer: Viewer, key: str, request: bytes, work: Work, /
    ) -> Awaitable[tuple[bytes, bool]]:
        """What `work` answers, or answered when the same caller asked the same under this key; and
        whether it did before. What it raises is not kept."""


async def each_time(_viewer: Viewer, _key: str, _request: bytes, work: Work) -> tuple[bytes, bool]:
    return await work(), False


async def utc() -> tzinfo:
    return UTC


@dataclass(frozen=True, slots=True)
class Doors:
    """All that the gateway knows of the rest of the program. Without a limiter nobody counts.

    `meant` says whether a session's cookie came with its token, from a page of the shop; `zone`
    is the time zone of the shop; `once` does calls of several operations once for each key.
    """

    prepare: Prepare
    execute: Execute
    authenticate: Authenticate
    key_dialect: KeyDialect
    limiter: RateLimiter | None = None
    meant: Callable[[Credential], bool] = lambda _credential: False
    zone: Callable[[], Awaitable[tzinfo]] = utc
    once: Once = each_time
