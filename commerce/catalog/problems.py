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


@dataclass(frozen=True, slots=True)
class CategoryCycle(Problem):
    """A category was to stand below itself."""

    code: ClassVar[str] = "CATEGORY_CYCLE"


@dataclass(frozen=True, slots=True)
class CategoryHasChildren(Problem):
    """A category is to go, and what is below it is not."""

    code: ClassVar[str] = "CATEGORY_HAS_CHILDREN"


@dataclass(frozen=True, slots=True)
class AttributeInUse(Problem):
    """Products have values that the attribute could not have any more."""

    code: ClassVar[str] = "ATTRIBUTE_IN_USE"
