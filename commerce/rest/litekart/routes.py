"""Litekart. Nothing is served yet; its clients are told so in their own words."""

from typing import Final

from commerce.core.limiter import Rate
from commerce.rest.credentials import bearer
from commerce.rest.errors import Kind, Refusal
from commerce.rest.route import Dialect, Json

REFUSALS: Final = {
    Kind.INVALID: (400, "INVALID_REQUEST", "The request parameters are invalid"),
    Kind.BAD_REQUEST: (400, "INVALID_REQUEST", "The request is invalid"),
    Kind.UNAUTHENTICATED: (401, "UNAUTHORIZED", "The API key is missing or wrong"),
    Kind.FORBIDDEN: (403, "FORBIDDEN", "The API key may not do this"),
    Kind.NOT_FOUND: (404, "NOT_FOUND", "There is no such resource"),
    Kind.METHOD_NOT_ALLOWED: (405, "INVALID_REQUEST", "The method is not allowed here"),
    Kind.NOT_ACCEPTABLE: (406, "INVALID_REQUEST", "This media type is not served"),
    Kind.CONFLICT: (409, "CONFLICT", "The resource is in another state"),
    Kind.IN_FLIGHT: (409, "CONFLICT", "The same call is being done"),
    Kind.KEY_REUSED: (422, "INVALID_REQUEST", "The idempotency key was used for something else"),
    Kind.RATE_LIMITED: (429, "RATE_LIMITED", "Too many requests"),
    Kind.INTERNAL: (500, "INTERNAL_ERROR", "Something went wrong"),
    Kind.UNAVAILABLE: (503, "INTERNAL_ERROR", "The service is unavailable for a moment"),
}


def refusal(refused: Refusal) -> tuple[int, Json]:
    status, code, text = REFUSALS[refused.kind]
    message = refused.message or text
    details = {"field": refused.field, "issue": refused.issue} if refused.field else {}
    error = {"code": code, "message": message, "details": details}
    return status, {"error": error, "message": message}


LITEKART: Final = Dialect(
    name="litekart",
    bases=("/api",),
    credential=bearer,
    refusal=refusal,
    rate=Rate("litekart", 1000, 3600),
    anonymous_rate=Rate("litekart.anonymous", 100, 3600),
)
