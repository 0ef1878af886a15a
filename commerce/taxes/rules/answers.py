"""What a tax service says, as it is kept and read again."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from hashlib import sha256
from typing import Any

from commerce.core.places import Place
from commerce.pricing.rules.draft import TaxRate
from commerce.taxes.ports import ProvidedRate
from commerce.taxes.rules.percents import plain
from commerce.taxes.rules.table import ZoneRate

Stored = Sequence[Mapping[str, Any]]


def place_key(place: Place) -> str:
    """What answers about a place are kept under. It tells nobody which place that is."""
    parts = (place.country, place.region, place.postal_code)
    text = "\n".join("".join((part or "").split()).upper() for part in parts)
    return sha256(text.encode()).hexdigest()


def stored_rates(rates: Sequence[ProvidedRate]) -> list[dict[str, Any]]:
    return [
        {
            "name": rate.name,
            "percent": str(plain(rate.percent)),
            "compound": rate.compound,
            "on_shipping": rate.on_shipping,
        }
        for rate in rates
    ]


def provided_rates(by_class: Mapping[int, Stored]) -> list[ZoneRate]:
    """As rates of a zone. Their ids are below zero, so that they are nobody else's; the same rate
    of two classes is one rate.
    """
    known: dict[tuple[Any, ...], TaxRate] = {}
    found = []
    for class_id, rates in sorted(by_class.items()):
        for said in rates:
            parts = (said["name"], Decimal(said["percent"]), said["compound"], said["on_shipping"])
            rate = known.setdefault(parts, TaxRate(-len(known) - 1, *parts))
            found.append(ZoneRate(class_id, rate))
    return found
