"""What shipping needs of the world outside."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from commerce.core.places import Place


class CarrierError(Exception):
    """The carrier gave no usable answer; the message is a word for logs, and names no place."""


@dataclass(frozen=True, slots=True)
class Freight:
    """What a carrier is told of a parcel."""

    currency: str
    subtotal: Decimal
    weight_grams: int
    quantity: int


@dataclass(frozen=True, slots=True)
class CarrierRate:
    """What one service of the carrier costs, and how many business days it takes."""

    price: Decimal
    currency: str
    min_days: int | None = None
    max_days: int | None = None


@dataclass(frozen=True, slots=True)
class CarrierAnswer:
    """The rate of each service, by the carrier's name for it, and for how many seconds it holds."""

    rates: Mapping[str, CarrierRate]
    seconds: int


class CarrierRates(Protocol):
    """A carrier, or a broker of several, that says what it asks for a parcel."""

    async def rates(self, place: Place, freight: Freight) -> CarrierAnswer:
        """Raises `CarrierError`."""
