"""From bytes to what is asked: the parameters of GraphQL over HTTP."""

from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qsl

from commerce.core.exact_json import JsonError, read_json
from commerce.http.graphql.errors import RefusedError, refused

BAD_REQUEST: Final = "BAD_REQUEST"
PARAMETERS: Final = ("query", "variables", "operationName", "extensions")
JSON_PARAMETERS: Final = ("variables", "extensions")
MAX_PARAMETERS: Final = 20


@dataclass(frozen=True, slots=True)
class GraphQLRequest:
    query: str
    variables: dict[str, Any] | None = None
    operation_name: str | None = None


def from_body(body: bytes) -> GraphQLRequest:
    """Raises `RefusedError` for anything but one request."""
    parameters = _json(body, "body")
    if isinstance(parameters, list):
        raise _bad("Batches are not supported: send one request at a time.")
    if not isinstance(parameters, dict):
        raise _bad("The body must be a JSON object.")
    return _request(parameters)


def from_query_string(query_string: bytes) -> GraphQLRequest:
    try:
        pairs = parse_qsl(
            query_string.decode("ascii"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=MAX_PARAMETERS,
        )
    except ValueError:
        raise _bad("The query string cannot be read.") from None
    known = [(name, value) for name, value in pairs if name in PARAMETERS]
    parameters: dict[str, Any] = dict(known)
    if len(parameters) < len(known):
        raise _bad("A parameter is given twice.")
    for name in JSON_PARAMETERS:
        if parameters.get(name):
            parameters[name] = _json(parameters[name], name)
        else:
            parameters.pop(name, None)
    return _request(parameters)


def _request(parameters: dict[str, Any]) -> GraphQLRequest:
    query = parameters.get("query")
    if not isinstance(query, str):
        raise _bad("The parameter query must be a string.")
    name = parameters.get("operationName")
    if name is not None and not isinstance(name, str):
        raise _bad("The parameter operationName must be a string or null.")
    for key in JSON_PARAMETERS:
        if not isinstance(parameters.get(key), dict | None):
            raise _bad(f"The parameter {key} must be an object or null.")
    return GraphQLRequest(query, parameters.get("variables"), name)


def _json(text: bytes | str, name: str) -> Any:
    try:
        return read_json(text)
    except JsonError:
        raise _bad(f"The {name} is not valid JSON.") from None


def _bad(message: str) -> RefusedError:
    return refused(BAD_REQUEST, message)
