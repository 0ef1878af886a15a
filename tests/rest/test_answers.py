"""From what an operation answered to what a row replies."""

from typing import Any

import pytest

from commerce.core.viewer import Scope, Viewer, ViewerKind
from commerce.rest.answers import ShapedError, allowances, node_of, reply_of
from commerce.rest.errors import Flaw, Kind, Refusal, RefusedError
from commerce.rest.route import Reply, Route
from tests.support.rest import Told


def row(**options: Any) -> Route:
    return Route("POST", "/things", "Add", lambda _call: {}, lambda node, _call: node, **options)


def problem(code: str, *path: str) -> dict[str, Any]:
    return {"userErrors": [{"code": code, "message": "Only 3 left.", "path": list(path) or None}]}


def refusal(answer: Told, route: Route) -> Refusal:
    with pytest.raises(RefusedError) as refused:
        node_of(answer, route)
    return refused.value.refusal


def test_a_body_has_the_rows_status_and_a_reply_its_own() -> None:
    made = row(status=201)
    assert reply_of({"id": 1}, made) == Reply({"id": 1}, 201)
    reply = Reply([1], 202, {"X-Total-Count": "1"})
    assert reply_of(reply, made) is reply


def test_no_problems_are_no_failure() -> None:
    node = {"thing": {"id": 1}, "userErrors": []}
    assert node_of(Told({"result": node}), row()) == node


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("NOT_FOUND", Kind.NOT_FOUND),
        ("TAKEN", Kind.CONFLICT),
        ("VERSION_CONFLICT", Kind.CONFLICT),
        ("INVALID", Kind.INVALID),
        ("INSUFFICIENT_STOCK", Kind.INVALID),  # one that no table knows speaks for itself
    ],
)
def test_a_problem_is_refused_naming_its_field(code: str, kind: Kind) -> None:
    told = refusal(Told({"result": problem(code, "lines", "0", "sku")}), row())
    flaw = Flaw("lines.0.sku", "Only 3 left.", "Only 3 left.")
    assert told == Refusal(kind, "Only 3 left.", (flaw,))


def test_problems_are_told_in_the_dialects_names() -> None:
    told = refusal(Told({"result": problem("INVALID", "input", "compareAtPrice")}), row())
    assert told.field == "compare_at_price"
    renamed = row(renamed={"compareAtPrice": "price_before"})
    assert refusal(Told({"result": problem("INVALID", "compareAtPrice")}), renamed).field == (
        "price_before"
    )


def test_a_problem_without_a_field_is_a_sentence() -> None:
    told = refusal(Told({"result": problem("TAKEN")}), row())
    assert told == Refusal(Kind.CONFLICT, "Only 3 left.")


def test_a_row_may_print_a_problem_its_own_way() -> None:
    route = row(problems={"INSUFFICIENT_STOCK": lambda node: (200, {"warning": node["message"]})})
    with pytest.raises(ShapedError) as shaped:
        node_of(Told({"result": problem("INSUFFICIENT_STOCK")}), route)
    assert shaped.value.reply == Reply({"warning": "Only 3 left."}, 200)


def test_half_an_answer_is_none() -> None:
    errors = [{"message": "No.", "extensions": {"code": "INTERNAL_SERVER_ERROR"}}]
    assert refusal(Told({"result": {"id": 1}}, errors), row()).kind is Kind.INTERNAL
    assert refusal(Told(None), row()).kind is Kind.INTERNAL


def test_operations_are_told_what_the_viewer_may() -> None:
    viewer = Viewer(ViewerKind.API_KEY, 1, frozenset({Scope.READ_STOCK}))
    allowed = allowances(viewer)
    assert allowed["readStock"] is True
    assert allowed["readPrices"] is False
    assert len(allowed) == len(Scope)
