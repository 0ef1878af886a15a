"""The documents of the dialects, made ahead by `make snapshots`: making one takes seconds."""

import json
from pathlib import Path
from typing import Any, Final

HERE: Final = Path(__file__).parent
# As deep as operations and components lie.
DEPTH: Final = 3


def file_of(dialect: str) -> Path:
    return HERE / f"{dialect}.json"


def printed(document: Any, depth: int = DEPTH) -> str:
    """With a line for each operation and component, so that it is seen which of them changed."""
    if depth == 0 or not isinstance(document, dict):
        return json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    members = (f"{json.dumps(name)}:{printed(each, depth - 1)}" for name, each in document.items())
    return "{\n" + ",\n".join(members) + "\n}"
