"""Expected failures of the catalogue."""

from dataclasses import dataclass
from typing import ClassVar

from commerce.core.problems import Problem, Taken


@dataclass(frozen=True, slots=True)
class SlugTaken(Taken):
    """Another thing of the same kind has this slug."""

    code: ClassVar[str] = "SLUG_TAKEN"


@dataclass(frozen=True, slots=True)
class SkuTaken(Taken):
    """Another variant has this sku."""

    code: ClassVar[str] = "SKU_TAKEN"


@dataclass(frozen=True, slots=True)
class CombinationTaken(Taken):
    """Another variant of the product stands for the same option values."""

    code: ClassVar[str] = "COMBINATION_TAKEN"


@dataclass(frozen=True, slots=True)
class OptionInUse(Problem):
    """Variants have a value in an option, or have a value, that is to be removed."""

    code: ClassVar[str] = "OPTION_IN_USE"
