"""Expected failures of customers."""

from dataclasses import dataclass
from typing import ClassVar

from commerce.core.problems import Problem


@dataclass(frozen=True, slots=True)
class InUse(Problem):
    """Something else still names it."""

    code: ClassVar[str] = "IN_USE"
