"""What a document has more than once, moved to where it is named: schemas, parameters, answers."""

import json
import re
from collections import Counter
from collections.abc import Mapping
from http import HTTPStatus
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
ENDINGS: Final = (("ies", "y"), ("sses", "ss"), ("ss", "ss"), ("us", "us"), ("s", ""))
WORD: Final = re.compile(r"[A-Za-z0-9]+")
REFUSED: Final = re.compile("[345][0-9]{2}")
PATH: Final = re.compile(r"^/(?:api|v\d+)(?:/v\d+)?((?:/[\w-]+)+)")


class Components:
    """`moved` puts references into a document, `found` is what they refer to."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._texts: dict[int, str] = {}
        self._names: dict[str, str] = {}
        self._moved: dict[str, dict[str, Json]] = {}

    def moved(self, document: Json) -> Json:
        self._count(document)
        return self._replaced(document, "")

    def found(self) -> dict[str, Json]:
        return {section: dict(sorted(self._moved[section].items())) for section in self._moved}

    def _count(self, node: Json) -> None:
        for inner in _within(node):
            self._count(inner)
        if _section(node) is not None:
            self._counts[self._text(node)] += 1

    def _text(self, node: Json) -> str:
        return json.dumps(node, sort_keys=True)

    def _replaced(self, node: Json, name: str) -> Json:
        section = _section(node)
        if section is None or self._counts[text := self._text(node)] < 2:
            return self._inside(node, name)
        known = self._moved.setdefault(section, {})
        if text not in self._names:
            own = _words(node["name"]) if section == "parameters" else name
            self._names[text] = self._free(known, own)
            known[self._names[text]] = {}  # the name is taken by what is within, too
            known[self._names[text]] = self._inside(node, name)
        return {"$ref": f"#/components/{section}/{self._names[text]}"}

    def _inside(self, node: Json, name: str) -> Json:
        if isinstance(node, Mapping):
            return {key: self._replaced(each, _name(key, name)) for key, each in node.items()}
        if isinstance(node, list | tuple):
            return [self._replaced(each, name) for each in node]
        return node

    def _free(self, known: Mapping[str, Json], wanted: str) -> str:
        name = base = wanted or "Schema"
        number = 1
        while name in known:
            number += 1
            name = f"{base}{number}"
        return name


def _section(node: Json) -> str | None:
    """Where a thing belongs; None for one that stays where it is."""
    if not isinstance(node, Mapping):
        return None
    if isinstance(node.get("in"), str) and "schema" in node:
        return "parameters"
    if isinstance(node.get("description"), str) and "headers" in node:
        return "responses"
    members = node.get("properties")
    worthwhile = isinstance(members, Mapping) and len(members) >= LEAST_MEMBERS
    return "schemas" if worthwhile and "type" in node else None


def _within(node: Json) -> list[Json]:
    if isinstance(node, Mapping):
        return list(node.values())
    return list(node) if isinstance(node, list | tuple) else []


def _name(key: str, around: str) -> str:
    """Of a member its own name: `order_lines` holds an `OrderLine`; of a path its last word, of a
    refusal what its status means."""
    if REFUSED.fullmatch(key):
        return HTTPStatus(int(key)).phrase.title().replace(" ", "")
    path = PATH.match(key)
    if path is not None:
        key = path[1].rpartition("/")[2].replace("-", "_")
    if key in AROUND or not key.replace("_", "").isalnum() or key.isdigit():
        return around
    return _words(_singular(key))


def _singular(name: str) -> str:
    for plural, one in ENDINGS:
        if name.endswith(plural):
            return name.removesuffix(plural) + one
    return name


def _words(name: str) -> str:
    """`filter[created_from]` -> `FilterCreatedFrom`."""
    return "".join(part[:1].upper() + part[1:] for part in WORD.findall(name))
