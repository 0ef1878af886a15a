"""Expected failures of stock."""

from dataclasses import dataclass
from typing import ClassVar

from commerce.core.problems import Problem


@dataclass(frozen=True, slots=True)
class InsufficientStock(Problem):
    """More was to be taken than is available; `variant_id` names it where `path` does not."""

    code: ClassVar[str] = "INSUFFICIENT_STOCK"

    available: int = 0
    variant_id: int | None = None


@dataclass(frozen=True, slots=True)
class QuantityChanged(Problem):
    """The caller expected another number of units on hand."""

    code: ClassVar[str] = "QUANTITY_CHANGED"

    current: int = 0
