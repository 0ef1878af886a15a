"""What surrounds Shopkit's answers: numbered lists and failures."""

from collections.abc import Mapping, Sequence
from typing import Final

from commerce.rest.errors import Kind, Refusal
from commerce.rest.route import Call, Json, Node, ProblemShape, Reply

REFUSALS: Final = {
    Kind.INVALID: (400, "Bad request."),
    Kind.BAD_REQUEST: (400, "Bad request."),
    Kind.UNAUTHENTICATED: (401, "Unauthorized."),
    Kind.FORBIDDEN: (403, "Forbidden."),
    Kind.NOT_FOUND: (404, "Not found."),
    Kind.METHOD_NOT_ALLOWED: (405, "Method not allowed."),
    Kind.NOT_ACCEPTABLE: (406, "Not acceptable."),
    Kind.CONFLICT: (409, "Already exists."),
    Kind.IN_FLIGHT: (409, "The same call is being done."),
    Kind.KEY_REUSED: (422, "Idempotency key used for something else."),
    Kind.RATE_LIMITED: (429, "Too many requests."),
    Kind.INTERNAL: (500, "Internal server error."),
    Kind.UNAVAILABLE: (503, "Service unavailable."),
}

# Problems of names that are taken; a route that can have one says so.
TAKEN: Final = ("SLUG_TAKEN", "SKU_TAKEN", "EMAIL_TAKEN", "TAKEN")


def listed(rows: Sequence[Json], connection: Node, call: Call) -> Reply:
    """An object with a key per row and `paging` last, which clients rely on."""
    number = call.args["page"]
    more = connection["pageInfo"]["hasNextPage"]

    def to(target: int) -> str:
        return call.url(call.query.having("page", str(target)))

    body = {str(place): row for place, row in enumerate(rows)}
    paging = {
        "previous": to(number - 1) if number > 1 else None,
        "next": to(number + 1) if more else None,
    }
    total = str(connection["totalCount"]["count"])
    return Reply(body | {"paging": paging}, headers={"X-Total-Count": total})


def already_there(_problem: Node) -> tuple[int, Json]:
    """What another thing has already."""
    return refusal(Refusal(Kind.CONFLICT))


def gone(_node: Node, _call: Call) -> Reply:
    """What is deleted leaves no body."""
    return Reply(None, 204)


def refusal(refused: Refusal) -> tuple[int, Json]:
    status, message = REFUSALS[refused.kind]
    return status, {"message": message}


CONFLICTS: Final[Mapping[str, ProblemShape]] = dict.fromkeys(TAKEN, already_there)
