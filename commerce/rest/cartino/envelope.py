"""What surrounds Cartino's answers: pages and failures."""

from typing import Any, Final

from commerce.rest.cartino.inputs import page, per_page
from commerce.rest.errors import Kind, Refusal
from commerce.rest.route import Call, Json

REFUSALS: Final = {
    Kind.INVALID: (422, "The given data was invalid."),
    Kind.BAD_REQUEST: (400, "Bad Request"),
    Kind.UNAUTHENTICATED: (401, "Unauthenticated."),
    Kind.FORBIDDEN: (403, "This action is unauthorized."),
    Kind.NOT_FOUND: (404, "Not Found"),
    Kind.METHOD_NOT_ALLOWED: (405, "Method Not Allowed"),
    Kind.NOT_ACCEPTABLE: (406, "Not Acceptable"),
    Kind.CONFLICT: (409, "Conflict"),
    Kind.IN_FLIGHT: (409, "The same call is being done"),
    Kind.KEY_REUSED: (422, "The idempotency key was used for something else"),
    Kind.RATE_LIMITED: (429, "Too Many Requests"),
    Kind.INTERNAL: (500, "Server Error"),
    Kind.UNAVAILABLE: (503, "Service Unavailable"),
}
# Kinds whose own words say more than the fixed ones.
SPEAKING: Final = frozenset({Kind.BAD_REQUEST, Kind.NOT_ACCEPTABLE, Kind.CONFLICT})


def meta(call: Call, total: int, shown: int, following: str | None) -> Json:
    """A page that a cursor began does not know its number."""
    number, size = page(call.query), per_page(call.query)
    before = None if number is None else (number - 1) * size
    knows = before is not None and shown > 0
    return {
        "current_page": number,
        "per_page": size,
        "total": total,
        "last_page": _last_page(total, size),
        "from": before + 1 if knows and before is not None else None,
        "to": before + shown if knows and before is not None else None,
        "next_cursor": following,
    }


def links(call: Call, total: int, following: str | None) -> Json:
    number, last = page(call.query), _last_page(total, per_page(call.query))
    by_page = call.query.without("cursor")

    def to(target: int) -> str:
        return call.url(by_page.having("page", str(target)))

    if number is None:
        after = call.query.without("page").having("cursor", following or "")
        return {
            "first": to(1),
            "last": to(last),
            "prev": None,
            "next": following and call.url(after),
        }
    return {
        "first": to(1),
        "last": to(last),
        "prev": to(min(number - 1, last)) if number > 1 else None,
        "next": to(number + 1) if number < last else None,
    }


def _last_page(total: int, size: int) -> int:
    return max(-(-total // size), 1)


def refusal(refused: Refusal) -> tuple[int, Json]:
    status, text = REFUSALS[refused.kind]
    message = refused.message if refused.kind in SPEAKING and refused.message else text
    body: dict[str, Any] = {"message": message}
    if refused.kind is Kind.INVALID:
        said = refused.message or f"The {refused.field} {refused.issue}."
        body["errors"] = {refused.field: [said]} if refused.field else {}
    if refused.kind is Kind.RATE_LIMITED:
        body["retry_after"] = refused.retry_after
    return status, body
