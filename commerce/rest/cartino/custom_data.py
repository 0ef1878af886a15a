"""`data`: the custom fields of a thing, which are its metafields in one namespace."""

import re
from collections.abc import Generator, Iterable, Mapping, Sequence
from typing import Any, Final

from commerce.core.exact_json import write_json
from commerce.rest.fields import ValueKind, unfit
from commerce.rest.route import Ask, Json, Node

NAMESPACE: Final = "custom"
KEY: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")
MAX_KEYS: Final = 100
MAX_BYTES: Final = 60_000
SET: Final = "CartinoMetafieldsSet"
DELETE: Final = "CartinoMetafieldsDelete"


def custom_data() -> ValueKind:
    """An object of custom fields; what metafields could not hold is refused before anything is
    written."""

    def read(value: Any) -> dict[str, Any]:
        if not isinstance(value, Mapping):
            raise unfit("must be an object")
        if len(value) > MAX_KEYS:
            raise unfit(f"must not have more than {MAX_KEYS} items")
        if not all(KEY.fullmatch(name) for name in value):
            raise unfit("must have names of 1 to 64 letters, digits, hyphens and underscores")
        if any(len(write_json(item)) > MAX_BYTES for item in value.values()):
            raise unfit("must not hold more than 60 kB in one item")
        return {name: item for name, item in value.items() if item is not None}

    return ValueKind(read, {"type": "object", "maxProperties": MAX_KEYS})


def data_of(node: Node) -> Json:
    """None without any."""
    fields = node["metafields"]["nodes"]
    return {each["key"]: each["value"] for each in fields} or None


def keeping(
    owner: str, data: Mapping[str, Any] | None, known: Iterable[str]
) -> Generator[Ask, Any, None]:
    """What makes these the custom fields of a thing that has the `known` ones; none are deleted."""
    wanted = data or {}
    gone = [name for name in known if name not in wanted]
    if wanted:
        yield Ask(SET, _all(_field(owner, name, item) for name, item in wanted.items()))
    if gone:
        yield Ask(DELETE, _all(_named(owner, name) for name in gone))


def keys_of(node: Node) -> Sequence[str]:
    return [each["key"] for each in node["metafields"]["nodes"]]


def _all(fields: Iterable[dict[str, Any]]) -> dict[str, Any]:
    return {"input": {"metafields": list(fields)}}


def _named(owner: str, name: str) -> dict[str, Any]:
    return {"ownerId": owner, "namespace": NAMESPACE, "key": name}


def _field(owner: str, name: str, item: Any) -> dict[str, Any]:
    return {**_named(owner, name), "value": item, "type": "JSON"}
