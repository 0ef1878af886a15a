"""From the text of a credential to the viewer it stands for."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from hmac import compare_digest
from typing import Final

from commerce.audit.repository import AuditRepository
from commerce.core.clock import Clock
from commerce.core.db import OpenUnit
from commerce.core.remembered import Remembered
from commerce.core.stamp import Stamp
from commerce.core.viewer import Viewer, ViewerKind
from commerce.staff.repository.api_keys import TOUCH_EVERY, ApiKeyRepository, ApiKeyRow
from commerce.staff.rules.api_keys import KeyParts, dialect_of, is_for, read_key
from commerce.staff.rules.key_states import KeyState, state_of
from commerce.staff.rules.key_terms import scopes_of
from commerce.staff.rules.networks import admits

REMEMBER_KEYS: Final = 1_000
NOBODY: Final = KeyParts("", "")


@dataclass(slots=True)
class KnownKey:
    """What a credential turned out to be: `viewer` None when it is not good (any more).

    `unnoted` is the secret's hash until its use has been written down.
    """

    dialect: str | None
    viewer: Viewer | None = None
    allowed_ips: tuple[str, ...] = ()
    password_sha256: bytes | None = None
    unnoted: bytes | None = None

    def admits(self, address: str, password: str | None) -> bool:
        """Whether the key may be used from here and, where it has a password, with this one."""
        given = sha256((password or "").encode(errors="surrogateescape")).digest()
        fits = self.password_sha256 is None or compare_digest(given, self.password_sha256)
        return fits and admits(self.allowed_ips, address)


def standing_key(row: ApiKeyRow | None, now: datetime) -> Viewer | None:
    """Whom a key stands for while nobody shows it; None when it is not good (any more)."""
    return None if row is None or state_of(row, now) is not KeyState.ACTIVE else _viewer(row)


def _viewer(row: ApiKeyRow) -> Viewer:
    return Viewer(
        ViewerKind.API_KEY,
        row.id,
        scopes_of(row.scopes),
        row.dialect,
        calls_per_minute=row.calls_per_minute,
    )


class Authenticator:
    """Looks keys up, and remembers each answer for a second.

    An unknown key costs the same work as a wrong secret, so that neither can be told apart.
    """

    def __init__(self, open_unit: OpenUnit, clock: Clock, *, sandbox: bool = False) -> None:
        self._sandbox = sandbox
        self._open_unit = open_unit
        self._clock = clock
        self._known: Remembered[KnownKey] = Remembered(REMEMBER_KEYS)
        self._seen: set[tuple[int, str]] = set()

    async def viewer(
        self, text: str, address: str = "", password: str | None = None
    ) -> Viewer | None:
        """Who holds this key; None when it is unknown, wrong, expired, revoked, or not for here.

        `password` is what came beside it; it counts only for a key that has one.
        """
        known = await self._known.get(text, self._ask)
        if known.viewer is None or not known.admits(address, password):
            return None
        await self._note_use(known, known.viewer)
        await self._note_address(known.viewer, address)
        return known.viewer

    async def dialect(self, text: str) -> str | None:
        """The dialect the key was issued for, good or not; by its form when it is unknown."""
        return (await self._known.get(text, self._ask)).dialect

    async def _ask(self, text: str) -> KnownKey:
        parts = read_key(text) if is_for(text, sandbox=self._sandbox) else None
        if parts is None:
            return KnownKey(dialect_of(text))
        async with self._open_unit() as uow:
            row = await ApiKeyRepository(uow).by_public_id(parts.public_id)
        present = NOBODY.secret_sha256 if row is None else row.secret_sha256
        previous = NOBODY.secret_sha256 if row is None else row.previous_sha256
        is_present = compare_digest(parts.secret_sha256, present)
        is_previous = compare_digest(parts.secret_sha256, previous or NOBODY.secret_sha256)
        if row is None or not (is_present or is_previous):
            return KnownKey(dialect_of(text))
        now = self._clock()
        late = not is_present and row.previous_until <= now
        if late or state_of(row, now) is not KeyState.ACTIVE:
            return KnownKey(row.dialect)
        return self._good(row, parts.secret_sha256)

    def _good(self, row: ApiKeyRow, secret_sha256: bytes) -> KnownKey:
        present = secret_sha256 == row.secret_sha256
        stale = row.last_used_at is None or self._clock() - row.last_used_at >= TOUCH_EVERY
        unnoted = stale or (present and row.taken_up_at is None)
        return KnownKey(
            row.dialect,
            _viewer(row),
            tuple(row.allowed_ips),
            row.password_sha256,
            secret_sha256 if unnoted else None,
        )

    async def _note_use(self, known: KnownKey, viewer: Viewer) -> None:
        if known.unnoted is None or viewer.id is None:
            return
        secret, known.unnoted = known.unnoted, None
        async with self._open_unit() as uow:
            await ApiKeyRepository(uow).touch(viewer.id, secret, self._clock())

    async def _note_address(self, viewer: Viewer, address: str) -> None:
        """The audit log knows every address a key was used from, by the first time."""
        if viewer.id is None or not address or (viewer.id, address) in self._seen:
            return
        if len(self._seen) >= REMEMBER_KEYS:
            self._seen.clear()
        self._seen.add((viewer.id, address))
        try:
            async with self._open_unit() as uow:
                uow.stamp = Stamp(viewer.name)
                await AuditRepository(uow, viewer).note_address(viewer.id, address)
        except BaseException:
            self._seen.discard((viewer.id, address))
            raise
