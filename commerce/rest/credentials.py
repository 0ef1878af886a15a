"""Where each dialect's clients put their key. Pure."""

from base64 import b64decode
from binascii import Error
from collections.abc import Mapping
from http.cookies import CookieError, SimpleCookie
from typing import Final

from starlette.datastructures import Headers

from commerce.rest.query import Query
from commerce.rest.route import Credential, Scheme

API_KEY: Final = "X-API-KEY"
TOKEN: Final = "token"  # noqa: S105  # the name of a parameter
ECWID: Final = "/api/v3"
SESSION: Final = "cartino_session"
CSRF: Final = ("X-CSRF-TOKEN", "X-XSRF-TOKEN")
MAX_KEY: Final = 512


def bearer(headers: Headers, _query: Query) -> Credential | None:
    """`Authorization: Bearer KEY`."""
    found = authorization(headers)
    return found if found is not None and found.scheme is Scheme.BEARER else None


def bearer_basic_or_session(headers: Headers, _query: Query) -> Credential | None:
    """An Authorization header, or else the cookie of a session with its token beside it."""
    if "Authorization" in headers:
        return authorization(headers)
    key = cookies(headers.get("Cookie", "")).get(SESSION)
    token = next((headers[name] for name in CSRF if name in headers), None)
    return _credential(Scheme.COOKIE, key, token) if key else None


def cookies(header: str) -> Mapping[str, str]:
    """By name; none at all of a header that cannot be read."""
    try:
        return {name: morsel.value for name, morsel in SimpleCookie(header).items()}
    except CookieError:
        return {}


def api_key(headers: Headers, query: Query) -> Credential | None:
    """`X-API-KEY`, as a header or in the query; the header wins."""
    key = headers.get(API_KEY) or query.get(API_KEY)
    return _credential(Scheme.API_KEY, key) if key else None


def bearer_or_token(headers: Headers, query: Query) -> Credential | None:
    """`Authorization: Bearer KEY`, or, from older clients, `token` in the query."""
    found = bearer(headers, query)
    if found is not None:
        return found
    key = query.get(TOKEN)
    return _credential(Scheme.BEARER, key) if key else None


def secret_parameters(path: str) -> tuple[str, ...]:
    """The names of query parameters below `path` that hold keys."""
    return (API_KEY, TOKEN) if path == ECWID or path.startswith(f"{ECWID}/") else (API_KEY,)


def authorization(headers: Headers) -> Credential | None:
    """What the Authorization header holds; None for a scheme or form that no dialect knows."""
    scheme, _, rest = headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return _credential(Scheme.BEARER, rest.strip())
    if scheme.lower() == "basic":
        return _basic(rest.strip())
    return None


def _basic(encoded: str) -> Credential | None:
    try:
        key, _, password = b64decode(encoded, validate=True).decode().partition(":")
    except (Error, ValueError):
        return None
    return _credential(Scheme.BASIC, key, password or None)


def _credential(scheme: Scheme, key: str, password: str | None = None) -> Credential | None:
    """Nothing that could not be a key is looked up."""
    sane = 0 < len(key) <= MAX_KEY and key.isascii() and key.isprintable() and " " not in key
    return Credential(scheme, key, password) if sane else None
