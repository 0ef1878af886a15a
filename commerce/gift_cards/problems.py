"""Expected failures of gift cards."""

from dataclasses import dataclass
from typing import ClassVar

from commerce.core.problems import Problem


@dataclass(frozen=True, slots=True)
class GiftCardChanged(Problem):
    """A card has less on it than it was counted with, or is not to be spent any more."""

    code: ClassVar[str] = "GIFT_CARD_CHANGED"
    retryable: ClassVar[bool] = True
