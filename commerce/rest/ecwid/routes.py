"""Ecwid. Nothing is served yet; its clients are told so in their own words."""

from typing import Final

from commerce.core.limiter import Rate
from commerce.rest.credentials import bearer_or_token
from commerce.rest.errors import Kind, Refusal
from commerce.rest.route import Dialect, Json

REFUSALS: Final = {
    Kind.INVALID: (400, "WRONG_PARAMETER", "Wrong parameter"),
    Kind.BAD_REQUEST: (400, "WRONG_PARAMETER", "Bad request"),
    Kind.UNAUTHENTICATED: (403, "INVALID_API_TOKEN", "Invalid API token"),
    Kind.FORBIDDEN: (403, "INSUFFICIENT_APP_SCOPE", "The token lacks a scope"),
    Kind.NOT_FOUND: (404, "NOT_FOUND", "Not found"),
    Kind.METHOD_NOT_ALLOWED: (405, "METHOD_NOT_ALLOWED", "Method not allowed"),
    Kind.NOT_ACCEPTABLE: (406, "WRONG_PARAMETER", "Not acceptable"),
    Kind.CONFLICT: (409, "CONSTRAINT_VIOLATION", "Conflict"),
    Kind.IN_FLIGHT: (409, "CONSTRAINT_VIOLATION", "The same call is being done"),
    Kind.KEY_REUSED: (422, "WRONG_PARAMETER", "Idempotency key used for something else"),
    Kind.RATE_LIMITED: (429, "RATE_LIMITED", "Too many requests"),
    Kind.INTERNAL: (500, "INTERNAL_ERROR", "Internal error"),
    Kind.UNAVAILABLE: (503, "INTERNAL_ERROR", "Unavailable for a moment"),
}


def refusal(refused: Refusal) -> tuple[int, Json]:
    status, code, text = REFUSALS[refused.kind]
    message = refused.message or f"{refused.field} {refused.issue}".strip() or text
    return status, {"errorMessage": message, "errorCode": code}


ECWID: Final = Dialect(
    name="ecwid",
    bases=("/api/v3",),
    credential=bearer_or_token,
    refusal=refusal,
    rate=Rate("ecwid", 600, 60),
    contested=False,
    challenge=None,
    tells_rate=False,
)
