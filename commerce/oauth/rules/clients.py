"""What an OAuth client may be."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from commerce.core.problems import Invalid
from commerce.core.text import text_flaw
from commerce.oauth.kinds import GrantType
from commerce.oauth.rules.scopes import MEANINGS
from commerce.staff.rules.api_keys import DIALECTS

MAX_NAME: Final = 100
MAX_URIS: Final = 10
MAX_URI: Final = 500
LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})


@dataclass(frozen=True, slots=True)
class ClientTerms:
    """`scopes` are names of OAuth scopes: the most the client can be granted."""

    name: str
    scopes: tuple[str, ...]
    grants: frozenset[GrantType]
    redirect_uris: tuple[str, ...] = ()
    is_public: bool = False
    dialect: str | None = None


def client_flaw(terms: ClientTerms) -> Invalid | None:
    """Why there can be no such client; None when there can."""
    return (
        text_flaw(terms.name, MAX_NAME, "name")
        or _scopes_flaw(terms.scopes)
        or _grants_flaw(terms)
        or _uris_flaw(terms.redirect_uris)
        or _dialect_flaw(terms.dialect)
    )


def _scopes_flaw(scopes: Iterable[str]) -> Invalid | None:
    if not scopes:
        return Invalid("Say what the client may be granted.", ("scopes",))
    for place, name in enumerate(scopes):
        if name not in MEANINGS:
            return Invalid("There is no such scope.", ("scopes", str(place)))
    return None


def _grants_flaw(terms: ClientTerms) -> Invalid | None:
    if not terms.grants - {GrantType.REFRESH_TOKEN}:
        return Invalid("Say how the client comes to its tokens.", ("grants",))
    if terms.is_public and GrantType.CLIENT_CREDENTIALS in terms.grants:
        message = "A public client has no secret, so it cannot stand for itself."
        return Invalid(message, ("grants",))
    if GrantType.AUTHORIZATION_CODE in terms.grants and not terms.redirect_uris:
        return Invalid("Codes need an address to be sent to.", ("redirect_uris",))
    return None


def _uris_flaw(uris: tuple[str, ...]) -> Invalid | None:
    if len(uris) > MAX_URIS:
        return Invalid(f"A client can have at most {MAX_URIS} addresses.", ("redirect_uris",))
    for place, uri in enumerate(uris):
        if not _is_redirect_uri(uri):
            message = "This must be https://…, http:// to this machine, or an app's own scheme."
            return Invalid(message, ("redirect_uris", str(place)))
    return None


def _is_redirect_uri(uri: str) -> bool:
    """As RFC 9700 and RFC 8252 allow; the characters are those that can stand in a header."""
    if len(uri) > MAX_URI or not uri.isascii() or any(c in " \"'<>\\;,#*" for c in uri):
        return False
    if not uri.isprintable():
        return False
    try:
        parts = urlsplit(uri)
        host = parts.hostname
    except ValueError:
        return False
    if parts.scheme in ("https", "http"):
        secure = parts.scheme == "https" or host in LOOPBACK
        return bool(host) and secure and parts.username is None
    return "." in parts.scheme


def _dialect_flaw(dialect: str | None) -> Invalid | None:
    if dialect is not None and dialect not in DIALECTS:
        return Invalid(f"Dialects are {', '.join(DIALECTS)}.", ("dialect",))
    return None
