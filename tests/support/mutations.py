"""Sending one mutation, and reading what it answered."""

from typing import Any

from commerce.core.viewer import Scope, Viewer, ViewerKind
from tests.conftest import EVERYTHING, Ask

OWNER = Viewer(ViewerKind.STAFF, None, frozenset(Scope))
CLERK = Viewer(
    ViewerKind.STAFF,
    None,
    frozenset({Scope.READ_API_KEYS, Scope.WRITE_API_KEYS, Scope.READ_STOCK}),
)


async def done(ask: Ask, mutation: str, viewer: Viewer = EVERYTHING, **input_: Any) -> Any:
    """Its payload."""
    answer = await ask(mutation, {"input": input_}, viewer=viewer)
    assert "errors" not in answer, answer
    (payload,) = answer["data"].values()
    return payload


def errors(payload: Any) -> list[tuple[str, list[str]]]:
    return [(error["code"], error["path"]) for error in payload["userErrors"]]
