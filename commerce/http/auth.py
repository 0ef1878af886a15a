"""Who is asking, from the headers of a request."""

import re
from collections.abc import Awaitable, Callable
from typing import Final

from starlette.types import Scope

from commerce.core.problems import UnauthenticatedError
from commerce.core.viewer import ANONYMOUS, Viewer
from commerce.http.guests import with_guest_tokens

# A key or access token to whom it stands for; None for one that is not good (any more).
Authenticate = Callable[[str], Awaitable[Viewer | None]]

BEARER: Final = re.compile(rb"bearer +([A-Za-z0-9._~+/=-]{1,512})", re.IGNORECASE)
CHALLENGE: Final = {"WWW-Authenticate": 'Bearer realm="storegraph"'}


def by_bearer(authenticate: Authenticate) -> Callable[[Scope], Awaitable[Viewer]]:
    """Finds the viewer of a request, as `viewer_of` does."""
    return lambda scope: viewer_of(scope, authenticate)


async def viewer_of(scope: Scope, authenticate: Authenticate) -> Viewer:
    """The viewer of a request; raises `UnauthenticatedError` for credentials that are not good.

    No credentials make an anonymous viewer, bad ones never do: a client that means to be somebody
    must not be answered as nobody. Guest tokens come beside either.
    """
    return with_guest_tokens(await _holder(scope, authenticate), scope)


async def _holder(scope: Scope, authenticate: Authenticate) -> Viewer:
    given = [value for name, value in scope["headers"] if name == b"authorization"]
    if not given:
        return ANONYMOUS
    found = BEARER.fullmatch(given[0].strip()) if len(given) == 1 else None
    if found is None:
        raise UnauthenticatedError("Send the key or access token as Authorization: Bearer KEY.")
    viewer = await authenticate(found.group(1).decode())
    if viewer is None:
        raise UnauthenticatedError("This key or access token is unknown, expired or revoked.")
    return viewer
