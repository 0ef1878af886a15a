"""Changing how the store is set up."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import strawberry

from commerce.core.problems import Problem
from commerce.core.viewer import Scope
from resolvers.context import Info
from resolvers.files.pictures import picture_of
from resolvers.inputs import given
from resolvers.mutations import at_most, mutation
from resolvers.permissions import public
from resolvers.problems import UserError, user_error
from resolvers.scalars import JSON, CurrencyCode
from resolvers.store.kinds import (
    LengthUnit,
    RoundingMode,
    RoundingStage,
    VolumeUnit,
    WeightUnit,
)
from resolvers.store.shop import Shop

UNSET: Any = strawberry.UNSET
NULLABLE = ("country", "latitude", "longitude")
COLUMNS = {"currency_code": "currency", "currency_codes": "currencies"}


def _optional(description: str) -> Any:
    return strawberry.field(default=UNSET, description=description)


@strawberry.input(description="Where else the store can be found.")
class SocialLinkInput:
    name: str = strawberry.field(description="The place: `instagram`.")
    url: str = strawberry.field(description="Its address.")


@strawberry.input(description="What is to change; what is left out stays. Empty texts clear.")
class ShopUpdateInput:
    name: str | None = _optional("What it is called.")
    legal_name: str | None = _optional("Whose store it is, in law.")
    description: str | None = _optional("About it.")
    notice: str | None = _optional("What every visitor should read first.")
    email: str | None = _optional("Address to write to.")
    show_email: bool | None = _optional("Whether everybody is shown that address.")
    phone: str | None = _optional("Phone number.")
    mobile: str | None = _optional("Mobile phone number.")
    website: str | None = _optional("Where its storefront is.")
    logo_url: str | None = _optional("Where its logo is.")
    logo_file_id: strawberry.ID | None = _optional("Its logo, a picture among its files.")
    favicon_url: str | None = _optional("Where its small icon is.")
    line1: str | None = _optional("Street and number.")
    line2: str | None = _optional("Whatever else leads there.")
    city: str | None = _optional("City.")
    region: str | None = _optional("State, province or county.")
    postal_code: str | None = _optional("Postal code.")
    country: str | None = _optional("ISO 3166-1 alpha-2 code.")
    latitude: Decimal | None = _optional("Degrees north of the equator.")
    longitude: Decimal | None = _optional("Degrees east of Greenwich.")
    tax_id: str | None = _optional("Tax number.")
    registration_name: str | None = _optional("What its number in a register is called.")
    registration_number: str | None = _optional("That number.")
    timezone: str | None = _optional("IANA name of the time zone of its days and hours.")
    locale: str | None = _optional("Its main language: `de-AT`.")
    locales: list[str] | None = _optional("The languages it speaks.")
    currency_code: CurrencyCode | None = _optional("Its main currency.")
    currency_codes: list[CurrencyCode] | None = _optional("What can be paid in.")
    countries: list[str] | None = _optional("Where it sells; empty is everywhere.")
    weight_unit: WeightUnit | None = _optional("What weights are shown in.")
    length_unit: LengthUnit | None = _optional("What lengths are shown in.")
    volume_unit: VolumeUnit | None = _optional("What volumes are shown in.")
    date_format: str | None = _optional("How dates are written, as CLDR has it: `dd.MM.yyyy`.")
    time_format: str | None = _optional("How times are written: `HH:mm`.")
    social_links: list[SocialLinkInput] | None = _optional("All places where else it is found.")
    seo_title: str | None = _optional("What search engines are told as its title.")
    seo_description: str | None = _optional("What search engines are told about it.")
    design: JSON | None = _optional("An object for the storefront, at most 64 KiB; for everybody.")
    order_prefix: str | None = _optional("What the numbers of orders begin with.")
    order_suffix: str | None = _optional("What they end with.")
    order_digits: int | None = _optional("How many digits they have at least: 1 to 12.")
    invoice_prefix: str | None = _optional("What the numbers of invoices begin with.")
    invoice_suffix: str | None = _optional("What they end with.")
    rounding_mode: RoundingMode | None = _optional("Which way amounts are rounded.")
    rounding_stage: RoundingStage | None = _optional("When amounts are rounded.")
    cart_days: int | None = _optional("How long carts are kept unchanged: 1 to 365.")
    reservation_minutes: int | None = _optional("How long stock is held for a payment: 1 to 1440.")
    abandoned_hours: int | None = _optional("When a cart counts as left behind: 1 to 720.")
    abandoned_mails: bool | None = _optional("Whether its owner is reminded of it.")
    notification_emails: list[str] | None = _optional("Whom the store tells of orders.")
    guest_checkout: bool | None = _optional("Whether one can buy without an account.")
    terms_required: bool | None = _optional("Whether buyers are to agree to its terms.")
    closed: bool | None = _optional("Whether nothing can be bought.")
    expected_version: int | None = strawberry.field(
        default=None, description="Change nothing unless the stored version is this one."
    )

    def values(self) -> dict[str, Any]:
        sent = given(self, "expected_version", nullable=NULLABLE)
        values = {COLUMNS.get(name, name): value for name, value in sent.items()}
        for name, value in values.items():
            if isinstance(value, list):
                at_most(value, name)
        if "social_links" in values:
            values["social_links"] = {link.name: link.url for link in values["social_links"]}
        return values


@strawberry.type(description="The store as it is now, or why nothing was changed.")
class ShopUpdatePayload:
    shop: Shop | None = public("The store; null with errors.")
    user_errors: list[UserError] = public("Why nothing was changed.")

    @classmethod
    def of(cls, result: Any) -> "ShopUpdatePayload":
        if isinstance(result, Problem):
            return cls(shop=None, user_errors=[user_error(result)])
        return cls(shop=Shop.of(result), user_errors=[])


@strawberry.type
class ShopMutations:
    @mutation(Scope.WRITE_SETTINGS, description="Change the given settings of the store.")
    async def shop_update(self, info: Info, input: ShopUpdateInput) -> ShopUpdatePayload:
        values = input.values()
        if "logo_file_id" in values:
            logo = await picture_of(info, values.pop("logo_file_id"), None)
            if isinstance(logo, Problem):
                return ShopUpdatePayload.of(replace(logo, path=("logo_file_id",)))
            values["logo_url"] = logo
        store = info.context.services.store
        return ShopUpdatePayload.of(await store.change(values, input.expected_version))
