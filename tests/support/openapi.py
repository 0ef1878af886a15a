"""OpenAPI documents, read strictly."""

from typing import Any


def closed(schema: Any) -> Any:
    """Nothing may be said that is not documented."""
    if isinstance(schema, list):
        return [closed(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    found = {name: closed(each) for name, each in schema.items()}
    if schema.get("type") in ("object", ["object", "null"]) and "properties" in schema:
        found.setdefault("additionalProperties", False)
    return found


def strict(document: Any) -> Any:
    """The same, its answers without room for more."""
    for operations in document["paths"].values():
        for operation in operations.values():
            operation["responses"] = closed(operation["responses"])
    for section in ("schemas", "responses"):
        document["components"][section] = closed(document["components"].get(section, {}))
    return document
