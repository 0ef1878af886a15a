"""Schemas that a document has more than once, moved to where they are named."""

import json
import re
from collections import Counter
from collections.abc import Mapping
from typing import Any, Final

Json = Any
LEAST_MEMBERS: Final = 3
# What surrounds schemas, and what surrounds the thing itself: neither says what it is.
AROUND: Final = frozenset(
    {
        *("content", "responses", "requestBody", "schema", "items", "anyOf", "properties"),
        *("patternProperties", "additionalProperties", "parameters", "data", "result", "paths"),
        *("get", "post", "put", "patch", "delete"),
    }
)
PATH: Final = re.compile(r"^/(?:api|v\d+)(?:/v\d+)?((?:/[\w-]+)+)")


class Components:
    """`moved` puts references into a document, `found` is what they refer to."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._texts: dict[int, str] = {}
        self._names: dict[str, str] = {}
        self._schemas: dict[str, Json] = {}

    def moved(self, document: Json) -> Json:
        self._count(document)
        return self._replaced(document, "")

    def found(self) -> dict[str, Json]:
        return {"schemas": dict(sorted(self._schemas.items()))} if self._schemas else {}

    def _count(self, node: Json) -> None:
        for inner in _within(node):
            self._count(inner)
        if _worthwhile(node):
            self._counts[self._text(node)] += 1

    def _text(self, node: Json) -> str:
        return json.dumps(node, sort_keys=True)

    def _replaced(self, node: Json, name: str) -> Json:
        if not _worthwhile(node) or self._counts[text := self._text(node)] < 2:
            return self._inside(node, name)
        if text not in self._names:
            self._names[text] = self._free(name)
            self._schemas[self._names[text]] = self._inside(node, name)
        return {"$ref": f"#/components/schemas/{self._names[text]}"}

    def _inside(self, node: Json, name: str) -> Json:
        if isinstance(node, Mapping):
            return {key: self._replaced(each, _name(key, name)) for key, each in node.items()}
        if isinstance(node, list | tuple):
            return [self._replaced(each, name) for each in node]
        return node

    def _free(self, wanted: str) -> str:
        name = base = wanted or "Schema"
        number = 1
        while name in self._schemas or name in self._names.values():
            number += 1
            name = f"{base}{number}"
        return name


def _worthwhile(node: Json) -> bool:
    """An object of some members, as a schema has them."""
    return (
        isinstance(node, Mapping)
        and isinstance(node.get("properties"), Mapping)
        and "type" in node
        and len(node["properties"]) >= LEAST_MEMBERS
    )


def _within(node: Json) -> list[Json]:
    if isinstance(node, Mapping):
        return list(node.values())
    return list(node) if isinstance(node, list | tuple) else []


def _name(key: str, around: str) -> str:
    """Of a member its own name: `order_lines` holds an `OrderLine`; of a path its last word."""
    path = PATH.match(key)
    if path is not None:
        key = path[1].rpartition("/")[2].replace("-", "_")
    if key in AROUND or not key.replace("_", "").isalnum() or key.isdigit():
        return around
    singular = key[:-3] + "y" if key.endswith("ies") else key.removesuffix("s")
    return "".join(part[:1].upper() + part[1:] for part in singular.split("_"))
