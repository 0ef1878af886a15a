"""From what an operation answered to what the route replies."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from commerce.core.call import REPLAYED
from commerce.core.viewer import Scope, Viewer
from commerce.rest.errors import RefusedError, not_found, refusal_of_errors, refusal_of_problem
from commerce.rest.route import Answer, Call, Reply, Route

RESULT = "result"


def reply_of(answer: Answer, route: Route, call: Call) -> Reply:
    """Raises `RefusedError` for errors, for nothing found, and for problems nobody shapes."""
    node = result_of(answer)
    problems = node.get("userErrors") if isinstance(node, Mapping) else None
    if problems:
        return _of_problem(problems[0], route)
    shaped = route.shape(node, call)
    reply = shaped if isinstance(shaped, Reply) else Reply(shaped, route.status)
    if not answer.replayed:
        return reply
    return replace(reply, headers={**reply.headers, REPLAYED: "true"})


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


def _of_problem(problem: Mapping[str, Any], route: Route) -> Reply:
    shape = route.problems.get(problem["code"])
    if shape is None:
        raise RefusedError(refusal_of_problem(problem))
    status, body = shape(problem)
    return Reply(body, status)


def _camel(name: str) -> str:
    head, *rest = name.split("_")
    return head + "".join(word.capitalize() for word in rest)
