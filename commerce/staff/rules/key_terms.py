"""What a key is issued for, and how far whoever issues it may go."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from commerce.core.problems import Invalid
from commerce.core.text import text_flaw
from commerce.core.viewer import Scope
from commerce.staff.rules.api_keys import DIALECTS
from commerce.staff.rules.networks import networks_flaw, within

MAX_NAME: Final = 100
MAX_OVERLAP_HOURS: Final = 720
MAX_CALLS: Final = 100_000
KNOWN: Final = {scope.value: scope for scope in Scope}


@dataclass(frozen=True, slots=True)
class KeyTerms:
    """`allowed_ips` empty lets every address in. `reference` is the caller's own name for the
    wish, given so that it can be repeated without making a second key. `calls_per_minute` None
    leaves a key the rates that all have.
    """

    name: str
    scopes: frozenset[Scope] = frozenset()
    dialect: str | None = None
    expires_at: datetime | None = None
    allowed_ips: tuple[str, ...] = ()
    is_public: bool = False
    reference: str | None = None
    calls_per_minute: int | None = None


@dataclass(frozen=True, slots=True)
class Bounds:
    """What holds of the calling key, and so of those it issues."""

    expires_at: datetime | None = None
    allowed_ips: tuple[str, ...] = ()
    dialect: str | None = None
    owner_id: int | None = None
    calls_per_minute: int | None = None

    @property
    def narrow(self) -> bool:
        """Whether there is anything a credential of another kind could get around."""
        return self.expires_at is not None or bool(self.allowed_ips) or self.dialect is not None


UNBOUNDED: Final = Bounds()


def scopes_of(names: Iterable[str]) -> frozenset[Scope]:
    """The stored scopes that this version knows."""
    return frozenset(KNOWN[name] for name in names if name in KNOWN)


def terms_of(row: Any) -> KeyTerms:
    """The terms of a stored key."""
    return KeyTerms(
        row.name,
        scopes_of(row.scopes),
        row.dialect,
        row.expires_at,
        tuple(row.allowed_ips),
        row.is_public,
        row.reference,
        row.calls_per_minute,
    )


def bounds_of(row: Any) -> Bounds:
    """What a stored key hands on to what it makes."""
    return Bounds(
        row.expires_at,
        tuple(row.allowed_ips),
        row.dialect,
        row.owner_id,
        row.calls_per_minute,
    )


def terms_flaw(terms: KeyTerms) -> Invalid | None:
    """Why no key can have these terms; None when one can."""
    flaw = text_flaw(terms.name, MAX_NAME, "name")
    if flaw is None and terms.reference is not None:
        flaw = text_flaw(terms.reference, MAX_NAME, "reference")
    if flaw is None and terms.dialect is not None and terms.dialect not in DIALECTS:
        flaw = Invalid(f"Dialects are {', '.join(DIALECTS)}.", ("dialect",))
    if flaw is None:
        flaw = _reach_flaw(terms)
    if flaw is None:
        flaw = _calls_flaw(terms.calls_per_minute)
    return networks_flaw(terms.allowed_ips) if flaw is None else flaw


def _reach_flaw(terms: KeyTerms) -> Invalid | None:
    if not terms.is_public:
        return None if terms.scopes else Invalid("Say what the key may do.", ("scopes",))
    if terms.dialect != "ecwid":
        return Invalid("Only Ecwid has public keys.", ("is_public",))
    if terms.scopes:
        return Invalid("What a public key may see is fixed: it has no scopes.", ("scopes",))
    return None


def _calls_flaw(calls: int | None) -> Invalid | None:
    if calls is None or 1 <= calls <= MAX_CALLS:
        return None
    return Invalid(f"A key has from 1 to {MAX_CALLS} calls a minute.", ("calls_per_minute",))


def expiry_flaw(expires_at: datetime | None, now: datetime) -> Invalid | None:
    if expires_at is not None and expires_at <= now:
        return Invalid("A key cannot expire in the past.", ("expires_at",))
    return None


def bounds_flaw(terms: KeyTerms, bounds: Bounds) -> Invalid | None:
    """Why a key within `bounds` may not issue or leave behind one with `terms`."""
    if bounds.dialect is not None and terms.dialect != bounds.dialect:
        return Invalid("A key issues keys for its own dialect alone.", ("dialect",))
    limit = bounds.expires_at
    if limit is not None and (terms.expires_at is None or terms.expires_at > limit):
        return Invalid("A key cannot issue one that outlives it.", ("expires_at",))
    if not within(terms.allowed_ips, bounds.allowed_ips):
        return Invalid("A key cannot issue one for more addresses than its own.", ("allowed_ips",))
    most, calls = bounds.calls_per_minute, terms.calls_per_minute
    if most is not None and (calls is None or calls > most):
        return Invalid(
            "A key cannot issue one with more calls than its own.", ("calls_per_minute",)
        )
    return None
