"""From bytes to what is asked: the parameters of GraphQL over HTTP."""

from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qsl

from commerce.core.exact_json import JsonError, read_json
from commerce.http.graphql.errors import RefusedError, refused
from commerce.http.graphql.library import Reference
from commerce.http.graphql.manifest import HASH, PREFIX

BAD_REQUEST: Final = "BAD_REQUEST"
PARAMETERS: Final = ("query", "documentId", "variables", "operationName", "extensions")
JSON_PARAMETERS: Final = ("variables", "extensions")
MAX_PARAMETERS: Final = 20
PERSISTED_VERSION: Final = 1


@dataclass(frozen=True, slots=True)
class GraphQLRequest:
    """`query` is the document's text, or the hash of a text that the server knows."""

    query: str | Reference
    variables: dict[str, Any] | None = None
    operation_name: str | None = None


def from_body(body: bytes) -> GraphQLRequest:
    """Raises `RefusedError` for anything but one request."""
    parameters = _json(body, "body")
    if isinstance(parameters, list):
        raise _bad("Batches are not supported: send one request at a time.")
    if not isinstance(parameters, dict):
        raise _bad("The body must be a JSON object.")
    return from_parameters(parameters)


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
    if parameters.get("operationName") == "":
        del parameters["operationName"]
    if len(parameters) < len(known):
        raise _bad("A parameter is given twice.")
    for name in JSON_PARAMETERS:
        if parameters.get(name):
            parameters[name] = _json(parameters[name], name)
        else:
            parameters.pop(name, None)
    return from_parameters(parameters)


def from_parameters(parameters: dict[str, Any]) -> GraphQLRequest:
    name = parameters.get("operationName")
    if name is not None and not isinstance(name, str):
        raise _bad("The parameter operationName must be a string or null.")
    for key in JSON_PARAMETERS:
        if not isinstance(parameters.get(key), dict | None):
            raise _bad(f"The parameter {key} must be an object or null.")
    return GraphQLRequest(_document(parameters), parameters.get("variables"), name)


def _document(parameters: dict[str, Any]) -> str | Reference:
    query = parameters.get("query")
    if "documentId" in parameters:
        return _identified(parameters["documentId"], query)
    persisted = (parameters.get("extensions") or {}).get("persistedQuery")
    if persisted is not None and (query is None or isinstance(query, str)):
        return _persisted(persisted, query)
    if not isinstance(query, str):
        raise _bad("The parameter query must be a string.")
    return query


def _identified(id_: Any, query: Any) -> Reference:
    """Persisted documents, as an appendix to GraphQL over HTTP has them."""
    if query is not None:
        raise _bad("Send either query or documentId.")
    if not isinstance(id_, str) or not HASH.fullmatch(id_.removeprefix(PREFIX)):
        raise _bad("The parameter documentId must be sha256: and 64 hexadecimal digits.")
    return Reference(id_.removeprefix(PREFIX))


def _persisted(persisted: Any, query: str | None) -> Reference:
    """Automatic persisted queries, as Apollo's clients speak of them."""
    hash_ = persisted.get("sha256Hash") if isinstance(persisted, dict) else None
    if not isinstance(hash_, str) or not HASH.fullmatch(hash_):
        raise _bad("extensions.persistedQuery needs a sha256Hash of 64 hexadecimal digits.")
    if persisted.get("version") != PERSISTED_VERSION:
        raise _bad("extensions.persistedQuery must have the version 1.")
    return Reference(hash_, query)


def _json(text: bytes | str, name: str) -> Any:
    try:
        return read_json(text)
    except JsonError:
        raise _bad(f"The {name} is not valid JSON.") from None


def _bad(message: str) -> RefusedError:
    return refused(BAD_REQUEST, message)
