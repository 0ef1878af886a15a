"""What Litestore's failures look like."""

from typing import Any, Final

from commerce.rest.errors import Kind, Refusal
from commerce.rest.route import Json

# Six codes are documented; the other statuses take the nearest one.
REFUSALS: Final = {
    Kind.INVALID: (400, "VALIDATION_ERROR", "Invalid request data"),
    Kind.BAD_REQUEST: (400, "VALIDATION_ERROR", "Invalid request"),
    Kind.UNAUTHENTICATED: (401, "AUTHENTICATION_ERROR", "Invalid or missing API key"),
    Kind.FORBIDDEN: (403, "AUTHORIZATION_ERROR", "Insufficient permissions"),
    Kind.NOT_FOUND: (404, "NOT_FOUND", "Resource not found"),
    Kind.METHOD_NOT_ALLOWED: (405, "VALIDATION_ERROR", "Method not allowed"),
    Kind.NOT_ACCEPTABLE: (406, "VALIDATION_ERROR", "Not acceptable"),
    Kind.CONFLICT: (409, "VALIDATION_ERROR", "Conflict"),
    Kind.IN_FLIGHT: (409, "VALIDATION_ERROR", "The same call is being done"),
    Kind.KEY_REUSED: (422, "VALIDATION_ERROR", "Idempotency key used for something else"),
    Kind.RATE_LIMITED: (429, "RATE_LIMITED", "Too many requests"),
    Kind.INTERNAL: (500, "SERVER_ERROR", "Internal server error"),
    Kind.UNAVAILABLE: (503, "SERVER_ERROR", "Service unavailable"),
}


def refusal(refused: Refusal) -> tuple[int, Json]:
    status, code, text = REFUSALS[refused.kind]
    details: dict[str, Any] = {}
    if refused.field:
        details = {"field": refused.field, "issue": refused.issue}
    return status, {"error": {"code": code, "message": refused.message or text, "details": details}}
