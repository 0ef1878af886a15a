"""What products and variants are sent and asked with."""

from typing import Final

from commerce.rest.cartino.custom_data import custom_data
from commerce.rest.cartino.filters import filters, some, sorting
from commerce.rest.cartino.paging import PAGING
from commerce.rest.fields import Field
from commerce.rest.kinds import (
    choice,
    commas,
    flag,
    listing,
    moment,
    number,
    phrase,
    record,
    text,
    whole,
)

STATUSES: Final = ("draft", "active", "archived")
TYPES: Final = ("physical", "digital", "service")
SORTS: Final = {"created_at": "CREATED_AT", "title": "TITLE", "price": "PRICE"}
# Variants and brand are in every answer, asked for or not.
INCLUDES: Final = ("variants", "brand", "options", "categories", "media")
WEIGHT_UNITS: Final = ("kg", "lb", "g", "oz")
LENGTH_UNITS: Final = ("cm", "in", "m")
MAX_UNITS: Final = 1_000_000_000
# Of any unit of weight or length: in grams and millimetres a whole number of four bytes.
MOST: Final = 1_000_000

INCLUDE: Final = Field("include", some(choice(*INCLUDES)), about="Relations: `options,media`.")
SPARSE: Final = Field(
    "fields[products]", commas(text(100)), about="Only these keys: `id,title`.", hides=True
)
ONE: Final = (INCLUDE, SPARSE)
LIST: Final = (
    *filters(
        Field("status", some(choice(*STATUSES))),
        Field("type", some(choice(*TYPES))),
        Field("brand_id", some(whole())),
        Field("search", phrase(), about="Words of title and description."),
    ),
    sorting(*SORTS),
    *ONE,
    *PAGING,
)
VARIANT: Final = (
    Field("sku", text(255), nullable=True),
    Field("title", text(255), about="What it is in the first option, if `option1` is not given."),
    Field("option1", text(255, least=1)),
    Field("option2", text(255, least=1)),
    Field("option3", text(255, least=1)),
    Field("barcode", text(255), nullable=True),
    Field("price", number(above=0)),
    Field("compare_at_price", number(least=0), nullable=True),
    Field("cost_per_item", number(least=0), nullable=True),
    Field("inventory_quantity", whole(0, MAX_UNITS), about="At the default location."),
    Field("inventory_policy", choice("deny", "continue")),
    Field("track_inventory", flag()),
    Field("weight", number(least=0, most=MOST)),
    Field("weight_unit", choice(*WEIGHT_UNITS)),
    Field("length", number(least=0, most=MOST), nullable=True),
    Field("width", number(least=0, most=MOST), nullable=True),
    Field("height", number(least=0, most=MOST), nullable=True),
    Field("dimension_unit", choice(*LENGTH_UNITS), about="Centimetres, if nothing is said."),
    Field("requires_shipping", flag()),
    Field("taxable", flag()),
    Field("image_url", text(2_000), nullable=True),
    Field("data", custom_data(), nullable=True),
)
PRODUCT: Final = (
    Field("slug", text(255, least=1)),
    Field("description", text(500_000), nullable=True),
    Field("type", choice(*TYPES)),
    Field("status", choice(*STATUSES)),
    Field("vendor", text(255), nullable=True),
    Field("brand_id", whole(1), nullable=True),
    Field("seo_title", text(255), nullable=True),
    Field("seo_description", text(2_000), nullable=True),
    Field("published_at", moment(), nullable=True),
    Field("data", custom_data(), nullable=True),
    Field("price", number(above=0), about="Of its only variant."),
    Field(
        "options",
        listing(
            record(
                Field("name", text(255, least=1), required=True),
                Field("values", listing(text(255, least=1))),
            ),
            3,
        ),
    ),
    Field("variants", listing(record(Field("id", whole(1)), *VARIANT), 100)),
)
NEW_PRODUCT: Final = record(Field("title", text(255, least=1), required=True), *PRODUCT)
CHANGED_PRODUCT: Final = record(Field("title", text(255, least=1)), *PRODUCT)
VARIANT_BODY: Final = record(*VARIANT)
