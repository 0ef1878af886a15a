"""The OpenAPI 3.1 document of a dialect, from its table, its operations and its examples."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final, Protocol

from graphql import GraphQLSchema

from commerce.rest.errors import Kind, Refusal
from commerce.rest.openapi.components import Components
from commerce.rest.openapi.inference import Seen
from commerce.rest.openapi.outcomes import Outcome, Outcomes, outcomes_of
from commerce.rest.openapi.parameters import body_of, parameters_of, together
from commerce.rest.openapi.refusals import kinds_of, refused
from commerce.rest.openapi.samples import completed, sample_of
from commerce.rest.openapi.security import requirement, schemes_of, takes_sessions
from commerce.rest.openapi.selections import Answers, answers_of
from commerce.rest.operations import operation_text
from commerce.rest.paths import PARAMETER
from commerce.rest.route import Dialect, Route

Json = dict[str, Any]


class Access(Protocol):
    """`scopes` are those that a key must hold; what is `own` no key opens."""

    @property
    def scopes(self) -> Sequence[str]: ...

    @property
    def own(self) -> bool: ...


AccessOf = Callable[[Dialect, Route], Access]

JSON: Final = "application/json"
RATE: Final = ("X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset")
WHOLE: Final = {"schema": {"type": "integer"}}
TEXT: Final = {"schema": {"type": "string"}}
HEADERS: Final[Mapping[str, Json]] = {
    "X-Request-Id": {"description": "What the server's log calls the call.", **TEXT},
    "X-Api-Dialect": {"description": "The dialect that answered.", **TEXT},
    "ETag": {"description": "Changes when the answer does.", **TEXT},
    "Retry-After": {"description": "Seconds to wait.", **WHOLE},
    "X-RateLimit-Limit": {"description": "Calls that are free at a time.", **WHOLE},
    "X-RateLimit-Remaining": {"description": "Those that are left.", **WHOLE},
    "X-RateLimit-Reset": {"description": "When all are free again, in Unix seconds.", **WHOLE},
}


def documented(dialects: Sequence[Dialect]) -> list[Dialect]:
    """Those that have something to document."""
    return [dialect for dialect in dialects if dialect.routes]


def operation_id(route: Route) -> str:
    """`getProductById`, the same for every row of a method and path; `/cart-items` is not
    `/cart/items`."""
    words = PARAMETER.sub(r"by_\1", route.path).replace("/", "_").split("_")
    name = "".join(word[:1].upper() + word[1:] for word in words)
    return route.method.lower() + name.replace("-", "_")


class OpenApi:
    """`access` tells who may call a route."""

    def __init__(
        self, dialect: Dialect, schema: GraphQLSchema, access: AccessOf, version: str
    ) -> None:
        self._dialect = dialect
        self._schema = schema
        self._access = access
        self._version = version
        self._answers: dict[str, Answers] = {}
        # Of rows whose paths differ in the names of their parameters alone, the first one names.
        self._paths: dict[str, str] = {}
        for route in dialect.routes:
            self._paths.setdefault(structure(route), route.path)

    def document(self) -> Json:
        """Raises `UnshapedError` for a shape that cannot do with what its operation may answer."""
        paths: dict[str, Json] = {}
        for rows in self._rows():
            path = self._paths[structure(rows[0])]
            address = self._dialect.bases[0] + PARAMETER.sub(r"{\1}", path)
            paths.setdefault(address, {})[rows[0].method.lower()] = self._operation(rows, path)
        components = Components()
        document: Json = components.moved(
            {
                "openapi": "3.1.0",
                "info": self._info(),
                "servers": [{"url": "/"}],
                "tags": [{"name": name} for name in dict.fromkeys(map(_tag, self._dialect.routes))],
                "paths": paths,
            }
        )
        named = {"headers": HEADERS, "securitySchemes": schemes_of(self._dialect)}
        return {**document, "components": {**components.found(), **named}}

    def _rows(self) -> list[list[Route]]:
        """Rows of one method and path; OpenAPI knows no others that differ in their query."""
        found: dict[tuple[str, str], list[Route]] = {}
        for route in self._dialect.routes:
            found.setdefault((route.method, structure(route)), []).append(route)
        return list(found.values())

    def _info(self) -> Json:
        bases = ", ".join(f"`{base}`" for base in self._dialect.bases)
        served = (
            f"Served below {bases}. `HEAD` works wherever `GET` does, `OPTIONS` says what does."
        )
        title = f"{self._dialect.name.capitalize()} dialect"
        return {"title": title, "version": self._version, "description": served}

    def _operation(self, rows: Sequence[Route], path: str) -> Json:
        route = rows[-1]
        found: Json = {
            "operationId": operation_id(route),
            "summary": " / ".join(dict.fromkeys(row.about for row in rows if row.about)),
            "tags": [_tag(route)],
            "security": self._security(rows),
            "parameters": together([list(parameters_of(row, path)) for row in rows]),
            "responses": self._responses(rows),
        }
        asked = ", ".join(sorted(self._asked(rows)))
        if asked:
            found["description"] = f"Needs {asked}."
        bodies = [body for row in rows if (body := body_of(row)) is not None]
        return {**found, "requestBody": bodies[-1]} if bodies else found

    def _security(self, rows: Sequence[Route]) -> list[dict[str, list[str]]]:
        writes = rows[0].method != "GET"
        proven = requirement(self._dialect, sorted(self._asked(rows)), writes=writes)
        return [{}, *proven] if all(row.public for row in rows) else proven

    def _asked(self, rows: Sequence[Route]) -> set[str]:
        return {name for row in rows for name in self._access(self._dialect, row).scopes}

    def _may_be_forbidden(self, route: Route) -> bool:
        access = self._access(self._dialect, route)
        by_session = takes_sessions(self._dialect) and route.method != "GET"
        return bool(access.scopes) or access.own or by_session

    def _responses(self, rows: Sequence[Route]) -> Json:
        found = {}
        good = combined(outcomes_of(self._dialect, row, self._answers_of) for row in rows)
        for status, outcomes in good.items():
            found[status] = self._good(status, outcomes, rows[-1])
        for status, (words, seen) in self._refused(rows).items():
            refused = self._response("; ".join(words), status, seen.schema())
            found[status] = _either(found[status], refused) if status in found else refused
        if any(row.body is not None for row in rows):
            found[413] = self._too_large()
        if rows[-1].method == "GET":
            headers = self._headers(304)
            found[304] = {"description": "What is known is still good", "headers": headers}
        return {str(status): found[status] for status in sorted(found)}

    def _too_large(self) -> Json:
        """As the server around the gateway prints it."""
        seen = Seen()
        seen.see(self._dialect.refusal(Refusal(Kind.BAD_REQUEST))[1])
        schema = seen.schema()
        headers = {"X-Request-Id": {"$ref": "#/components/headers/X-Request-Id"}}
        content = {JSON: {"schema": schema}}
        return {"description": "The body is too large", "headers": headers, "content": content}

    def _good(self, status: int, outcomes: Sequence[Outcome], route: Route) -> Json:
        bodies = [each.body for each in outcomes if each.filled]
        sampled = status == route.status and bodies
        example = self._example(route, bodies[-1]) if sampled else None
        schemas = [each.schema() for each in bodies]
        response = self._response(HTTPStatus(status).phrase, status, _any_of(schemas))
        for outcome in outcomes:
            for name, seen in outcome.headers.items():
                response["headers"][name] = {"schema": seen.schema()}
        if example is not None:
            response["content"][JSON]["example"] = example
        return response

    def _example(self, route: Route, seen: Seen) -> Any:
        """The sample of the dialect's documents, which is an answer like those that were seen."""
        sample = sample_of(self._dialect.name, operation_id(route))
        if sample is None:
            return None
        example = completed(sample, seen.schema())
        seen.see(example)
        return example

    def _response(self, words: str, status: int, schema: Json | None) -> Json:
        response: Json = {"description": words, "headers": self._headers(status)}
        if schema is not None:
            response["content"] = {JSON: {"schema": schema}}
        return response

    def _headers(self, status: int) -> Json:
        names = ["X-Request-Id", "X-Api-Dialect", *(RATE if self._dialect.tells_rate else ())]
        names += ["ETag"] if status in (200, 304) else []
        names += ["Retry-After"] if status in (429, 503) else []
        return {name: {"$ref": f"#/components/headers/{name}"} for name in names}

    def _refused(self, rows: Sequence[Route]) -> dict[int, tuple[list[str], Seen]]:
        found: dict[int, tuple[list[str], Seen]] = {}
        for route in rows:
            answers = [self._answers_of(name) for name in route.operations]
            kinds = kinds_of(
                self._dialect,
                route,
                may_be_missing=any(each.may_be_missing for each in answers),
                may_be_forbidden=self._may_be_forbidden(route),
            )
            for status, (words, seen) in refused(self._dialect, route, kinds).items():
                known, kept = found.setdefault(status, ([], Seen()))
                known.extend(word for word in words if word not in known)
                kept.add(seen)
        return found

    def _answers_of(self, name: str) -> Answers:
        if name not in self._answers:
            text = operation_text(self._dialect.name, name)
            self._answers[name] = answers_of(self._schema, text)
        return self._answers[name]


def structure(route: Route) -> str:
    """A path without the names of its parameters."""
    return PARAMETER.sub("{}", route.path)


def combined(of_rows: Iterable[Outcomes]) -> dict[int, list[Outcome]]:
    found: dict[int, list[Outcome]] = {}
    for outcomes in of_rows:
        for status, outcome in outcomes.items():
            found.setdefault(status, []).append(outcome)
    return dict(sorted(found.items()))


def _tag(route: Route) -> str:
    """What the first segment of its path names."""
    return route.path.strip("/").split("/")[0]


def _any_of(schemas: Sequence[Json]) -> Json | None:
    different = [each for place, each in enumerate(schemas) if each not in schemas[:place]]
    if not different:
        return None
    return different[0] if len(different) == 1 else {"anyOf": different}


def _either(good: Json, refused: Json) -> Json:
    """A status that a route answers with when it did something, and when it did not."""
    both = [each["content"][JSON]["schema"] for each in (good, refused) if "content" in each]
    content = {JSON: {**good.get("content", {}).get(JSON, {}), "schema": _any_of(both)}}
    return {**refused, **good, "headers": refused["headers"] | good["headers"], "content": content}
