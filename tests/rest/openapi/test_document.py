"""The documents of the real dialects."""

import json
from functools import cache
from typing import Any

import httpx
import jsonschema_rs
import pytest

from commerce.rest.dialects import DIALECTS
from commerce.rest.openapi.document import documented, structure
from commerce.rest.openapi.documents import file_of
from commerce.rest.route import Dialect

EACH = pytest.mark.parametrize("dialect", documented(DIALECTS), ids=lambda dialect: dialect.name)
METHODS = ("get", "post", "put", "patch", "delete")


def document_of(dialect: Dialect) -> Any:
    return named(dialect.name)


def operations(document: Any) -> list[Any]:
    return [each for path in document["paths"].values() for each in path.values()]


@cache
def named(name: str) -> Any:
    """That which is served, which another test compares with the table; its answers in place."""
    document = json.loads(file_of(name).read_text("utf-8"))
    for operation in operations(document):
        responses = operation["responses"]
        operation["responses"] = {
            status: referred(document, each) for status, each in responses.items()
        }
    return document


def referred(document: Any, node: Any) -> Any:
    """What a reference refers to, or the thing itself."""
    if "$ref" not in node:
        return node
    for part in node["$ref"].removeprefix("#/").split("/"):
        document = document[part]
    return document


@EACH
def test_every_endpoint_is_in_it_once(dialect: Dialect) -> None:
    document = document_of(dialect)
    endpoints = {(route.method, structure(route)) for route in dialect.routes}
    assert len(operations(document)) == len(endpoints)
    ids = [each["operationId"] for each in operations(document)]
    assert len(set(ids)) == len(ids)
    for address, path in document["paths"].items():
        assert address.startswith(dialect.bases[0])
        assert set(path) <= set(METHODS)


@EACH
def test_its_schemas_are_json_schemas_and_its_references_lead_somewhere(dialect: Dialect) -> None:
    document = document_of(dialect)
    jsonschema_rs.meta.validate(document["components"].get("schemas", {}) | {"$defs": {}})
    for node in filter(None, nodes(document)):
        assert referred(document, node)
        if "schema" in node and isinstance(node["schema"], dict):
            jsonschema_rs.meta.validate(node["schema"])


@EACH
def test_every_answer_says_what_it_is(dialect: Dialect) -> None:
    for operation in operations(document_of(dialect)):
        responses = operation["responses"]
        # In some dialects a missing key is a 403.
        assert {"401", "403"} & set(responses)
        assert {"429", "500", "503"} <= set(responses)
        assert all("X-Request-Id" in each["headers"] for each in responses.values())
        assert ("304" in responses) is operation["operationId"].startswith("get")
        good = [each for status, each in responses.items() if status.startswith("2")]
        assert bool(good) is (operation["operationId"] not in REFUSED)
        assert operation["security"]


# Documented endpoints that no call of can go well.
REFUSED = {"putOrder"}


def nodes(node: Any) -> list[Any]:
    if isinstance(node, list):
        return [found for each in node for found in nodes(each)]
    if isinstance(node, dict):
        return [node, *(found for each in node.values() for found in nodes(each))]
    return []


def test_a_refusal_has_the_envelope_of_the_dialect() -> None:
    litestore = named("litestore")["paths"]["/api/products"]["get"]["responses"]["400"]
    assert "$ref" in litestore["content"]["application/json"]["schema"]["properties"]["error"]
    cartino = named("cartino")["paths"]["/api/products"]["get"]["responses"]
    errors = cartino["422"]["content"]["application/json"]["schema"]["properties"]["errors"]
    assert errors["additionalProperties"]["items"] == {"type": "string"}
    assert "retry_after" in json.dumps(cartino["429"])
    assert "406" in cartino


def test_keys_are_sent_as_the_dialect_takes_them() -> None:
    schemes = {name: list(named(name)["components"]["securitySchemes"]) for name in SCHEMES}
    assert schemes == SCHEMES
    media = named("shopkit")["paths"]["/v1/media"]["get"]["security"]
    assert media == [{"apiKey": ["read_files"]}, {"apiKeyInQuery": ["read_files"]}]
    webhooks = named("cartino")["paths"]["/api/webhooks"]
    assert {"session": ["read_webhooks"]} in webhooks["get"]["security"]
    assert {"session": ["read_webhooks", "write_webhooks"], "sessionToken": []} in webhooks["post"][
        "security"
    ]


SCHEMES = {
    "litestore": ["bearer"],
    "cartino": ["bearer", "basic", "session", "sessionToken"],
    "shopkit": ["apiKey", "apiKeyInQuery"],
}


def test_a_picture_that_is_missing_in_one_place_and_another_is_null() -> None:
    components = named("shopkit")["components"]["schemas"]
    image = components["Option"]["properties"]["image"]
    assert components[image["$ref"].rpartition("/")[2]]["type"] == ["object", "null"]


async def test_it_is_served(client: httpx.AsyncClient) -> None:
    listed = (await client.get("/api/docs")).json()
    assert [each["dialect"] for each in listed] == [each.name for each in documented(DIALECTS)]
    served = await client.get("/api/docs/shopkit/openapi.json")
    assert served.status_code == 200, served.text
    assert set(served.json()["paths"]) == set(named("shopkit")["paths"])
    assert (await client.get("/api/docs/ecwid/openapi.json")).status_code == 404
