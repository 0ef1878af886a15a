"""Places, and areas around them: what taxes and shipping are set up for and asked about."""

from typing import Any

import strawberry

from commerce.core.countries import country_codes
from commerce.core.criteria import check_leaves
from commerce.core.places import Place
from commerce.core.problems import BadInputError
from commerce.customers.rules.countries import region_of
from resolvers.costs import ListSize
from resolvers.permissions import public
from resolvers.rows import FromRow


@strawberry.type(description="A country, a part of one, or everywhere.")
class Area(FromRow):
    country: str | None = public("ISO 3166-1 alpha-2 code; null is everywhere.")
    region: str | None = public("What follows the dash in ISO 3166-2; null is the whole country.")
    postal_codes: list[str] = public(
        "Those it is for, `101*` and `10000-19999` among them; none are all.",
        directives=[ListSize(assumed_size=10)],
    )


@strawberry.input(description="A country, a part of one, or everywhere.")
class AreaInput:
    country: str | None = strawberry.field(
        default=None, description="ISO 3166-1 alpha-2 code; absent means everywhere."
    )
    region: str | None = strawberry.field(
        default=None, description="Code or name of a part of the country; absent means all of it."
    )
    postal_codes: list[str] = strawberry.field(
        default_factory=list,
        description="Those it is for: `10115`, `101*`, `10000-19999`. None are all.",
    )

    def values(self) -> dict[str, Any]:
        """As `checked_areas` takes them."""
        return {
            "country": self.country,
            "region": self.region,
            "postal_codes": self.postal_codes,
        }


@strawberry.input(description="Where something is sent to, as far as it is known.")
class PlaceInput:
    country: str = strawberry.field(description="ISO 3166-1 alpha-2 code.")
    region: str | None = strawberry.field(
        default=None, description="Code or name of a part of the country: `CA`."
    )
    postal_code: str | None = strawberry.field(default=None, description="As it is written.")

    def wanted(self) -> Place:
        """With codes as they are stored; raises `BadInputError` for what no place can be."""
        country = self.country.strip().upper()
        if country not in country_codes():
            raise BadInputError("country must be an ISO 3166-1 alpha-2 code.")
        check_leaves((self.region, self.postal_code))
        region = None if self.region is None else region_of(country, self.region)
        return Place(country, None if region is None else region.code, self.postal_code)
