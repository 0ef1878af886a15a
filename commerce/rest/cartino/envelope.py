"""What surrounds Cartino's answers: pages and failures."""

from collections.abc import Mapping
from typing import Any, Final

from commerce.rest.errors import Flaw, Kind, Refusal, snake
from commerce.rest.route import Call, Json, Node, ProblemShape

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
    number, size = _page(call), call.args["per_page"]
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
    number, last = _page(call), _last_page(total, call.args["per_page"])
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


def _page(call: Call) -> int | None:
    """None when a cursor says where the page begins."""
    if call.args.get("cursor"):
        return None
    number: int = call.args["page"]
    return number


def _last_page(total: int, size: int) -> int:
    return max(-(-total // size), 1)


def _errors(refused: Refusal) -> dict[str, list[str]]:
    errors: dict[str, list[str]] = {}
    for flaw in refused.flaws:
        said = flaw.message or f"The {flaw.field} {flaw.issue}."
        errors.setdefault(flaw.field, []).append(said)
    return errors


def missing(names: Mapping[str, str]) -> ProblemShape:
    """For what a call is about, not found; for what else its body names, a flaw of that field.

    `names` are the route's `renamed`.
    """

    def shaped(problem: Node) -> tuple[int, Json]:
        parts = [part for part in problem["path"] or () if part != "input"]
        if not parts or parts == ["id"]:
            return refusal(Refusal(Kind.NOT_FOUND))
        named = (names.get(part) or snake(part) for part in parts)
        field = names.get(".".join(parts)) or ".".join(named)
        flaw = Flaw(field, "", f"The selected {field} is invalid.")
        return refusal(Refusal(Kind.INVALID, flaws=(flaw,)))

    return shaped


def message(text: str) -> Json:
    """What actions and deletions answer."""
    return {"message": text}


def refusal(refused: Refusal) -> tuple[int, Json]:
    status, text = REFUSALS[refused.kind]
    message = refused.message if refused.kind in SPEAKING and refused.message else text
    body: dict[str, Any] = {"message": message}
    if refused.kind is Kind.INVALID:
        body["errors"] = _errors(refused)
    if refused.kind is Kind.RATE_LIMITED:
        body["retry_after"] = refused.retry_after
    return status, body
