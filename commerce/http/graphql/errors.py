"""How failures look in an answer: a stable code for programs, and nothing of our insides."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import structlog
from graphql import FieldNode, GraphQLError, Node

from commerce.core.problems import (
    ForbiddenError,
    RequestError,
    UnauthenticatedError,
    UnavailableError,
)
from commerce.core.viewer import Viewer, ViewerKind
from commerce.http.graphql.access import Need

Json = dict[str, Any]

INTERNAL: Final = "INTERNAL_SERVER_ERROR"
INTERNAL_MESSAGE: Final = "Something went wrong."
BAD_USER_INPUT: Final = "BAD_USER_INPUT"
UNAVAILABLE: Final = UnavailableError.code
# Where graphql-core repeats the value it cannot take: that may be a password in the wrong place.
REPEATED: Final = re.compile(
    r"(, found|(?<!invalid )value): .*|(?<=Value) '.*'(?= does not exist)", re.DOTALL
)
# What one answer may add to the log: a bug in a list's rows happens once per row.
MAX_LOGGED: Final = 3

log: Final = structlog.get_logger("commerce.graphql")


@dataclass(eq=False)
class RefusedError(Exception):
    """The request is not executed; `errors` are what the answer says.

    `lenient` ones are about a well-formed request whose document or variables are wrong: the
    older media type answers these with 200.
    """

    code: str
    errors: list[Json] = field(default_factory=list)
    status: int = 400
    lenient: bool = False
    reason: str = ""


def refused(code: str, message: str, status: int = 400, *, lenient: bool = False) -> RefusedError:
    errors = [_json(message, {"code": code})]
    return RefusedError(code, errors, status, lenient=lenient, reason=code.lower())


def refused_by(error: RequestError) -> RefusedError:
    extensions = {"code": error.code, **getattr(error, "extensions", {})}
    reason = getattr(error, "limit", error.code.lower())
    return RefusedError(error.code, [_json(error.message, extensions)], error.status, reason=reason)


def wrong_document(code: str, errors: Sequence[GraphQLError]) -> RefusedError:
    """For what graphql-core finds wrong before anything is executed."""
    shown = [_located(error, error.message, {"code": code}) for error in errors]
    return RefusedError(code, shown, lenient=True, reason=code.lower())


def not_allowed(needs: dict[str, Need], viewer: Viewer) -> RefusedError:
    """Names each field that the viewer may not select, and what it asks for."""
    stranger = viewer.kind is ViewerKind.ANONYMOUS
    kind = UnauthenticatedError if stranger else ForbiddenError
    errors = [
        {
            "message": f"{name} needs {_wanted(need)}.",
            "locations": _locations([need.node]),
            "extensions": {"code": kind.code},
        }
        for name, need in needs.items()
    ]
    return RefusedError(kind.code, errors, kind.status, reason=kind.code.lower())


def _wanted(need: Need) -> str:
    """`an API key with the scope read_stock`: what any one policy takes, for all of them."""
    names = sorted({scope.value for policy in need.policies for scope in policy.scopes})
    plural = "s" if len(names) > 1 else ""
    key = f"an API key with the scope{plural} {', '.join(names)}"
    if any(policy.owner for policy in need.policies):
        return f"you to sign in, or {key}" if names else "you to sign in"
    return key


def unavailable(message: str, request_id: str) -> RefusedError:
    extensions = _with_id({"code": UNAVAILABLE}, request_id)
    return RefusedError(UNAVAILABLE, [_json(message, extensions)], 503, reason="unavailable")


def broken(error: BaseException, request_id: str) -> RefusedError:
    """A bug outside any field."""
    log.error("request_failed", exc_info=error)
    extensions = _with_id({"code": INTERNAL}, request_id)
    return RefusedError(INTERNAL, [_json(INTERNAL_MESSAGE, extensions)], 500, reason="internal")


def shown(errors: Sequence[GraphQLError], request_id: str, operation: str | None) -> list[Json]:
    """The errors of an execution; those that say too much are logged and masked."""
    bugs = 0
    answer = []
    for error in errors:
        cause = cause_of(error)
        if isinstance(cause, RequestError):
            extensions = {"code": cause.code, **getattr(cause, "extensions", {})}
            answer.append(_located(error, cause.message, extensions))
        elif _is_about_an_argument(cause):
            answer.append(_located(error, error.message, {"code": BAD_USER_INPUT}))
        else:
            bugs += 1
            if bugs <= MAX_LOGGED:
                log.error("field_failed", exc_info=cause, path=error.path, operation=operation)
            extensions = _with_id({"code": INTERNAL}, request_id)
            answer.append(_located(error, INTERNAL_MESSAGE, extensions))
    return answer


def cause_of(error: GraphQLError) -> Exception:
    """What was raised in the first place."""
    *_, innermost = _chain(error)
    return innermost


def _chain(error: Exception | None) -> Iterator[Exception]:
    while error is not None:
        yield error
        error = error.original_error if isinstance(error, GraphQLError) else None


def _is_about_an_argument(cause: Exception) -> bool:
    """An argument that only the variables make wrong: the error points at the value.

    graphql-core raises the same class when an answer does not fit its type, and that is a bug.
    """
    if not isinstance(cause, GraphQLError) or not cause.nodes:
        return False
    return not isinstance(cause.nodes[0], FieldNode)


def _located(error: GraphQLError, message: str, extensions: Json) -> Json:
    answer: Json = {"message": REPEATED.sub(_without_value, message)}
    if error.locations:
        answer["locations"] = [place.formatted for place in error.locations]
    if error.path:
        answer["path"] = error.path
    answer["extensions"] = extensions
    return answer


def _without_value(found: re.Match[str]) -> str:
    return {", found": ".", "value": "value."}.get(found[1], "")


def _locations(nodes: list[Node]) -> list[Any]:
    return [place.formatted for place in GraphQLError("", nodes).locations or ()]


def _json(message: str, extensions: Json) -> Json:
    return {"message": message, "extensions": extensions}


def _with_id(extensions: Json, request_id: str) -> Json:
    return extensions if not request_id else {**extensions, "requestId": request_id}
