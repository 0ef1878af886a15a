"""Zones for whole countries, set up from what is known of their taxes."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from commerce.core.problems import Invalid, Problem
from commerce.taxes.repository.classes import ClassRow, TaxClassRepository
from commerce.taxes.repository.zones import Rows, TaxZoneRepository
from commerce.taxes.rules.templates import CLASSES, REDUCED, CountryTemplate, template

MAX_COUNTRIES: Final = 100


@dataclass(frozen=True, slots=True)
class WantedCountry:
    """`reduced` is which of the country's lower rates goods of the reduced class have."""

    country: str
    reduced: Decimal | None = None


@dataclass(frozen=True, slots=True)
class _Zone:
    template: CountryTemplate
    reduced: Decimal | None


class TaxTemplateService:
    def __init__(self, zones: TaxZoneRepository, classes: TaxClassRepository) -> None:
        self._zones = zones
        self._classes = classes

    async def set_up(self, countries: Sequence[WantedCountry]) -> Rows | Problem:
        """The zones of these countries; one that is there already stays as it is."""
        zones = _zones(countries)
        if isinstance(zones, Problem):
            return zones
        if any(zone.reduced is not None for zone in zones.values()):
            await self._classes.ensure(CLASSES)
        classes = await self._classes.held()
        added = await self._zones.add_missing(list(zones))
        new = {row.id: zones[row.name] for row in added}
        await self._zones.add_areas({id_: zone.template.areas for id_, zone in new.items()})
        await self._zones.add_rates(
            {
                id_: zone.template.rates(_lower(zone, classes), _default(classes))
                for id_, zone in new.items()
            }
        )
        return await self._zones.named(list(zones))


def _zones(countries: Sequence[WantedCountry]) -> dict[str, _Zone] | Invalid:
    """By their names."""
    if not 0 < len(countries) <= MAX_COUNTRIES:
        return Invalid(f"Name 1 to {MAX_COUNTRIES} countries.", ("countries",))
    found = {}
    for place, wanted in enumerate(countries):
        known = template(wanted.country)
        if known is None:
            message = "Nothing is known of this country's taxes."
            return Invalid(message, ("countries", str(place), "country"))
        if wanted.reduced is not None and wanted.reduced not in known.reduced:
            message = "This is none of the country's lower rates."
            return Invalid(message, ("countries", str(place), "reduced"))
        found[known.zone] = _Zone(known, wanted.reduced)
    return found


def _lower(zone: _Zone, classes: Sequence[ClassRow]) -> list[tuple[int, Decimal]]:
    if zone.reduced is None:
        return []
    reduced = (row.id for row in classes if row.code == REDUCED and not row.is_default)
    return [(id_, zone.reduced) for id_ in reduced]


def _default(classes: Sequence[ClassRow]) -> int:
    return int(next(row.id for row in classes if row.is_default))
