"""What the store says of itself, and how it is set up."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime
from decimal import Decimal
from typing import Any

import strawberry

from commerce.core.viewer import Scope
from resolvers.context import Info
from resolvers.costs import ListSize
from resolvers.files.images import Image, Size, image_at
from resolvers.files.kinds import PictureSize
from resolvers.permissions import public, requires
from resolvers.scalars import JSON, CurrencyCode
from resolvers.store.kinds import (
    LengthUnit,
    RoundingMode,
    RoundingStage,
    VolumeUnit,
    WeightUnit,
)

READ = Scope.READ_SETTINGS
# The other fields are the columns of their name.
MADE = frozenset(
    {
        "stored_email",
        "currency_code",
        "currency_codes",
        "locales",
        "weight_unit",
        "length_unit",
        "volume_unit",
        "rounding_mode",
        "rounding_stage",
        "social_links",
    }
)


@strawberry.type(description="Where else the store can be found.")
class SocialLink:
    name: str = public("The place: `instagram`.")
    url: str = public("Its address.")


@strawberry.type(description="The store: what it says of itself, and how it is set up.")
class Shop:
    stored_email: strawberry.Private[str]
    name: str = public("What it is called.")
    description: str = public("About it.")
    notice: str = public("What every visitor should read first.")
    phone: str = public("Phone number.")
    mobile: str = public("Mobile phone number.")
    website: str = public("Where its storefront is.")
    logo_url: str = public("Where its logo is.")
    favicon_url: str = public("Where its small icon is.")
    line1: str = public("Street and number.")
    line2: str = public("Whatever else leads there.")
    city: str = public("City.")
    region: str = public("State, province or county.")
    postal_code: str = public("Postal code.")
    country: str | None = public("ISO 3166-1 alpha-2 code.")
    latitude: Decimal | None = public("Degrees north of the equator.")
    longitude: Decimal | None = public("Degrees east of Greenwich.")
    timezone: str = public("IANA name of the time zone of its days and hours.")
    locale: str = public("Its main language.")
    locales: list[str] = public("The languages it speaks, the main one first.")
    currency_code: CurrencyCode = public("Its main currency.")
    currency_codes: list[CurrencyCode] = public("What can be paid in, the main one first.")
    countries: list[str] = public(
        "Where it sells; empty is everywhere.", directives=[ListSize(assumed_size=10)]
    )
    weight_unit: WeightUnit = public("What weights are shown in.")
    length_unit: LengthUnit = public("What lengths are shown in.")
    volume_unit: VolumeUnit = public("What volumes are shown in.")
    date_format: str = public("How dates are written, as CLDR has it: `dd.MM.yyyy`.")
    time_format: str = public("How times are written: `HH:mm`.")
    social_links: list[SocialLink] = public("Where else it can be found.")
    registration_name: str = public("What its number in a register is called: `CNPJ`.")
    registration_number: str = public("That number.")
    seo_title: str = public("What search engines are told as its title.")
    seo_description: str = public("What search engines are told about it.")
    design: JSON = public("Whatever the storefront keeps here; the server does not read it.")
    guest_checkout: bool = public("Whether one can buy without an account.")
    terms_required: bool = public("Whether storefronts are to ask buyers to agree to its terms.")
    closed: bool = public("Whether nothing can be bought.")
    legal_name: str = requires(READ, description="Whose store it is, in law.")
    tax_id: str = requires(READ, description="Tax number.")
    order_prefix: str = requires(READ, description="What the numbers of orders begin with.")
    order_suffix: str = requires(READ, description="What they end with.")
    order_digits: int = requires(READ, description="How many digits they have at least.")
    invoice_prefix: str = requires(READ, description="What the numbers of invoices begin with.")
    invoice_suffix: str = requires(READ, description="What they end with.")
    rounding_mode: RoundingMode = requires(READ, description="Which way amounts are rounded.")
    rounding_stage: RoundingStage = requires(READ, description="When amounts are rounded.")
    cart_days: int = requires(READ, description="How long carts are kept unchanged.")
    reservation_minutes: int = requires(READ, description="How long stock is held for a payment.")
    abandoned_hours: int = requires(READ, description="When a cart counts as left behind.")
    abandoned_mails: bool = requires(READ, description="Whether its owner is reminded of it.")
    notification_emails: list[str] = requires(READ, description="Whom the store tells of orders.")
    show_email: bool = requires(READ, description="Whether everybody is shown its address.")
    version: int = requires(READ, description="Counts its changes.")
    updated_at: datetime = requires(READ, description="When it was last changed.")

    @classmethod
    def of(cls, row: Any) -> "Shop":
        return cls(
            stored_email=row.email,
            currency_code=CurrencyCode(row.currency),
            currency_codes=_first(row.currency, row.currencies),
            locales=_first(row.locale, row.locales),
            weight_unit=WeightUnit(row.weight_unit),
            length_unit=LengthUnit(row.length_unit),
            volume_unit=VolumeUnit(row.volume_unit),
            rounding_mode=RoundingMode(row.rounding_mode),
            rounding_stage=RoundingStage(row.rounding_stage),
            social_links=[SocialLink(name=name, url=url) for name, url in row.social_links.items()],
            **{
                one.name: getattr(row, one.name)
                for one in fields(cls)
                if one.init and one.name not in MADE
            },
        )

    @public("Its logo in a size; null without one.")
    def logo(self, info: Info, size: Size = PictureSize.FULL) -> Image | None:
        return image_at(info, self.logo_url, size) if self.logo_url else None

    @public("Address to write to; null when it is not shown to everybody.")
    def email(self, info: Info) -> str | None:
        shown = self.show_email or info.context.viewer.may(READ)
        return self.stored_email if shown else None


def _first(main: str, all_: Sequence[str]) -> list[Any]:
    """Every one, the main one first."""
    return list(dict.fromkeys([main, *all_]))


@strawberry.type
class ShopQueries:
    @public("The store.")
    async def shop(self, info: Info) -> Shop:
        return Shop.of(await info.context.services.store.settings())
