"""What a route takes, as OpenAPI has it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from commerce.rest.fields import Field, told_of
from commerce.rest.paths import PARAMETER
from commerce.rest.route import Route

Json = dict[str, Any]
READS: Final = ("GET",)
TAG: Final = {
    "name": "If-None-Match",
    "in": "header",
    "required": False,
    "description": "The `ETag` of an answer that is known; while it is good, the answer is 304.",
    "schema": {"type": "string"},
}
KEY: Final = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "Of the caller's choice: the call is done once, and answered the same again.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[ -~]+$"},
}


def parameters_of(route: Route, path: str) -> Iterator[Json]:
    """`path` is the same with the names that its parameters are documented by."""
    names = [name for name, _kind in PARAMETER.findall(path)]
    for name, (own, kind) in zip(names, PARAMETER.findall(route.path), strict=True):
        yield _in_path(name, kind, route.examples.get(own, ()))
    for each in route.query:
        yield _in_query(each, route)
    named = {each.name for each in route.query}
    for name in route.when:
        if name not in named:
            yield _plain(name, "query")
    for name in route.headers:
        yield _plain(name, "header")
    for name in route.cookies:
        yield _plain(name, "cookie")
    yield TAG if route.method in READS else KEY


def body_of(route: Route) -> Json | None:
    """None at all counts as an object without members."""
    if route.body is None:
        return None
    return {
        "required": not _may_be_empty(route.body.schema),
        "content": {"application/json": {"schema": route.body.taken}},
    }


def together(of_rows: Sequence[Sequence[Json]]) -> list[Json]:
    """Those of several rows on one path: required is what all of them require."""
    found: dict[tuple[str, str], Json] = {}
    for parameters in of_rows:
        for each in parameters:
            known = found.setdefault((each["in"], each["name"]), each)
            if known["schema"] != each["schema"]:
                schema = {"anyOf": [known["schema"], each["schema"]]}
                found[each["in"], each["name"]] = known | {"schema": schema}
    for key, each in found.items():
        if each["in"] != "path" and not all(_has(key, parameters) for parameters in of_rows):
            found[key] = each | {"required": False}
    return list(found.values())


def _has(key: tuple[str, str], parameters: Sequence[Json]) -> bool:
    return any((each["in"], each["name"]) == key for each in parameters)


def _in_path(name: str, kind: str, examples: Sequence[str]) -> Json:
    schema: Json = {"type": "string", "minLength": 1}
    if kind == "int":
        schema = {"type": "integer", "minimum": 0}
    elif kind.endswith("_"):
        schema = {"type": "string", "pattern": f"^{kind}[0-9]+$"}
    elif kind:
        schema = {"type": "string", "pattern": f"^({kind}-)?[0-9]+$"}
    if examples:
        schema["examples"] = list(examples)
    return {"name": name, "in": "path", "required": True, "schema": schema}


def _in_query(each: Field, route: Route) -> Json:
    found: Json = {
        "name": each.name,
        "in": "query",
        "required": each.required or each.name in route.when,
        "allowEmptyValue": True,
        "schema": {**each.kind.schema, **told_of(each)},
    }
    if each.about:
        found["description"] = each.about
    if each.kind.schema.get("type") == "array":
        found |= {"style": "form", "explode": False}
    return found


def _plain(name: str, place: str) -> Json:
    return {"name": name, "in": place, "required": False, "schema": {"type": "string"}}


def _may_be_empty(schema: Mapping[str, Any]) -> bool:
    if "anyOf" in schema:
        return any(_may_be_empty(each) for each in schema["anyOf"])
    return schema.get("type", "object") == "object" and not schema.get("required")
