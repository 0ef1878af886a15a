"""The endpoints programs call: tokens, revocation, and what there is (RFC 6749, 7009, 8414)."""

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from commerce.core.callers import network_of
from commerce.core.limiter import Rate, RateLimiter
from commerce.http.doors import Door, behind
from commerce.http.oauth.requests import MalformedError, posted
from commerce.oauth.kinds import GrantType
from commerce.oauth.protocol import METHODS, Asked, Reply
from commerce.oauth.rules.scopes import MEANINGS
from commerce.oauth.service.granting import GrantingService
from commerce.wiring import Services

# Clients that do not prove themselves, by the network they call from.
BAD_CLIENT: Final = Rate("oauth.bad_client", 20, 60)
UNKEPT: Final = {"Cache-Control": "no-store", "Pragma": "no-cache"}
OpenServices = Callable[[], AbstractAsyncContextManager[Services]]
Ask = Callable[[GrantingService, Asked], Awaitable[Reply]]


@dataclass(frozen=True, slots=True)
class OAuthEndpoints:
    """`services` opens those of one request by nobody in particular."""

    services: OpenServices
    limiter: RateLimiter
    public_url: str = ""

    def routes(self) -> list[BaseRoute]:
        return [
            *behind(
                Door.PROOF,
                Route("/oauth/token", self.token, methods=["POST"]),
                Route("/oauth/revoke", self.revoke, methods=["POST"]),
            ),
            *behind(Door.PUBLIC, Route("/.well-known/oauth-authorization-server", self.metadata)),
        ]

    async def token(self, request: Request) -> Response:
        return await self._answer(request, GrantingService.token)

    async def revoke(self, request: Request) -> Response:
        return await self._answer(request, GrantingService.revoke)

    async def metadata(self, request: Request) -> Response:
        issuer = (self.public_url or str(request.base_url)).rstrip("/")
        return JSONResponse(metadata_of(issuer))

    async def _answer(self, request: Request, ask: Ask) -> Response:
        network = network_of(request.client.host if request.client else "")
        allowance = await self.limiter.look(BAD_CLIENT, network)
        if not allowance.allowed:
            waiting = {"Retry-After": str(allowance.retry_seconds)}
            return _error("temporarily_unavailable", "Too many attempts.", 429, waiting)
        try:
            asked = await posted(request)
        except MalformedError as error:
            return _error("invalid_request", str(error))
        async with self.services() as services:
            status, body, headers = await ask(services.granting, asked)
        if body.get("error") == "invalid_client":
            await self.limiter.hit(BAD_CLIENT, network)
        return JSONResponse(body, status, {**dict(headers), **UNKEPT})


def metadata_of(issuer: str) -> dict[str, Any]:
    """RFC 8414."""
    return {
        "issuer": issuer,
        "authorization_endpoint": f"{issuer}/oauth/authorize",
        "token_endpoint": f"{issuer}/oauth/token",
        "revocation_endpoint": f"{issuer}/oauth/revoke",
        "scopes_supported": list(MEANINGS),
        "response_types_supported": ["code"],
        "grant_types_supported": [grant.value for grant in GrantType],
        "token_endpoint_auth_methods_supported": METHODS,
        "revocation_endpoint_auth_methods_supported": METHODS,
        "code_challenge_methods_supported": ["S256"],
    }


def _error(
    code: str, message: str, status: int = 400, headers: dict[str, str] | None = None
) -> Response:
    body = {"error": code, "error_description": message}
    return JSONResponse(body, status, {**UNKEPT, **(headers or {})})
