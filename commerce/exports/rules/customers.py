"""Customers as files show them."""

from operator import attrgetter
from typing import Final

from commerce.exports.rules.sheets import ADDRESS, Column, Sheet

SHEET: Final = Sheet(
    key=Column("id", attrgetter("id")),
    columns=(
        Column("externalId", attrgetter("external_id")),
        Column("email", attrgetter("email")),
        Column("emailVerifiedAt", attrgetter("email_verified_at")),
        Column("firstName", attrgetter("first_name")),
        Column("lastName", attrgetter("last_name")),
        Column("company", attrgetter("company")),
        Column("phone", attrgetter("phone")),
        Column("locale", attrgetter("locale")),
        Column("dateOfBirth", attrgetter("date_of_birth")),
        Column("gender", attrgetter("gender")),
        Column("groupId", attrgetter("group_id")),
        Column("acceptsEmail", attrgetter("accepts_email")),
        Column("acceptsSms", attrgetter("accepts_sms")),
        Column("taxId", attrgetter("tax_id")),
        Column("fiscalCode", attrgetter("fiscal_code")),
        Column("taxExempt", attrgetter("tax_exempt")),
        Column("note", attrgetter("note")),
        Column("tags", attrgetter("tags")),
        Column("extraFields", attrgetter("extra_fields")),
        Column("blockedAt", attrgetter("blocked_at")),
        Column("createdAt", attrgetter("created_at")),
        Column("updatedAt", attrgetter("updated_at")),
    ),
    part="address",
    parts="addresses",
    part_columns=(
        *(Column(name, attrgetter(field)) for name, field in ADDRESS.items()),
        Column("isDefaultBilling", attrgetter("is_default_billing")),
        Column("isDefaultShipping", attrgetter("is_default_shipping")),
    ),
)
