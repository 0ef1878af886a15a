"""From the text of an access token to the viewer it stands for."""

from collections.abc import Sequence
from typing import Any, Final

from commerce.core.clock import Clock
from commerce.core.db import OpenUnit
from commerce.core.remembered import Remembered
from commerce.core.viewer import Scope, Viewer, ViewerKind
from commerce.oauth.kinds import GrantType
from commerce.oauth.repository.grants import GrantRepository
from commerce.oauth.rules.credentials import hash_of
from commerce.oauth.rules.scopes import meaning
from commerce.staff.rules.roles import scopes_of_role

REMEMBER_TOKENS: Final = 10_000


class OAuthAuthenticator:
    """Looks tokens up, and remembers each answer for a second."""

    def __init__(self, open_unit: OpenUnit, clock: Clock) -> None:
        self._open_unit = open_unit
        self._clock = clock
        self._known: Remembered[Viewer | None] = Remembered(REMEMBER_TOKENS)

    async def viewer(self, text: str) -> Viewer | None:
        """The client with what it was granted, may have, and whoever let it in may do now."""
        return await self._known.get(text, self._ask)

    async def dialect(self, text: str) -> str | None:
        """The dialect of the token's client; None means any."""
        viewer = await self.viewer(text)
        return None if viewer is None else viewer.dialect

    async def _ask(self, text: str) -> Viewer | None:
        async with self._open_unit() as uow:
            row = await GrantRepository(uow).holder(hash_of(text), self._clock())
        return None if row is None else _viewer(row)


def standing_viewer(rows: Sequence[Any]) -> Viewer | None:
    """A client with what its grants let it do while it shows no token; None without any."""
    if not rows:
        return None
    client = rows[0]
    scopes = frozenset[Scope]()
    if GrantType.CLIENT_CREDENTIALS.value in client.grants:
        scopes = meaning(client.scopes)
    for row in rows:
        if row.staff_id is not None:
            role = scopes_of_role(row.built_in, row.role_scopes)
            scopes |= meaning(row.grant_scopes) & meaning(client.scopes) & role
    return Viewer(ViewerKind.OAUTH_CLIENT, client.id, scopes, client.dialect)


def _viewer(row: Any) -> Viewer:
    scopes = meaning(row.token_scopes) & meaning(row.client_scopes)
    if row.staff_id is not None:
        scopes &= scopes_of_role(row.built_in, row.role_scopes)
    return Viewer(ViewerKind.OAUTH_CLIENT, row.id, scopes, row.dialect)
