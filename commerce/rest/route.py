"""What the tables are made of: calls, routes and dialects. Data alone."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Final, Protocol

from starlette.datastructures import Headers

from commerce.core.limiter import Rate, RateLimiter
from commerce.core.viewer import Viewer
from commerce.rest.errors import Refusal
from commerce.rest.query import Query

Json = Any
Node = Mapping[str, Any]
NO_QUERY: Final = Query()


class Scheme(Enum):
    BEARER = "bearer"
    BASIC = "basic"
    API_KEY = "api key"


@dataclass(frozen=True, slots=True)
class Credential:
    """What a caller proves itself with; neither part ever shows in a log or trace."""

    scheme: Scheme
    key: str = field(repr=False)
    password: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Call:
    """A call as input and shape functions see it.

    `path` is as the caller wrote it; `query` holds no credentials; `origin` is the scheme and
    host that links start with.
    """

    path: str
    params: Mapping[str, str] = field(default_factory=dict)
    query: Query = NO_QUERY
    origin: str = ""

    def url(self, query: Query) -> str:
        """The call's own address with another query."""
        return f"{self.origin}{self.path}?{query}"


@dataclass(frozen=True, slots=True)
class Reply:
    """What a shape answers when a body alone does not say it. A None body is no body."""

    body: Json
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


Variables = Callable[[Call], dict[str, Any]]
Shape = Callable[[Any, Call], Json | Reply]
ProblemShape = Callable[[Node], tuple[int, Json]]


@dataclass(frozen=True, slots=True)
class Route:
    """One endpoint.

    `path` is below the dialect's base; `{id}` is any segment, `{id:int}` digits, `{id:prod}`
    digits with or without `prod-`. `operation` names the file whose field `result` is shaped.
    A route with `when` is only meant when one of these query parameters is given; it stands
    before the one without. `seed` is False for what only later documents of the dialect have.
    `status` is that of bodies; a shape that answers a `Reply` says its own. Calls of a route with
    a `rate` count for that alone.
    """

    method: str
    path: str
    operation: str
    variables: Variables
    shape: Shape
    status: int = 200
    problems: Mapping[str, ProblemShape] = field(default_factory=dict)
    when: tuple[str, ...] = ()
    seed: bool = True
    rate: Rate | None = None


@dataclass(frozen=True, slots=True)
class Dialect:
    """One documented API. `bases` are the prefixes it is served under, the documented one first.

    `contested` dialects share unversioned `/api` and are told apart by the selector.
    `check` may refuse a call for what its headers ask for.

    `rate` is the documented one of a key, or of an address without a key, unless an
    `anonymous_rate` is documented too. `tells_rate` says that each answer has headers about it.
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


@dataclass(frozen=True, slots=True)
class Doors:
    """All that the gateway knows of the rest of the program. Without a limiter nobody counts."""

    prepare: Prepare
    execute: Execute
    authenticate: Authenticate
    key_dialect: KeyDialect
    limiter: RateLimiter | None = None
