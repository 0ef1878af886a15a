"""Addresses that something is sent to, as carts and orders keep them."""

from collections.abc import Mapping
from typing import Any

import strawberry

from commerce.customers.rules.addresses import FIELDS_STORED, Address, address_lines
from resolvers.customers.addresses import NamesIn
from resolvers.permissions import public


@strawberry.type(description="Where a parcel or an invoice goes.")
class PostalAddress:
    first_name: str = public("Given name of whoever lives there.")
    last_name: str = public("Family name.")
    company: str = public("Company.")
    phone: str | None = public("Phone number: `+491701234567`.")
    street1: str = public("Street and number.")
    street2: str = public("Whatever else leads there.")
    postal_code: str = public("Postal code.")
    city: str = public("City.")
    region: str = public("The part of its ISO 3166-2 code after the dash, or free text.")
    country: str = public("ISO 3166-1 alpha-2 code.")

    @classmethod
    def maybe(cls, held: Mapping[str, Any] | None) -> "PostalAddress | None":
        """What was held under earlier rules may lack some parts."""
        if not held:
            return None
        parts: dict[str, Any] = {name: held.get(name) or "" for name in FIELDS_STORED}
        return cls(**{**parts, "phone": held.get("phone")})

    @public("The lines to write on a parcel, as is usual in its country.")
    def formatted(self, locale: NamesIn = "en") -> list[str]:
        parts = {name: getattr(self, name) for name in FIELDS_STORED}
        return address_lines(Address(**parts), locale)


@strawberry.input(
    description="A whole address. What a country's addresses need is told by `country(code: ...)"
    " { addressFormat }`."
)
class PostalAddressInput:
    country: str = strawberry.field(description="ISO 3166-1 alpha-2 code.")
    first_name: str = strawberry.field(default="", description="Given name.")
    last_name: str = strawberry.field(default="", description="Family name.")
    company: str = strawberry.field(default="", description="Company.")
    phone: str | None = strawberry.field(
        default=None, description="Phone number, as in that country or from `+` on."
    )
    street1: str = strawberry.field(default="", description="Street and number.")
    street2: str = strawberry.field(default="", description="Whatever else leads there.")
    postal_code: str = strawberry.field(default="", description="Postal code.")
    city: str = strawberry.field(default="", description="City.")
    region: str = strawberry.field(default="", description="Code or name of the region.")

    def values(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in FIELDS_STORED}
