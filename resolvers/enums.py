"""Enums of the domains as GraphQL enums, each value with its description."""

from enum import Enum
from typing import Any

import strawberry


def described(
    kind: type[Enum], description: str, *, called: str | None = None, **values: str
) -> None:
    """Register `kind`; `values` describe its members, every one of them.

    `called` is its name where that of its class says too little outside of its domain.
    """
    definition: Any = strawberry.enum(
        kind, name=called, description=description
    ).__strawberry_definition__  # type: ignore[attr-defined]  # set by the decorator
    for value in definition.values:
        value.description = values.pop(value.name)
    if values:
        raise ValueError(f"{kind.__name__} has no {', '.join(values)}")
