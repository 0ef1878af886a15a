"""Who may connect, and how many at once."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final
from urllib.parse import urlsplit

from starlette.types import Scope

from commerce.core.callers import network_of
from commerce.core.problems import BadInputError, UnavailableError
from commerce.http.auth import Authenticate, viewer_of
from commerce.http.errors import header
from commerce.http.graphql.subscribe import Who

MOST: Final = 1_000  # open connections of a process
MOST_OF_ONE: Final = 200  # of them from one address
MAX_CREDENTIAL: Final = 600  # characters
AUTHORIZATION: Final = "authorization"
CREDENTIALS: Final = frozenset({AUTHORIZATION, "x-guest-token"})


class Places:
    """Counts the connections that are open in this process."""

    def __init__(self, most: int = MOST, of_one: int = MOST_OF_ONE) -> None:
        self._most = most
        self._of_one = of_one
        self._taken: Counter[str] = Counter()

    @contextmanager
    def taken(self, address: str) -> Iterator[None]:
        """Raises `UnavailableError` when there is none left."""
        network = network_of(address)
        if self._taken.total() >= self._most or self._taken[network] >= self._of_one:
            raise UnavailableError("Too many connections are open.")
        self._taken[network] += 1
        try:
            yield
        finally:
            self._taken[network] -= 1
            if not self._taken[network]:
                del self._taken[network]


def comes_from(scope: Scope, allowed: Collection[str], own: str) -> bool:
    """Whether a connection is opened by no browser, by a page of this server, or of those allowed.

    Browsers let any page open WebSockets to anywhere, and say which one it was. `own` is the
    address clients use, when it is set.
    """
    origin = (header(scope, b"origin") or b"").decode("latin-1")
    if not origin or origin in allowed or "*" in allowed:
        return True
    if own and origin == _origin_of(own):
        return True
    host = (header(scope, b"host") or b"").decode("latin-1").lower()
    return bool(host) and urlsplit(origin).netloc.lower() == host


def _origin_of(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def by_headers(scope: Scope, authenticate: Authenticate) -> Who:
    """Asks anew, each time, who the holder of a request's credentials is."""
    return lambda: viewer_of(scope, authenticate)


def by_payload(scope: Scope, payload: Mapping[str, Any], authenticate: Authenticate) -> Who:
    """The same for credentials that came in the first message, as browsers have no other way.

    They are named like the headers, and take the place of those. Raises `BadInputError`.
    """
    given = {name.lower(): value for name, value in payload.items() if isinstance(name, str)}
    named = {name for name in given if name in CREDENTIALS and given[name] is not None}
    headers = [pair for pair in scope["headers"] if pair[0].decode("latin-1") not in named]
    for name in sorted(named):
        values = given[name] if isinstance(given[name], list) else [given[name]]
        headers += [(name.encode(), _encoded(value)) for value in values]
    return by_headers({**scope, "headers": headers}, authenticate)


def with_guest_tokens(scope: Scope, tokens: Collection[str]) -> Scope:
    """For pages that cannot send headers, as those that use EventSource."""
    added = [(b"x-guest-token", _encoded(token)) for token in tokens]
    return {**scope, "headers": [*scope["headers"], *added]}


def _encoded(value: object) -> bytes:
    if not isinstance(value, str) or not value.isascii() or len(value) > MAX_CREDENTIAL:
        raise BadInputError("Credentials must be texts, as in the headers of the same names.")
    return value.encode()
