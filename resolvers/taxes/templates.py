"""What is known of countries' taxes, and zones made of it."""

from decimal import Decimal
from typing import Annotated, Any

import strawberry

from commerce.core.problems import Problem
from commerce.core.viewer import Scope
from commerce.taxes.rules.templates import last_changed, template
from commerce.taxes.service.templates import WantedCountry
from resolvers.context import Info
from resolvers.mutations import mutation
from resolvers.permissions import public, requires
from resolvers.problems import UserError, user_error
from resolvers.taxes.zones import TaxZone

READ, WRITE = Scope.READ_SETTINGS, Scope.WRITE_SETTINGS


@strawberry.type(description="What is known of a country's value added tax.")
class TaxCountryTemplate:
    country: str = requires(READ, description="ISO 3166-1 alpha-2 code.")
    name: str = requires(READ, description="What the tax is called there, in short.")
    standard: Decimal = requires(READ, description="The usual rate, in percent.")
    reduced: list[Decimal] = requires(
        READ, description="All lower rates, those of parts of the country included."
    )
    as_of: str = requires(READ, description="The day of the data: `2026-09-29`.")


@strawberry.input(description="A country to set up.")
class TaxTemplateCountryInput:
    country: str = strawberry.field(description="ISO 3166-1 alpha-2 code.")
    reduced: Decimal | None = strawberry.field(
        default=None,
        description="Which of its lower rates is on goods of the class `reduced`; absent, the"
        " standard rate is on goods of every class.",
    )


@strawberry.input(description="Countries to set up from what is known of their taxes.")
class TaxZonesFromTemplateInput:
    countries: list[TaxTemplateCountryInput] = strawberry.field(
        description="The countries, at most 100."
    )


@strawberry.type(description="The zones of the countries, or why nothing was changed.")
class TaxZonesFromTemplatePayload:
    tax_zones: list[TaxZone] = public("The zones by name; those there before are as they were.")
    user_errors: list[UserError] = public("Why nothing was changed.")

    @classmethod
    def of(cls, result: Any) -> "TaxZonesFromTemplatePayload":
        if isinstance(result, Problem):
            return cls(tax_zones=[], user_errors=[user_error(result)])
        return cls(tax_zones=[TaxZone.of(row) for row in result], user_errors=[])


@strawberry.type
class TaxTemplateQueries:
    @requires(READ, description="What is known of a country's value added tax; null if nothing is.")
    def tax_country_template(
        self,
        country: Annotated[str, strawberry.argument(description="ISO 3166-1 alpha-2 code.")],
    ) -> TaxCountryTemplate | None:
        found = template(country)
        if found is None:
            return None
        return TaxCountryTemplate(
            country=found.country,
            name=found.name,
            standard=found.standard,
            reduced=list(found.reduced),
            as_of=last_changed(),
        )


@strawberry.type
class TaxTemplateMutations:
    @mutation(
        WRITE,
        description="Add a tax zone for each of these countries, from what is known of its taxes."
        " A zone that is there already stays as it is.",
    )
    async def tax_zones_from_template(
        self, info: Info, input: TaxZonesFromTemplateInput
    ) -> TaxZonesFromTemplatePayload:
        wanted = [WantedCountry(one.country, one.reduced) for one in input.countries]
        return TaxZonesFromTemplatePayload.of(
            await info.context.services.tax_templates.set_up(wanted)
        )
