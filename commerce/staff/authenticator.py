"""From the text of a credential to the viewer it stands for."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from hmac import compare_digest
from time import monotonic
from typing import Final

from commerce.core.clock import Clock
from commerce.core.db import OpenUnit
from commerce.core.viewer import Scope, Viewer, ViewerKind
from commerce.staff.repository.api_keys import ApiKeyRepository, ApiKeyRow
from commerce.staff.rules.api_keys import KeyParts, dialect_of, read_key

REMEMBER_SECONDS: Final = 1.0  # a revoked key is refused everywhere within this time
REMEMBER_KEYS: Final = 1_000
TOUCH_EVERY: Final = timedelta(minutes=1)
NOBODY: Final = KeyParts("", "")


@dataclass(frozen=True, slots=True)
class KnownKey:
    """What a credential turned out to be: `viewer` None when it is not good (any more)."""

    viewer: Viewer | None
    dialect: str | None
    until: float


class Authenticator:
    """Looks keys up, and remembers each answer for a second.

    An unknown key costs the same work as a wrong secret, so that neither can be told apart.
    """

    def __init__(self, open_unit: OpenUnit, clock: Clock) -> None:
        self._open_unit = open_unit
        self._clock = clock
        self._known: dict[bytes, KnownKey] = {}

    async def viewer(self, text: str) -> Viewer | None:
        """Who holds this key; None when it is unknown, wrong, expired or revoked."""
        return (await self._lookup(text)).viewer

    async def dialect(self, text: str) -> str | None:
        """The dialect the key was issued for, good or not; by its form when it is unknown."""
        return (await self._lookup(text)).dialect

    async def _lookup(self, text: str) -> KnownKey:
        digest = sha256(text.encode(errors="surrogateescape")).digest()
        known = self._known.get(digest)
        if known is not None and known.until > monotonic():
            return known
        found = await self._ask(text)
        if len(self._known) >= REMEMBER_KEYS:
            self._known.clear()
        self._known[digest] = found
        return found

    async def _ask(self, text: str) -> KnownKey:
        parts = read_key(text)
        until = monotonic() + REMEMBER_SECONDS
        if parts is None:
            return KnownKey(None, dialect_of(text), until)
        async with self._open_unit() as uow:
            keys = ApiKeyRepository(uow)
            row = await keys.by_public_id(parts.public_id)
            expected = NOBODY.secret_sha256 if row is None else row.secret_sha256
            proven = compare_digest(parts.secret_sha256, expected)
            if row is None or not proven:
                return KnownKey(None, dialect_of(text), until)
            if not _good(row, self._clock()):
                return KnownKey(None, row.dialect, until)
            await self._touch(keys, row)
        return KnownKey(_viewer(row), row.dialect, until)

    async def _touch(self, keys: ApiKeyRepository, row: ApiKeyRow) -> None:
        now = self._clock()
        if row.last_used_at is None or now - row.last_used_at >= TOUCH_EVERY:
            await keys.touch(row.id, now)


def _good(row: ApiKeyRow, now: datetime) -> bool:
    return row.revoked_at is None and (row.expires_at is None or row.expires_at > now)


def _viewer(row: ApiKeyRow) -> Viewer:
    known = {scope.value: scope for scope in Scope}
    scopes = frozenset(known[name] for name in row.scopes if name in known)
    return Viewer(ViewerKind.API_KEY, row.id, scopes, row.dialect)
