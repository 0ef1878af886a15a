"""What routes answer, found out by shaping what their operations could answer."""

from collections.abc import Generator
from typing import Any

import pytest
from graphql import build_schema

from commerce.core.limiter import Rate
from commerce.rest.credentials import bearer
from commerce.rest.errors import RefusedError, not_found
from commerce.rest.fields import Field
from commerce.rest.kinds import choice, record, text, whole
from commerce.rest.openapi.outcomes import UnshapedError, outcomes_of
from commerce.rest.openapi.selections import answers_of
from commerce.rest.route import Ask, Call, Dialect, Json, Reply, Route

SCHEMA = build_schema("""
    enum Status { OPEN CLOSED }
    interface Node { id: ID! }
    type Shop implements Node { id: ID!, name: String! }
    type Person implements Node { id: ID!, age: Int }
    type Order {
      number: Int!
      note: String
      status: Status!
      stock: Int!
      lines: [Line!]!
      owner: Node
    }
    type Line { title: String!, picture: Picture }
    type Picture { url: String! }
    type Problem { code: String!, message: String!, path: [String!] }
    type Payload { order: Order, userErrors: [Problem!]! }
    type Query { order(id: ID): Order }
    type Mutation { close(id: ID): Payload! }
""")
OPERATIONS = {
    "One": """query One($readStock: Boolean!) {
        result: order {
          number note status
          stock @include(if: $readStock)
          lines { title picture { url } }
          owner { ... on Shop { name } ...Aged }
        }
      }
      fragment Aged on Person { age }""",
    "Close": """mutation Close {
        result: close { order { status } userErrors { code message path } }
      }""",
}
DIALECT = Dialect("paper", ("/api",), bearer, lambda _refusal: (400, {}), Rate("paper", 1, 1))


def outcomes(route: Route) -> dict[int, Any]:
    found = outcomes_of(DIALECT, route, lambda name: answers_of(SCHEMA, OPERATIONS[name]))
    return {status: outcome.body.schema() for status, outcome in found.items()}


def test_every_null_every_choice_and_every_type_is_told() -> None:
    (schema,) = outcomes(Route("GET", "/order", "One")).values()
    members = schema["properties"]
    assert members["number"] == {"type": "integer"}
    assert members["note"] == {"type": ["string", "null"]}
    assert members["status"] == {"type": "string", "enum": ["CLOSED", "OPEN"]}
    assert members["lines"]["items"]["properties"]["picture"]["type"] == ["object", "null"]
    assert members["owner"]["type"] == ["object", "null"]
    assert set(members["owner"]["properties"]) == {"name", "age"}
    assert "required" not in members["owner"]
    assert "stock" not in schema["required"]


def test_what_is_null_only_together_with_something_else_is_found() -> None:
    def first_picture(node: Any, _call: Call) -> Json:
        """None when the line has none of its own, and there is no note either."""
        found = [line["picture"] or node["note"] for line in node["lines"] if node["status"]]
        return {"shown": bool(found), "picture": found[0] if found else 1}

    (schema,) = outcomes(Route("GET", "/order", "One", shape=first_picture)).values()
    kinds = schema["properties"]["picture"]["anyOf"]
    assert [each["type"] for each in kinds] == ["integer", "object", "string", "null"]


def test_what_depends_on_the_call_is_told_for_every_choice() -> None:
    def shape(_node: Any, call: Call) -> Json:
        return {"page": call.args["page"], call.args["by"]: True, "name": call.body.get("name")}

    route = Route(
        "POST",
        "/order/{id:int}",
        "One",
        shape=shape,
        query=(Field("page", whole(1), default=1), Field("by", choice("a", "b"), default="a")),
        body=record(Field("name", text())),
    )
    (schema,) = outcomes(route).values()
    assert set(schema["properties"]) == {"page", "a", "b", "name"}
    assert schema["required"] == ["page", "name"]
    assert schema["properties"]["name"] == {"type": ["string", "null"]}


def test_what_a_parameter_hides_is_told_without_it() -> None:
    def shape(_node: Any, call: Call) -> Json:
        return {"a": 1} if call.args.get("only") else {"a": 1, call.args.get("with", "b"): 2}

    query = (Field("with", choice("c", "d")), Field("only", text(), hides=True))
    (schema,) = outcomes(Route("GET", "/order", "One", shape=shape, query=query)).values()
    assert set(schema["properties"]) == {"a", "b", "c", "d"}
    assert schema["required"] == ["a"]


def test_a_flow_is_told_with_steps_that_are_refused() -> None:
    def flow(_call: Call) -> Generator[Ask, Any, Json | Reply]:
        order = yield Ask("One", {})
        try:
            closed = yield Ask("Close", {})
        except RefusedError:
            return Reply({"open": order["number"]}, 202)
        return Reply({"order": closed["order"]}, headers={"X-Number": str(order["number"])})

    found = outcomes(Route("POST", "/close", "One", flow=flow, further=("Close",)))
    assert set(found) == {200, 202}
    # What a mutation did is there: its problems are refused before.
    assert found[200]["properties"]["order"]["type"] == "object"


def test_a_shape_that_cannot_do_with_an_answer_is_named_with_it() -> None:
    route = Route("GET", "/order", "One", shape=lambda node, _call: {"n": node["note"].strip()})
    with pytest.raises(UnshapedError, match=r"^paper GET /api/order, everything null: Attr"):
        outcomes(route)


def test_what_refuses_a_call_is_told_otherwise_and_all_the_rest_as_ever() -> None:
    def open_(node: Any, _call: Call) -> Json:
        if node["note"] is not None:
            raise not_found()
        return {"owner": node["owner"], "status": node["status"]}

    (schema,) = outcomes(Route("GET", "/order", "One", shape=open_)).values()
    assert schema["properties"]["owner"]["type"] == ["object", "null"]
    assert schema["properties"]["status"] == {"type": "string", "enum": ["CLOSED", "OPEN"]}


def test_a_route_that_refuses_every_call_has_no_outcome() -> None:
    def never(_call: Call) -> dict[str, Any]:
        raise not_found()

    assert outcomes(Route("GET", "/order", "One", never)) == {}
