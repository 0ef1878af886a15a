"""Issuing, changing, rotating and revoking API keys."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from commerce.core.clock import Clock
from commerce.core.paging import Count, Page, PageArgs
from commerce.core.problems import Invalid, NotFound, Problem
from commerce.core.viewer import SYSTEM, Scope, Viewer, ViewerKind
from commerce.staff.problems import ScopeNotHeld
from commerce.staff.repository.api_keys import ApiKeyRepository, ApiKeyRow
from commerce.staff.rules.api_keys import hint, new_key, new_password
from commerce.staff.rules.key_states import KeyFilter, KeyState
from commerce.staff.rules.key_terms import (
    MAX_OVERLAP_HOURS,
    Bounds,
    KeyTerms,
    bounds_flaw,
    expiry_flaw,
    scopes_of,
    terms_flaw,
    terms_of,
)
from commerce.staff.rules.networks import spelled

OVERLAP_HOURS: Final = 24


@dataclass(frozen=True, slots=True)
class IssuedKey:
    """A new key or secret. `text` and `password` are shown this once: only hashes are stored."""

    row: ApiKeyRow
    text: str
    password: str | None = None


class ApiKeyService:
    """Nobody issues, changes or revokes what may do more than they may."""

    def __init__(
        self,
        keys: ApiKeyRepository,
        clock: Clock,
        viewer: Viewer = SYSTEM,
        *,
        sandbox: bool = False,
    ) -> None:
        self._keys = keys
        self._clock = clock
        self._viewer = viewer
        self._sandbox = sandbox

    async def page(self, filter_: KeyFilter, args: PageArgs) -> Page[ApiKeyRow]:
        """The newest first, revoked ones included."""
        return await self._keys.page(filter_, args)

    async def count(self, filter_: KeyFilter, limit: int | None) -> Count:
        return await self._keys.count(filter_, limit)

    def filter(
        self,
        state: KeyState | None = None,
        dialect: str | None = None,
        owner_id: int | None = None,
    ) -> KeyFilter:
        return KeyFilter(self._clock(), state, dialect, owner_id)

    async def any(self) -> bool:
        return await self._keys.any()

    async def create(
        self,
        name: str,
        scopes: frozenset[Scope],
        dialect: str | None = None,
        expires_at: datetime | None = None,
    ) -> IssuedKey | Problem:
        return await self.issue(KeyTerms(name, scopes, dialect, expires_at))

    async def issue(self, wanted: KeyTerms, with_password: bool = False) -> IssuedKey | Problem:
        """A new key. One issued by a key takes over what bounds that one."""
        bounds = await self._keys.bounds()
        terms = _inherited(wanted, bounds)
        flaw = self._flaw(terms, bounds) or expiry_flaw(terms.expires_at, self._clock())
        if flaw is not None:
            return flaw
        if with_password and terms.dialect != "cartino":
            return Invalid("Only Cartino has passwords beside keys.", ("with_password",))
        text, parts = new_key(terms.dialect, public=terms.is_public, sandbox=self._sandbox)
        password, password_sha256 = new_password() if with_password else (None, None)
        row = await self._keys.add(
            public_id=parts.public_id,
            secret_sha256=parts.secret_sha256,
            password_sha256=password_sha256,
            hint=hint(text),
            reference=terms.reference,
            dialect=terms.dialect,
            is_public=terms.is_public,
            owner_id=self._viewer.id if self._viewer.kind is ViewerKind.STAFF else bounds.owner_id,
            **_columns(terms),
        )
        return row if isinstance(row, Problem) else IssuedKey(row, text, password)

    async def update(self, id_: int, changes: dict[str, Any]) -> ApiKeyRow | Problem:
        """Change name, scopes, expiry, networks or calls a minute; only the given ones."""
        stored = await self._to_change(id_)
        if isinstance(stored, Problem):
            return stored
        terms = replace(terms_of(stored), **changes)
        flaw = self._flaw(terms, await self._keys.bounds())
        if flaw is None and "expires_at" in changes:
            flaw = expiry_flaw(terms.expires_at, self._clock())
        return await self._keys.change(id_, _columns(terms)) if flaw is None else flaw

    async def rotate(self, id_: int, overlap_hours: int = OVERLAP_HOURS) -> IssuedKey | Problem:
        """Another secret for the key; the one in use stays good for `overlap_hours`."""
        if not 0 <= overlap_hours <= MAX_OVERLAP_HOURS:
            message = f"The overlap is from 0 to {MAX_OVERLAP_HOURS} hours."
            return Invalid(message, ("overlap_hours",))
        stored = await self._to_change(id_)
        if isinstance(stored, Problem):
            return stored
        now = self._clock()
        if expiry_flaw(stored.expires_at, now) is not None:
            return Invalid("An expired key cannot be rotated.", ("id",))
        if bounds_flaw(terms_of(stored), await self._keys.bounds()) is not None:
            return Invalid("A key rotates none that reaches further than itself.", ("id",))
        text, parts = new_key(
            stored.dialect,
            public=stored.is_public,
            public_id=stored.public_id,
            sandbox=self._sandbox,
        )
        until = now + timedelta(hours=overlap_hours) if overlap_hours else None
        row = await self._keys.rotate(id_, parts.secret_sha256, hint(text), now, until)
        return IssuedKey(row, text)

    async def revoke(self, id_: int) -> ApiKeyRow | Problem:
        """Both secrets of a key, for good. Revoking twice changes nothing more."""
        stored = await self._keys.to_change(id_)
        if stored is None:
            return _no_key(id_)
        if not self._is_caller(id_) and not self._viewer.may(*scopes_of(stored.scopes)):
            return _too_powerful()
        return await self._keys.revoke(id_, self._clock()) or _no_key(id_)

    async def _to_change(self, id_: int) -> ApiKeyRow | Problem:
        stored = await self._keys.to_change(id_)
        if stored is None:
            return _no_key(id_)
        if self._is_caller(id_):
            return Invalid("A key cannot change itself.", ("id",))
        if stored.revoked_at is not None:
            return Invalid("This key is revoked.", ("id",))
        return stored if self._viewer.may(*scopes_of(stored.scopes)) else _too_powerful()

    def _is_caller(self, id_: int) -> bool:
        return self._viewer.kind is ViewerKind.API_KEY and self._viewer.id == id_

    def _flaw(self, terms: KeyTerms, bounds: Bounds) -> Problem | None:
        flaw = terms_flaw(terms) or bounds_flaw(terms, bounds)
        if flaw is None and not self._viewer.may(*terms.scopes):
            return ScopeNotHeld("You cannot give rights that you do not have.", ("scopes",))
        return flaw


def _inherited(wanted: KeyTerms, bounds: Bounds) -> KeyTerms:
    calls = wanted.calls_per_minute
    return replace(
        wanted,
        name=wanted.name.strip(),
        expires_at=wanted.expires_at or bounds.expires_at,
        allowed_ips=wanted.allowed_ips or bounds.allowed_ips,
        dialect=wanted.dialect or bounds.dialect,
        calls_per_minute=bounds.calls_per_minute if calls is None else calls,
    )


def _columns(terms: KeyTerms) -> dict[str, Any]:
    """What of a key can change later, as it is stored."""
    return {
        "name": terms.name.strip(),
        "scopes": sorted(scope.value for scope in terms.scopes),
        "expires_at": terms.expires_at,
        "allowed_ips": spelled(terms.allowed_ips),
        "calls_per_minute": terms.calls_per_minute,
    }


def _no_key(id_: int) -> NotFound:
    return NotFound(f"There is no key {id_}.", ("id",))


def _too_powerful() -> ScopeNotHeld:
    return ScopeNotHeld("This key may do more than you may.", ("id",))
