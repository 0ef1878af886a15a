"""Expected failures of staff, roles and keys."""

from dataclasses import dataclass
from typing import ClassVar

from commerce.core.problems import Problem


@dataclass(frozen=True, slots=True)
class ScopeNotHeld(Problem):
    """Nobody hands out, or changes, rights that they do not hold themselves."""

    code: ClassVar[str] = "SCOPE_NOT_HELD"


@dataclass(frozen=True, slots=True)
class LastOwner(Problem):
    """A store keeps an owner who can sign in."""

    code: ClassVar[str] = "LAST_OWNER"
