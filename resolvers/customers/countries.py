"""Countries: what they are called, what they consist of, how addresses look there."""

from enum import Enum
from typing import Annotated

import strawberry

from commerce.customers.rules import countries
from resolvers.costs import ListSize
from resolvers.enums import described
from resolvers.permissions import public

Locale = Annotated[str, strawberry.argument(description="The language of names: `de-AT`.")]


class AddressField(Enum):
    NAME = "name"
    COMPANY = "company"
    STREET = "street"
    CITY = "city"
    REGION = "region"
    POSTAL_CODE = "postal_code"


described(
    AddressField,
    "A part of an address.",
    NAME="`firstName` and `lastName`.",
    COMPANY="`company`.",
    STREET="`street1` and `street2`.",
    CITY="`city`.",
    REGION="`region`.",
    POSTAL_CODE="`postalCode`.",
)


@strawberry.type(description="A part of a country: a state, a province, a prefecture.")
class Region:
    code: str = public("What follows the dash in ISO 3166-2; goes into `region` of an address.")
    name: str = public("Its name, in the asked language if it has one there.")


@strawberry.type(description="How addresses are written in a country, and what they need.")
class AddressFormat:
    lines: list[list[AddressField]] = public("The parts in the order of writing, line by line.")
    required: list[AddressField] = public("What no address may lack.")
    uppercase: list[AddressField] = public("What the post wants in capitals.")
    postal_code_pattern: str | None = public(
        "A regular expression that matches whole postal codes; null where all will do."
    )
    postal_code_examples: list[str] = public("Postal codes of the country.")
    region_kind: str = public("What regions are called there: `state`, `county`.")
    city_kind: str = public("What cities are called there: `city`, `post_town`.")
    postal_code_kind: str = public("What postal codes are called there: `zip`, `postal`.")

    @classmethod
    def of(cls, code: str) -> "AddressFormat":
        found = countries.address_format(code)
        return cls(
            lines=[[AddressField(field) for field in line] for line in found.lines],
            required=_in_order(found.required),
            uppercase=_in_order(found.upper),
            postal_code_pattern=found.postal_code.pattern if found.postal_code else None,
            postal_code_examples=list(found.examples),
            region_kind=found.region_kind,
            city_kind=found.city_kind,
            postal_code_kind=found.postal_code_kind,
        )


@strawberry.type(description="A country's name.")
class CountryName:
    code: str = public("ISO 3166-1 alpha-2 code, or XK for Kosovo.")
    name: str = public("Its name, in the asked language.")


@strawberry.type(description="A country.")
class Country:
    code: str = public("ISO 3166-1 alpha-2 code, or XK for Kosovo.")
    name: str = public("Its name, in the asked language.")
    locale: strawberry.Private[str]

    @public(
        "Its parts; those that its addresses name, if they do.",
        directives=[ListSize(assumed_size=50)],
    )
    def regions(self) -> list[Region]:
        language = countries.language_code(self.locale)
        found = countries.regions_of(self.code)
        return [Region(code=region.code, name=region.called(language)) for region in found]

    @public("How addresses are written there.")
    def address_format(self) -> AddressFormat:
        return AddressFormat.of(self.code)


@strawberry.type
class CountryQueries:
    @public(
        "Every country, by name. Unknown languages are answered in English.",
        directives=[ListSize(assumed_size=100)],
    )
    def countries(self, locale: Locale = "en") -> list[CountryName]:
        names = countries.country_names(locale)
        return [CountryName(code=code, name=name) for code, name in names.items()]

    @public("A country by its code; null when there is none.")
    def country(
        self,
        code: Annotated[str, strawberry.argument(description="ISO 3166-1 alpha-2 code.")],
        locale: Locale = "en",
    ) -> Country | None:
        name = countries.country_names(locale).get(code.upper())
        return None if name is None else Country(code=code.upper(), name=name, locale=locale)


def _in_order(fields: frozenset[str]) -> list[AddressField]:
    return [field for field in AddressField if field.value in fields]
