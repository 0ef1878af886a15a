"""Who calls: what the dialect's clients send, and what must not be asked of this server."""

from collections.abc import Awaitable, Callable
from typing import Final

from starlette.types import Scope

from commerce.core.problems import RequestError
from commerce.core.viewer import Viewer
from commerce.rest.errors import Kind, Refusal, RefusedError, refuse
from commerce.rest.incoming import READING, Incoming
from commerce.rest.route import Dialect, Doors, Scheme

PRODUCTION: Final = "This is not the sandbox: nothing was done."
FORGED: Final = "The X-CSRF-TOKEN of the session is missing or wrong."


class UnprovenError(RefusedError):
    """No credential was sent at all."""


class DialectRefusedError(RequestError):
    """A refusal of a dialect, for whoever answers beside the gateway."""

    def __init__(self, refusal: Refusal, status: int) -> None:
        super().__init__(refusal.message)
        self.code = refusal.kind.name  # type: ignore[misc]  # of this refusal alone
        self.status = status  # type: ignore[misc]  # as above


class Callers:
    """`sandbox` says that this server is one: keys and headers that ask for it are welcome."""

    def __init__(self, doors: Doors, *, sandbox: bool = False) -> None:
        self._doors = doors
        self._sandbox = sandbox

    async def viewer(self, dialect: Dialect, incoming: Incoming) -> Viewer:
        """Raises `RefusedError`. A key that was issued for another dialect is as good as none."""
        credential = dialect.credential(incoming.headers, incoming.query)
        if credential is None:
            raise UnprovenError(Refusal(Kind.UNAUTHENTICATED))
        viewer = await self._doors.authenticate(credential, dialect.name)
        if viewer is None or viewer.dialect not in (None, dialect.name):
            refuse(Kind.UNAUTHENTICATED)
        by_cookie = credential.scheme is Scheme.COOKIE
        if by_cookie and incoming.method not in READING and not self._doors.meant(credential):
            refuse(Kind.FORBIDDEN, FORGED)
        return viewer

    def check(self, dialect: Dialect, incoming: Incoming) -> None:
        """Raises `RefusedError` for a version or a server that this one is not."""
        refusal = dialect.check(incoming.headers)
        if refusal is not None:
            raise RefusedError(refusal)
        if dialect.wants_sandbox(incoming.headers) and not self._sandbox:
            refuse(Kind.BAD_REQUEST, PRODUCTION)

    def who(self, dialect: Dialect, public_url: str) -> Callable[[Scope], Awaitable[Viewer]]:
        """The same for what speaks a dialect without being a row of it."""

        async def viewer(scope: Scope) -> Viewer:
            incoming = Incoming.read(scope, public_url)
            try:
                self.check(dialect, incoming)
                return await self.viewer(dialect, incoming)
            except RefusedError as error:
                status, _ = dialect.refusal(error.refusal)
                raise DialectRefusedError(error.refusal, status) from None

        return viewer
