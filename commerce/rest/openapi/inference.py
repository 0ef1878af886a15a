"""One JSON Schema for many values.

Values come in pairs that were told alike but for what is told freely. A text that is the same in
both is one of a shape's own words; a key that is not is data, and so are keys that are numbers.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from commerce.rest.openapi.telling import FreeJson
from commerce.rest.printing import Word

Json = Any
Schema = dict[str, Json]
DIGITS: Final = re.compile(r"[0-9]+")
TIME: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
DAY: Final = re.compile(r"\d{4}-\d\d-\d\d")
MOST_WORDS: Final = 60
KINDS: Final[Mapping[type, str]] = {
    type(None): "null",
    bool: "boolean",
    str: "string",
    Word: "string",
    date: "string",
    datetime: "string",
    int: "integer",
    float: "number",
    Decimal: "number",
    dict: "object",
    list: "array",
    tuple: "array",
    FreeJson: "any",
}


@dataclass(slots=True)
class Seen:
    """All that was seen at one place; of texts and keys, with which seeds."""

    kinds: set[str] = field(default_factory=set)
    texts: dict[str, set[int]] = field(default_factory=dict)
    items: "Seen | None" = None
    objects: int = 0
    members: dict[str, "Seen"] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    seeds: dict[str, set[int]] = field(default_factory=dict)
    numbered: "Seen | None" = None

    def see(self, value: Json, seed: int = 0) -> bool:
        """Whether that was something new, as far as the schema goes."""
        kind = _kind(value)
        new = kind not in self.kinds
        self.kinds.add(kind)
        if kind == "object":
            return self._object(value, seed) or new
        if kind == "array":
            items = self.items = self.items or Seen()
            return max([items.see(each, seed) for each in value], default=False) or new
        if kind == "string":
            self._text(value, seed)
        return new

    def _text(self, value: Json, seed: int) -> None:
        """A word comes with the others that could stand there, as if each was seen in both."""
        if isinstance(value, Word):
            self.texts.update({word: {0, 1} for word in value.words})
            return
        text = value if isinstance(value, str) else value.isoformat()
        self.texts.setdefault(text, set()).add(seed)

    def _object(self, value: Mapping[str, Json], seed: int) -> bool:
        """New are members that never were there, or always."""
        new = False
        for key, inner in value.items():
            if DIGITS.fullmatch(key):
                self.numbered = self.numbered or Seen()
                new |= self.numbered.see(inner, seed)
                continue
            member = self.members.get(key)
            if member is None:
                member = self.members[key] = Seen()
            new |= member.see(inner, seed)
            count = self.counts[key] = self.counts.get(key, 0) + 1
            new |= count == 1
            self.seeds.setdefault(key, set()).add(seed)
        if self.members.keys() - value.keys():
            gone = (key for key in self.members if key not in value)
            new |= any(self.counts[key] == self.objects for key in gone)
        self.objects += 1
        return new

    def add(self, other: "Seen") -> None:
        """All that the other saw."""
        self.kinds |= other.kinds
        self.objects += other.objects
        for text, seeds in other.texts.items():
            self.texts.setdefault(text, set()).update(seeds)
        if other.items is not None:
            self.items = self.items or Seen()
            self.items.add(other.items)
        if other.numbered is not None:
            self.numbered = self.numbered or Seen()
            self.numbered.add(other.numbered)
        for key, inner in other.members.items():
            self.members.setdefault(key, Seen()).add(inner)
            self.counts[key] = self.counts.get(key, 0) + other.counts[key]
            self.seeds.setdefault(key, set()).update(other.seeds[key])

    def schema(self) -> Schema:
        if "any" in self.kinds or not self.kinds:
            return {}
        kinds = self.kinds - {"null"}
        if "number" in kinds:
            kinds.discard("integer")
        forms = [self._form(kind) for kind in sorted(kinds)]
        if "null" not in self.kinds:
            return forms[0] if len(forms) == 1 else {"anyOf": forms}
        if not forms:
            return {"type": "null"}
        if len(forms) == 1:
            return _or_null(forms[0])
        return {"anyOf": [*forms, {"type": "null"}]}

    def _form(self, kind: str) -> Schema:
        if kind == "object":
            return self._object_schema()
        if kind == "array":
            items = self.items.schema() if self.items is not None else {}
            return {"type": "array", "items": items} if items else {"type": "array"}
        if kind == "string":
            return self._string_schema()
        return {"type": kind}

    def _string_schema(self) -> Schema:
        """Words of the shape's own are listed when there is a choice of them."""
        told = [text for text in self.texts if text]
        closed = all(len(seeds) > 1 for seeds in self.texts.values())
        if closed and 1 < len(told) <= MOST_WORDS:
            return {"type": "string", "enum": sorted(self.texts)}
        for pattern, name in ((TIME, "date-time"), (DAY, "date")):
            if told and all(pattern.fullmatch(text) for text in self.texts):
                return {"type": "string", "format": name}
        return {"type": "string"}

    def _object_schema(self) -> Schema:
        fixed = {key for key, seeds in self.seeds.items() if len(seeds) > 1}
        free = [self.members[key] for key in self.members if key not in fixed]
        schema: Schema = {"type": "object"}
        properties = {key: seen.schema() for key, seen in self.members.items() if key in fixed}
        if properties:
            schema["properties"] = properties
        required = [key for key in properties if self.counts[key] == self.objects]
        if required:
            schema["required"] = required
        if self.numbered is not None:
            schema["patternProperties"] = {"^[0-9]+$": self.numbered.schema()}
        if free:
            schema["additionalProperties"] = _together(free).schema()
        return schema


def _together(parts: Iterable[Seen]) -> Seen:
    whole = Seen()
    for part in parts:
        whole.add(part)
    return whole


def _kind(value: Json) -> str:
    kind = KINDS.get(type(value))
    if kind is None:
        raise TypeError(f"{type(value).__name__} is no JSON")
    return kind


def _or_null(form: Schema) -> Schema:
    if "enum" in form:
        return {"type": [form["type"], "null"], "enum": [*form["enum"], None]}
    return form | {"type": [form["type"], "null"]}
