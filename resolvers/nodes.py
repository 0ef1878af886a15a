"""Relay's global object identification."""

from collections.abc import Sequence

import strawberry

from commerce.core.ids import global_id, parse_global_id
from commerce.core.problems import NotFound
from resolvers.permissions import public


@strawberry.interface(description="Anything with an id that is unique across all types.")
class Node:
    id: strawberry.ID = public("Opaque and unique across all types.")
    database_id: int = public("The number behind `id`, as REST clients know it.")


def node_id(kind: str, id_: int) -> strawberry.ID:
    return strawberry.ID(global_id(kind, id_))


def key_of(id_: str | None, kind: str) -> int | None:
    """The primary key inside a global id of that kind, or None for anything else."""
    parsed = parse_global_id(id_) if id_ is not None else None
    return parsed[1] if parsed is not None and parsed[0] == kind else None


def require_key(id_: str, kind: str, *path: str) -> int | NotFound:
    """The primary key inside an input's id; another type's id is simply not found."""
    found = key_of(id_, kind)
    return NotFound(f"There is no {kind} with this id.", path) if found is None else found


def require_keys(ids: Sequence[str], kind: str, *path: str) -> list[int] | NotFound:
    """The same for a list; the path of what is not found ends with its place."""
    keys: list[int] = []
    for place, id_ in enumerate(ids):
        found = require_key(id_, kind, *path, str(place))
        if isinstance(found, NotFound):
            return found
        keys.append(found)
    return keys
