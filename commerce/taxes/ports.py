"""What taxes need of the world outside."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from commerce.core.places import Place


class TaxServiceError(Exception):
    """The tax service gave no answer that is of use; the message is a word for logs."""


@dataclass(frozen=True, slots=True)
class ProvidedRate:
    """A rate as the service names it. Rates of one class come in the order they compound."""

    name: str
    percent: Decimal
    compound: bool = False
    on_shipping: bool = True


@dataclass(frozen=True, slots=True)
class ProvidedRates:
    """The rates of each asked class, by its code, and for how many seconds they hold."""

    by_code: Mapping[str, Sequence[ProvidedRate]]
    seconds: int


class TaxProvider(Protocol):
    """A service that knows rates better than the store's own zones."""

    async def rates(self, place: Place, codes: Sequence[str]) -> ProvidedRates:
        """Raises `TaxServiceError`."""
