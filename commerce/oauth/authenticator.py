"""From the text of an access token to the viewer it stands for."""

from dataclasses import dataclass
from time import monotonic
from typing import Any, Final

from commerce.core.clock import Clock
from commerce.core.db import OpenUnit
from commerce.core.viewer import Viewer, ViewerKind
from commerce.oauth.repository.grants import GrantRepository
from commerce.oauth.rules.credentials import hash_of
from commerce.oauth.rules.scopes import meaning
from commerce.staff.rules.roles import scopes_of_role

REMEMBER_SECONDS: Final = 1.0  # what is revoked is refused everywhere within this time
REMEMBER_TOKENS: Final = 10_000


@dataclass(frozen=True, slots=True)
class KnownToken:
    """`viewer` None when the token is not good (any more); `dialect` is its client's."""

    viewer: Viewer | None
    until: float


class OAuthAuthenticator:
    """Looks tokens up, and remembers each answer for a second."""

    def __init__(self, open_unit: OpenUnit, clock: Clock) -> None:
        self._open_unit = open_unit
        self._clock = clock
        self._known: dict[bytes, KnownToken] = {}

    async def viewer(self, text: str) -> Viewer | None:
        """The client with what it was granted, may have, and whoever let it in may do now."""
        digest = hash_of(text)
        known = self._known.get(digest)
        if known is not None and known.until > monotonic():
            return known.viewer
        until = monotonic() + REMEMBER_SECONDS
        async with self._open_unit() as uow:
            row = await GrantRepository(uow).holder(digest, self._clock())
        found = KnownToken(None if row is None else _viewer(row), until)
        if len(self._known) >= REMEMBER_TOKENS:
            self._known.clear()
        self._known[digest] = found
        return found.viewer

    async def dialect(self, text: str) -> str | None:
        """The dialect of the token's client; None means any."""
        viewer = await self.viewer(text)
        return None if viewer is None else viewer.dialect


def _viewer(row: Any) -> Viewer:
    scopes = meaning(row.token_scopes) & meaning(row.client_scopes)
    if row.staff_id is not None:
        scopes &= scopes_of_role(row.built_in, row.role_scopes)
    return Viewer(ViewerKind.OAUTH_CLIENT, row.id, scopes, row.dialect)
