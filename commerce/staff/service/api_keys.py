"""Issuing, listing and revoking API keys."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from commerce.core.clock import Clock
from commerce.core.problems import Invalid, NotFound, Problem
from commerce.core.viewer import Scope
from commerce.staff.repository.api_keys import ApiKeyRepository, ApiKeyRow
from commerce.staff.rules.api_keys import DIALECTS, hint, new_key

MAX_NAME = 100


@dataclass(frozen=True, slots=True)
class IssuedKey:
    """A new key. `text` is shown this once: only its hash is stored."""

    row: ApiKeyRow
    text: str


class ApiKeyService:
    def __init__(self, keys: ApiKeyRepository, clock: Clock) -> None:
        self._keys = keys
        self._clock = clock

    async def create(
        self,
        name: str,
        scopes: frozenset[Scope],
        dialect: str | None = None,
        expires_at: datetime | None = None,
    ) -> IssuedKey | Problem:
        flaw = self._flaw(name, dialect, expires_at)
        if flaw is not None:
            return flaw
        text, parts = new_key(dialect)
        row = await self._keys.add(
            public_id=parts.public_id,
            secret_sha256=parts.secret_sha256,
            name=name.strip(),
            hint=hint(text),
            scopes=sorted(scope.value for scope in scopes),
            dialect=dialect,
            expires_at=expires_at,
        )
        return IssuedKey(row, text)

    async def every(self) -> Sequence[ApiKeyRow]:
        """The newest first, revoked ones included."""
        return await self._keys.every()

    async def any(self) -> bool:
        return await self._keys.any()

    async def revoke(self, id_: int) -> ApiKeyRow | NotFound:
        """Revoking twice changes nothing more."""
        revoked = await self._keys.revoke(id_, self._clock())
        return NotFound(f"There is no key {id_}.", ("id",)) if revoked is None else revoked

    def _flaw(self, name: str, dialect: str | None, expires_at: datetime | None) -> Invalid | None:
        if not 0 < len(name.strip()) <= MAX_NAME:
            return Invalid(f"A key needs a name of at most {MAX_NAME} characters.", ("name",))
        if dialect is not None and dialect not in DIALECTS:
            return Invalid(f"Dialects are {', '.join(DIALECTS)}.", ("dialect",))
        if expires_at is not None and expires_at <= self._clock():
            return Invalid("A key cannot expire in the past.", ("expires_at",))
        return None
