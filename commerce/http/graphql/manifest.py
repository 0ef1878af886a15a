"""The file of trusted documents: what the operator's own clients ask, known before they ask it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import orjson

APOLLO: Final = "apollo-persisted-query-manifest"
HASH: Final = re.compile(r"[0-9a-f]{64}")
PREFIX: Final = "sha256:"


class ManifestError(Exception):
    """The file of trusted documents cannot be used; the message says which of them is at fault."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """Documents by the SHA-256 of their text. `required` ones are all that the server runs."""

    texts: Mapping[str, str] = field(default_factory=dict)
    required: bool = False
    source: str = ""


NO_MANIFEST: Final = Manifest()


def read_manifest(path: Path, *, required: bool) -> Manifest:
    """Raises `ManifestError` for a file that is not there, not understood, or not true."""
    try:
        content = orjson.loads(path.read_bytes())
    except OSError as error:
        raise ManifestError(f"{path}: {error.strerror or error}") from error
    except ValueError:
        raise ManifestError(f"{path} is not valid JSON") from None
    try:
        return Manifest(_texts(content), required, str(path))
    except ManifestError as error:
        raise ManifestError(f"{path}: {error}") from None


def hash_of(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _texts(content: Any) -> dict[str, str]:
    """Of `{"<hash>": "<text>"}`, as Relay writes it, or of Apollo's list of operations."""
    if not isinstance(content, dict):
        raise ManifestError("an object was expected")
    pairs = _operations(content) if "format" in content else list(content.items())
    for id_, text in pairs:
        _check(id_, text)
    return {id_.removeprefix(PREFIX): text for id_, text in pairs}


def _operations(content: dict[str, Any]) -> list[tuple[Any, Any]]:
    if (content["format"], content.get("version")) != (APOLLO, 1):
        raise ManifestError(f"the format is neither {APOLLO}, version 1, nor texts by their hash")
    operations = content.get("operations")
    if not isinstance(operations, list) or not all(isinstance(each, dict) for each in operations):
        raise ManifestError("operations must be a list of objects")
    return [(each.get("id"), each.get("body")) for each in operations]


def _check(id_: Any, text: Any) -> None:
    if not isinstance(id_, str) or not isinstance(text, str):
        raise ManifestError(f"the document {id_!r} needs an id and a text")
    if not HASH.fullmatch(id_.removeprefix(PREFIX)):
        raise ManifestError(f"the id {id_!r} is not a SHA-256 in lower-case hexadecimal")
    if hash_of(text) != id_.removeprefix(PREFIX):
        raise ManifestError(f"the id {id_!r} is not the hash of its text")
