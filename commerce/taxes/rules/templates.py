"""Value added taxes of European countries, from the data of a library.

What holds where comes from `eu_vat_rates_data`, which is published anew whenever a rate changes;
it is as recent as the installed version.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Final

from eu_vat_rates_data import data_version, get_all_rates

from commerce.core.countries import country_codes
from commerce.core.places import Area
from commerce.customers.rules.countries import country_names
from commerce.taxes.rules.wanted import WantedRate

REDUCED: Final = "reduced"
CLASSES: Final[Mapping[str, str]] = {REDUCED: "Reduced"}
ENGLISH: Final = "en"


@dataclass(frozen=True, slots=True)
class CountryTemplate:
    """`name` is what the tax is called there. `reduced` are all lower rates, highest first: those
    of parts of the country, and of goods that hardly anybody sells, too.
    """

    country: str
    name: str
    standard: Decimal
    reduced: tuple[Decimal, ...]

    @property
    def zone(self) -> str:
        return f"{country_names(ENGLISH)[self.country]} ({self.country})"

    @property
    def areas(self) -> list[Area]:
        return [Area(self.country)]

    def rates(self, lower: Sequence[tuple[int, Decimal]], default_class: int) -> list[WantedRate]:
        """The standard rate; beside lower ones by class it is on the default class alone."""
        standard = self._rate(self.standard, default_class if lower else None)
        return [standard, *(self._rate(percent, class_id) for class_id, percent in lower)]

    def _rate(self, percent: Decimal, class_id: int | None) -> WantedRate:
        return WantedRate(f"{self.name} {percent}%", percent, class_id)


def template(country: str) -> CountryTemplate | None:
    """None for countries that the data does not know."""
    return _templates().get(country.upper())


def last_changed() -> str:
    """The day of the data."""
    return data_version


@cache
def _templates() -> Mapping[str, CountryTemplate]:
    found = {}
    for country, said in get_all_rates().items():
        lower = [*said["reduced"], said["super_reduced"], said["parking"]]
        if country in country_codes():
            found[country] = CountryTemplate(
                country, said["vat_abbr"], _exact(said["standard"]), _descending(lower)
            )
    return found


def _descending(percents: Sequence[float | None]) -> tuple[Decimal, ...]:
    return tuple(sorted({_exact(each) for each in percents if each is not None}, reverse=True))


def _exact(percent: float) -> Decimal:
    """As it is written in the data."""
    return Decimal(f"{percent:g}")
