"""What the log is asked for, and what may be noted in it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from commerce.audit.kinds import AuditOperation
from commerce.core.criteria import Times

MAX_FACT: Final = 200
# What is deleted and cannot come back must have been kept for some time.
LEAST_DAYS_KEPT: Final = 30

Fact = str | int | bool | None


@dataclass(frozen=True, slots=True)
class Target:
    """A thing, as the schema calls it: `("Product", 12)`."""

    kind: str
    id: int | None = None


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """All conditions hold; None asks nothing. `actor` is a viewer's name: `staff:12`."""

    actor: str | None = None
    action: str | None = None
    operation: AuditOperation | None = None
    kind: str | None = None
    target: Target | None = None
    request_id: str | None = None
    at: Times | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """Whoever did it. `kind` is a viewer's, or `database` for statements sent past the server."""

    kind: str
    id: int | None


def actor_of(name: str) -> Actor:
    """`staff:12` taken apart; what follows `database:` is a role and no number."""
    kind, _, number = name.partition(":")
    return Actor(kind, int(number) if number.isascii() and number.isdigit() else None)


def checked_facts(facts: Mapping[str, Fact]) -> dict[str, Fact]:
    """Raises `ValueError` for what is too long to be a fact: the log keeps no texts of people."""
    for name, fact in facts.items():
        if isinstance(fact, str) and len(fact) > MAX_FACT:
            raise ValueError(f"the fact {name} is too long for the audit log")
    return dict(facts)
