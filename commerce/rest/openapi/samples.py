"""The samples of a dialect's own documents as examples of whole answers.

A sample shows a part of what is answered. The rest is put in as plainly as its schema allows.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from commerce.rest.openapi.examples import FORMATS

Json = Any
Schema = Mapping[str, Json]
HERE: Final = Path(__file__).parents[1]
NUMBERED: Final = "^[0-9]+$"
PLAIN: Final[Mapping[str, Json]] = {"boolean": False, "integer": 0, "number": 0, "array": []}


def sample_file(dialect: str, operation: str) -> Path:
    return HERE / dialect / "examples" / f"{operation}.json"


def sample_of(dialect: str, operation: str) -> Json | None:
    """None where the dialect's documents have none."""
    file = sample_file(dialect, operation)
    return json.loads(file.read_text("utf-8")) if file.exists() else None


def completed(sample: Json, schema: Schema) -> Json:
    """With all that an answer never lacks."""
    if isinstance(sample, Mapping):
        form = _form(schema, "object")
        members = form.get("properties", {})
        numbered = form.get("patternProperties", {}).get(NUMBERED, {})
        known = {
            name: completed(each, members.get(name, numbered)) for name, each in sample.items()
        }
        missing = (name for name in form.get("required", ()) if name not in sample)
        return known | {name: plain(members[name]) for name in missing}
    if isinstance(sample, list):
        of = _form(schema, "array").get("items", {})
        return [completed(each, of) for each in sample]
    return sample


def plain(schema: Schema) -> Json:
    """The least that fits: null, if that does."""
    forms = schema.get("anyOf", [schema])
    kinds = [kind for form in forms for kind in _kinds(form)]
    if "null" in kinds or not kinds:
        return None
    if "object" in kinds:
        return completed({}, schema)
    if "enum" in forms[0]:
        return forms[0]["enum"][0]
    return PLAIN.get(kinds[0], FORMATS.get(forms[0].get("format", ""), ""))


def _form(schema: Schema, kind: str) -> Schema:
    forms = schema.get("anyOf", [schema])
    return next((form for form in forms if kind in _kinds(form)), {})


def _kinds(form: Schema) -> list[str]:
    """`type` is one of them or several."""
    kinds = form.get("type", [])
    return [kinds] if isinstance(kinds, str) else list(kinds)
