"""Sessions of browsers, as Cartino documents them: a cookie, and a token that only our pages read.

The cookie holds the access token of a session of ours, so it ends when that does. Browsers send
cookies whatever page asks them to; what changes something must also send what only a page of the
shop can read from another one.
"""

import hmac
from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from hashlib import sha256
from secrets import token_urlsafe
from typing import Any, Final
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from commerce.core.attempts import TooManyAttempts
from commerce.core.cipher import derived_key
from commerce.core.exact_json import JsonError, read_json
from commerce.core.problems import Problem
from commerce.http.doors import Door, behind
from commerce.identity.kinds import Audience
from commerce.identity.service.sessions import IssuedSession
from commerce.wiring import Services

COOKIE: Final = "cartino_session"
TOKEN_COOKIE: Final = "XSRF-TOKEN"  # noqa: S105  # its name
TOKEN_HEADERS: Final = ("x-csrf-token", "x-xsrf-token")
UNKEPT: Final = {"Cache-Control": "no-store"}
AUDIENCES: Final = {audience.value: audience for audience in Audience}
MAX_FIELDS: Final = 20
MAX_EMAIL: Final = 320
MAX_PASSWORD: Final = 1_000
FORGED: Final = "CSRF token mismatch."
INVALID: Final = "The given data was invalid."
OpenServices = Callable[[], AbstractAsyncContextManager[Services]]


class CsrfTokens:
    """Tokens for browsers without a session, and the one of each session."""

    def __init__(self, secret: bytes) -> None:
        self._key = derived_key("csrf tokens", secret)

    def fresh(self) -> str:
        nonce = token_urlsafe(18)
        return f"{nonce}.{self._mac(nonce)}"

    def of(self, session: str) -> str:
        """What a page sends beside the cookie with this value."""
        return self._mac(f"session {session}")

    def is_ours(self, text: str) -> bool:
        """Whether `fresh` made it: a cookie may have been set by somebody else."""
        nonce, _, mac = text.partition(".")
        return _same(mac, self._mac(nonce))

    def meant(self, session: str, token: str | None) -> bool:
        return _same(token or "", self.of(session))

    def _mac(self, text: str) -> str:
        return hmac.new(self._key, text.encode(errors="surrogateescape"), sha256).hexdigest()


@dataclass(frozen=True, slots=True)
class SessionPages:
    """`services` opens those of one request by nobody in particular."""

    services: OpenServices
    tokens: CsrfTokens

    def routes(self) -> list[BaseRoute]:
        return [
            *behind(Door.PUBLIC, Route("/sanctum/csrf-cookie", self.token, methods=["GET"])),
            *behind(Door.PROOF, Route("/login", self.sign_in, methods=["POST"])),
        ]

    async def token(self, request: Request) -> Response:
        response = Response(status_code=204, headers=UNKEPT)
        session = request.cookies.get(COOKIE)
        token = self.tokens.fresh() if session is None else self.tokens.of(session)
        _set(response, request, TOKEN_COOKIE, token)
        return response

    async def sign_in(self, request: Request) -> Response:
        if not self._meant(request):
            return _refused(403, FORGED)
        form = await _form(request)
        flaws = _flaws(form)
        if flaws:
            return _refused(422, INVALID, errors=flaws)
        audience = AUDIENCES[form.get("audience") or Audience.STOREFRONT.value]
        async with self.services() as services:
            opened = await services.signing_in.sign_in(
                audience, form["email"], form["password"], lasting=True
            )
        if isinstance(opened, TooManyAttempts):
            headers = {"Retry-After": str(opened.retry_after)}
            return _refused(429, "Too Many Requests", headers, retry_after=opened.retry_after)
        if isinstance(opened, Problem):
            return _refused(401, opened.message)
        return self._signed_in(request, opened)

    def _meant(self, request: Request) -> bool:
        """Whether the page that sent this can read the cookie it was given."""
        cookie = request.cookies.get(TOKEN_COOKIE, "")
        sent = next(
            (request.headers[name] for name in TOKEN_HEADERS if name in request.headers), ""
        )
        session = request.cookies.get(COOKIE)
        known = self.tokens.is_ours(cookie) or (
            session is not None and self.tokens.meant(session, cookie)
        )
        return known and _same(sent, cookie)

    def _signed_in(self, request: Request, opened: IssuedSession) -> Response:
        response = Response(status_code=204, headers=UNKEPT)
        token, seconds = opened.access_token, opened.access_seconds
        _set(response, request, COOKIE, token, max_age=seconds, httponly=True)
        _set(response, request, TOKEN_COOKIE, self.tokens.of(token), max_age=seconds)
        return response


def _set(
    response: Response,
    request: Request,
    name: str,
    value: str,
    *,
    max_age: int | None = None,
    httponly: bool = False,
) -> None:
    """For this host alone, and not for what other sites make a browser post."""
    response.set_cookie(
        name,
        value,
        max_age=max_age,
        httponly=httponly,
        samesite="lax",
        secure=request.url.scheme == "https",
    )


async def _form(request: Request) -> Mapping[str, str]:
    """JSON or a form; only texts count."""
    raw = await request.body()
    try:
        if "json" in request.headers.get("content-type", ""):
            found: Any = read_json(raw)
        else:
            found = dict(parse_qsl(raw.decode(), max_num_fields=MAX_FIELDS, errors="strict"))
    except (JsonError, ValueError):
        return {}
    given = found if isinstance(found, dict) else {}
    return {name: value for name, value in given.items() if isinstance(value, str)}


def _flaws(form: Mapping[str, str]) -> dict[str, list[str]]:
    flaws = {
        name: [f"The {name} field is required."]
        for name, most in (("email", MAX_EMAIL), ("password", MAX_PASSWORD))
        if not form.get(name) or len(form[name]) > most or "\0" in form[name]
    }
    if form.get("audience") and form["audience"] not in AUDIENCES:
        flaws["audience"] = [f"The audience must be one of {', '.join(AUDIENCES)}."]
    return flaws


def _refused(
    status: int, message: str, headers: Mapping[str, str] | None = None, **more: Any
) -> Response:
    return JSONResponse({"message": message, **more}, status, {**UNKEPT, **(headers or {})})


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(errors="surrogateescape"), other.encode())
