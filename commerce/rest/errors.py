"""What a call can be refused for. How a refusal looks is each dialect's own affair."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any, Final, NoReturn

RETRY_SECONDS: Final = 1
CAPITAL: Final = re.compile("[A-Z]")
FORGED: Final = "must be one that this list gave out"


class Kind(Enum):
    """What went wrong, in words that every dialect can translate."""

    INVALID = "invalid"
    BAD_REQUEST = "bad request"
    UNAUTHENTICATED = "unauthenticated"
    FORBIDDEN = "forbidden"
    NOT_FOUND = "not found"
    METHOD_NOT_ALLOWED = "method not allowed"
    NOT_ACCEPTABLE = "not acceptable"
    CONFLICT = "conflict"
    IN_FLIGHT = "in flight"
    KEY_REUSED = "key reused"
    RATE_LIMITED = "rate limited"
    INTERNAL = "internal"
    UNAVAILABLE = "unavailable"


@dataclass(frozen=True, slots=True)
class Flaw:
    """A value at fault: `limit`, `must be an integer`. `message` is a whole sentence, if there is
    one. A `field` within another has dots: `items.0.quantity`."""

    field: str
    issue: str
    message: str = ""

    def below(self, name: str) -> "Flaw":
        return replace(self, field=f"{name}.{self.field}" if self.field else name)


@dataclass(frozen=True, slots=True)
class Refusal:
    """`message` is a sentence for dialects that print one; empty leaves it to them.

    `allow` are the methods a path has, `retry_after` seconds to wait.
    """

    kind: Kind
    message: str = ""
    flaws: tuple[Flaw, ...] = ()
    allow: tuple[str, ...] = ()
    retry_after: int | None = None

    @property
    def field(self) -> str:
        """The first flaw's, for dialects that speak of one alone."""
        return self.flaws[0].field if self.flaws else ""

    @property
    def issue(self) -> str:
        return self.flaws[0].issue if self.flaws else ""


class RefusedError(Exception):
    """Ends a call; the gateway answers it in the caller's dialect."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.message or f"{refusal.field} {refusal.issue}".strip())
        self.refusal = refusal


def refuse(kind: Kind, message: str = "", **parts: Any) -> NoReturn:
    raise RefusedError(Refusal(kind, message, **parts))


def invalid(field: str, issue: str) -> RefusedError:
    """`invalid("limit", "must be an integer")`, to be raised."""
    return RefusedError(Refusal(Kind.INVALID, flaws=(Flaw(field, issue),)))


def not_found() -> RefusedError:
    return RefusedError(Refusal(Kind.NOT_FOUND))


# The codes of GraphQL errors and of problems (`userErrors`).
KINDS: Final[Mapping[str, Kind]] = {
    "UNAUTHENTICATED": Kind.UNAUTHENTICATED,
    "FORBIDDEN": Kind.FORBIDDEN,
    "BAD_USER_INPUT": Kind.INVALID,
    "BAD_REQUEST": Kind.INVALID,
    "INVALID": Kind.INVALID,
    "INVALID_CURSOR": Kind.INVALID,
    "LIMIT_EXCEEDED": Kind.INVALID,
    "NOT_FOUND": Kind.NOT_FOUND,
    "TAKEN": Kind.CONFLICT,
    "VERSION_CONFLICT": Kind.CONFLICT,
    "IDEMPOTENCY_CONFLICT": Kind.CONFLICT,
    "IDEMPOTENCY_IN_FLIGHT": Kind.IN_FLIGHT,
    "IDEMPOTENCY_KEY_REUSED": Kind.KEY_REUSED,
    "IDEMPOTENCY_KEY_INVALID": Kind.BAD_REQUEST,
    "RATE_LIMITED": Kind.RATE_LIMITED,
    "TOO_MANY_ATTEMPTS": Kind.RATE_LIMITED,
    "UNAVAILABLE": Kind.UNAVAILABLE,
}
# Problems that are over in a moment, without anything else being done.
PASSING: Final = frozenset({"PAYMENT_IN_PROGRESS"})


def refusal_of(code: str, message: str) -> Refusal:
    """For the code of an error; a code nobody expected is a bug and says nothing.

    Only what a caller lacks is worth its words: others speak of the operation, not of the call.
    """
    kind = KINDS.get(code, Kind.INTERNAL)
    if code == "INVALID_CURSOR":
        return Refusal(kind, flaws=(Flaw("cursor", FORGED),))
    waits = kind in (Kind.UNAVAILABLE, Kind.RATE_LIMITED, Kind.IN_FLIGHT)
    return Refusal(
        kind,
        message if kind is Kind.FORBIDDEN else "",
        retry_after=RETRY_SECONDS if waits else None,
    )


def refusal_of_errors(errors: Sequence[Mapping[str, Any]]) -> Refusal:
    """For the errors of a GraphQL answer: the first one speaks."""
    first = errors[0]
    return refusal_of(first.get("extensions", {}).get("code", ""), first.get("message", ""))


def refusal_of_problems(
    problems: Sequence[Mapping[str, Any]], renamed: Mapping[str, str]
) -> Refusal:
    """For a mutation's `userErrors`: they speak of what the caller sent, the first one decides.

    `renamed` are the dialect's names of GraphQL's input fields. How long to wait stands beside the
    code, if the operation selects it.
    """
    first = problems[0]
    kind = KINDS.get(first["code"], Kind.INVALID)
    flaws = (_flaw(problem, renamed) for problem in problems)
    fields = tuple(flaw for flaw in flaws if flaw.field)
    passes = kind is Kind.RATE_LIMITED or first["code"] in PASSING
    waits = first.get("retryAfter") or (RETRY_SECONDS if passes else None)
    return Refusal(kind, first["message"], fields, retry_after=waits)


def _flaw(problem: Mapping[str, Any], renamed: Mapping[str, str]) -> Flaw:
    parts = [str(part) for part in problem.get("path") or () if part != "input"]
    path = ".".join(parts)
    field = renamed.get(path) or ".".join(renamed.get(part) or snake(part) for part in parts)
    return Flaw(field, problem["message"], problem["message"])


def snake(name: str) -> str:
    """`compareAtPrice` -> `compare_at_price`."""
    return CAPITAL.sub(lambda found: f"_{found[0].lower()}", name)
