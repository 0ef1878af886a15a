"""What products are made of, as input objects, and the values rules take for them."""

from collections.abc import Callable
from typing import Any

import strawberry

from commerce.catalog.rules.wanted import WantedMedia, WantedOption, WantedValue, WantedVariant
from resolvers.catalog.kinds import BackorderPolicy, MediaKind
from resolvers.inputs import given
from resolvers.mutations import MAX_ITEMS, at_most
from resolvers.nodes import key_of

MAX_VARIANTS = 2_048
NULLABLE = (
    "sku",
    "barcode",
    "origin_country",
    "customs_code",
    "length_mm",
    "width_mm",
    "height_mm",
    "media_id",
    "media_url",
)


def part(description: str, **options: Any) -> Any:
    """An input field that may be left out, and then leaves alone what is stored."""
    return strawberry.field(description=description, default=strawberry.UNSET, **options)


def number_of(id_: str, kind: str) -> int:
    """The key inside a global id; 0, which no row has, for another type's id."""
    return key_of(id_, kind) or 0


@strawberry.input(description="A choice of an option.")
class OptionValueInput:
    name: str = strawberry.field(description="What the shopper reads.")
    id: strawberry.ID | None = strawberry.field(
        default=None, description="The value that gets this name; absent finds it by its name."
    )

    def wanted(self) -> WantedValue:
        id_ = None if self.id is None else number_of(self.id, "ProductOptionValue")
        return WantedValue(self.name, id_)


@strawberry.input(description="Something a shopper chooses, with its choices in order.")
class ProductOptionInput:
    name: str = strawberry.field(description="What the shopper reads: `Size`.")
    values: list[OptionValueInput] = strawberry.field(
        default_factory=list, description="The choices; others are removed."
    )
    id: strawberry.ID | None = strawberry.field(
        default=None, description="The option that gets this name; absent finds it by its name."
    )

    def wanted(self) -> WantedOption:
        id_ = None if self.id is None else number_of(self.id, "ProductOption")
        return WantedOption(self.name, [value.wanted() for value in self.values], id_)


@strawberry.input(description="What a variant is in one option, by name.")
class SelectedOptionInput:
    name: str = strawberry.field(description="The option: `Size`.")
    value: str = strawberry.field(description="The choice: `Small`; added if it isn't there.")


@strawberry.input(description="A picture or film of a product.")
class ProductMediaInput:
    url: str = strawberry.field(
        description="Where it is: an http or https address, or a plain path. Also its key."
    )
    alt: str | None = part("What it shows, for those who cannot see it.")
    kind: MediaKind | None = part("What `url` points at.")
    position: int | None = strawberry.field(
        default=None, description="Place in the gallery; those without follow as they are listed."
    )

    def wanted(self) -> WantedMedia:
        return WantedMedia(**given(self, nullable=("position",)))


@strawberry.input(
    description="A variant, found by `id`, else by `sku`, else by its options; added if not there."
)
class VariantInput:
    id: strawberry.ID | None = strawberry.field(
        default=None, description="The variant to change; absent finds it by `sku` or options."
    )
    option_values: list[SelectedOptionInput] | None = part(
        "What it is in each option; required for a new variant of a product with options."
    )
    sku: str | None = part("The shop's stock keeping unit, unique in the shop; null removes it.")
    barcode: str | None = part("GTIN, EAN, UPC or ISBN; null removes it.")
    weight_grams: int | None = part("Weight with packaging, in grams.")
    weight_unit: str | None = part("Unit the shop shows the weight in: `g`, `kg`, `oz`, `lb`.")
    length_mm: int | None = part("Length with packaging, in millimetres; null removes it.")
    width_mm: int | None = part("Width with packaging, in millimetres; null removes it.")
    height_mm: int | None = part("Height with packaging, in millimetres; null removes it.")
    backorder: BackorderPolicy | None = part("Whether it can be bought beyond its stock.")
    track_stock: bool | None = part("Whether its stock is counted.")
    requires_shipping: bool | None = part("Whether it must be sent.")
    taxable: bool | None = part("Whether tax is charged on it.")
    tax_code: str | None = part("Code of its tax class at the tax provider.")
    origin_country: str | None = part("Where it was made: `PT`; null removes it.")
    customs_code: str | None = part("Its number at customs (HS): digits; null removes it.")
    active: bool | None = part("Whether it is sold; false keeps it, and nobody can buy it.")
    media_id: strawberry.ID | None = part("Its own picture, out of the gallery; null removes it.")
    media_url: str | None = part(
        "The address of its own picture, which joins the gallery; null removes it."
    )
    must_be_new: bool = strawberry.field(
        default=False,
        description="Whether a variant that is there already is left alone, and a problem.",
    )


def wanted_variant(input_: VariantInput) -> WantedVariant:
    return WantedVariant(**variant_values(input_))


def variant_values(input_: VariantInput, *left_out: str) -> dict[str, Any]:
    """The given fields as `WantedVariant` names them."""
    values = given(input_, "id", *left_out, nullable=NULLABLE)
    if input_.id is not None:
        values["id"] = number_of(input_.id, "ProductVariant")
    if values.get("media_id") is not None:
        values["media_id"] = number_of(values["media_id"], "Media")
    if "option_values" in values:
        chosen = values.pop("option_values")
        values["options"] = [(option.name, option.value) for option in chosen]
    return values


def part_values(values: dict[str, Any], wanted: Callable[[Any], WantedVariant]) -> dict[str, Any]:
    """Takes `options`, `variants` and `media` out of an input's values, as the rules want them."""
    makers: dict[str, Callable[[Any], Any]] = {
        "options": ProductOptionInput.wanted,
        "variants": wanted,
        "media": ProductMediaInput.wanted,
    }
    parts: dict[str, Any] = {}
    for name, make in makers.items():
        if name in values:
            items = values.pop(name)
            at_most(items, name, MAX_VARIANTS if name == "variants" else MAX_ITEMS)
            parts[name] = [make(item) for item in items]
    return parts
