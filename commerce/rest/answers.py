"""From what an operation answered to what the route replies."""

from collections.abc import Mapping, Sequence
from typing import Any

from commerce.core.viewer import Scope, Viewer
from commerce.rest.errors import (
    Refusal,
    RefusedError,
    not_found,
    refusal_of_errors,
    refusal_of_problems,
)
from commerce.rest.route import Answer, Json, Reply, Route

RESULT = "result"


class ShapedError(RefusedError):
    """A refusal with a reply of the route's own."""

    def __init__(self, refusal: Refusal, reply: Reply) -> None:
        super().__init__(refusal)
        self.reply = reply


def node_of(answer: Answer, route: Route) -> Any:
    """What the operation found. Raises `RefusedError` for errors, for nothing found, and for
    problems; those that the route shapes itself carry their reply.
    """
    node = result_of(answer)
    problems = node.get("userErrors") if isinstance(node, Mapping) else None
    if problems:
        raise _of_problems(problems, route)
    return node


def reply_of(shaped: Json | Reply, route: Route) -> Reply:
    return shaped if isinstance(shaped, Reply) else Reply(shaped, route.status)


def result_of(answer: Answer) -> Any:
    """The root field; half an answer is none."""
    if answer.errors or answer.data is None:
        raise RefusedError(refusal_of_errors(answer.errors or [{}]))
    node = answer.data[RESULT]
    if node is None:
        raise not_found()
    return node


def allowances(viewer: Viewer) -> dict[str, bool]:
    """`{"readStock": True, ...}`: operations leave out with them what the caller may not read."""
    return {_camel(scope.value): viewer.may(scope) for scope in Scope}


def _of_problems(problems: Sequence[Mapping[str, Any]], route: Route) -> RefusedError:
    shape = route.problems.get(problems[0]["code"])
    refusal = refusal_of_problems(problems, route.renamed)
    if shape is None:
        return RefusedError(refusal)
    status, body = shape(problems[0])
    waits = refusal.retry_after
    headers = {} if waits is None else {"Retry-After": str(waits)}
    return ShapedError(refusal, Reply(body, status, headers))


def _camel(name: str) -> str:
    head, *rest = name.split("_")
    return head + "".join(word.capitalize() for word in rest)
