"""What customers and their addresses are sent and asked with."""

from typing import Final

from commerce.rest.cartino.custom_data import custom_data
from commerce.rest.cartino.filters import filters, sorting
from commerce.rest.cartino.paging import PAGING
from commerce.rest.fields import Field
from commerce.rest.kinds import choice, commas, day, flag, number, phrase, record, text, whole

MAX_UNITS: Final = 1_000_000
SORTS: Final = {
    "created_at": "CREATED_AT",
    "updated_at": "UPDATED_AT",
    "email": "EMAIL",
    "name": "NAME",
}
LIST: Final = (
    *filters(
        Field("search", phrase(), about="Parts of name or e-mail address."),
        Field("group_id", whole()),
    ),
    sorting(*SORTS),
    *PAGING,
)
PERSON: Final = (
    Field("first_name", text(255), nullable=True),
    Field("last_name", text(255), nullable=True),
    Field("phone", text(64), nullable=True),
    Field("accepts_marketing", flag()),
    Field("accepts_sms", flag()),
    Field("company_name", text(255), nullable=True),
    Field("vat_number", text(64), nullable=True),
    Field("tax_code", text(64), nullable=True),
    Field("date_of_birth", day(), nullable=True),
    Field("gender", text(64), nullable=True),
    Field("locale", text(35), nullable=True),
    Field("customer_group_id", whole(), nullable=True),
    Field("notes", text(10_000), nullable=True),
    Field("tags", commas(text(100)), nullable=True),
    Field("data", custom_data(), nullable=True),
)
NEW: Final = record(Field("email", text(254, least=1), required=True), *PERSON)
CHANGED: Final = record(Field("email", text(254, least=1)), *PERSON)
KINDS: Final = ("shipping", "billing", "company")
PLACE: Final = (
    Field("type", choice(*KINDS), about="Which default address it is, with `is_default`."),
    Field("first_name", text(255), nullable=True),
    Field("last_name", text(255), nullable=True),
    Field("company", text(255), nullable=True),
    Field("phone", text(64), nullable=True),
    Field("address_line_1", text(255), nullable=True),
    Field("address_line_2", text(255), nullable=True),
    Field("city", text(255), nullable=True),
    Field("state", text(255), nullable=True),
    Field("postal_code", text(32), nullable=True),
    Field("tax_id", text(64), nullable=True),
    Field("notes", text(1_000), nullable=True),
    Field("is_verified", flag(), about="Whether the shop found it to be right."),
    Field("is_default", flag()),
)
COUNTRY: Final = text(2, least=1)
NEW_ADDRESS: Final = record(*PLACE, Field("country", COUNTRY, required=True))
CHANGED_ADDRESS: Final = record(*PLACE, Field("country", COUNTRY))
ORDER: Final = record(
    Field("amount", number(least=0), required=True, about="What the goods come to."),
    Field("quantity", whole(0, MAX_UNITS), default=1, about="How many units they are."),
)
DEFAULT_OF: Final = record(
    Field("type", choice(*KINDS), about="Of both, shipping and billing, if nothing is said.")
)
