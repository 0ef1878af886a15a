"""Expected failures of the catalogue."""

from dataclasses import dataclass
from typing import ClassVar

from commerce.core.problems import Taken


@dataclass(frozen=True, slots=True)
class SlugTaken(Taken):
    """Another thing of the same kind has this slug."""

    code: ClassVar[str] = "SLUG_TAKEN"
