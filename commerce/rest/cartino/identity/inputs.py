"""What customers send about themselves, as GraphQL's inputs."""

from collections.abc import Mapping
from typing import Any, Final

from commerce.rest.cartino.paging import window
from commerce.rest.errors import invalid
from commerce.rest.fields import Field
from commerce.rest.kinds import choice, day, flag, record, text
from commerce.rest.route import Call

PASSWORD: Final = text(1_000, least=1)
EMAIL: Final = text(320, least=1)
LOGIN: Final = record(
    Field("email", EMAIL, required=True), Field("password", PASSWORD, required=True)
)
REGISTER: Final = record(
    Field("email", EMAIL, required=True),
    Field("password", PASSWORD, required=True),
    Field("password_confirmation", PASSWORD),
    Field("first_name", text(255)),
    Field("last_name", text(255)),
    Field("phone", text(40)),
    Field("accepts_marketing", flag()),
    Field("locale", text(20)),
)
PROFILE: Final = record(
    Field("first_name", text(255)),
    Field("last_name", text(255)),
    Field("phone", text(40), nullable=True),
    Field("company_name", text(255)),
    Field("locale", text(20), nullable=True),
    Field("date_of_birth", day(), nullable=True),
    Field("gender", text(100), nullable=True),
)
ADDRESS: Final = record(
    Field("type", choice("shipping", "billing", "company"), default="shipping"),
    Field("first_name", text(255)),
    Field("last_name", text(255)),
    Field("company", text(255)),
    Field("phone", text(40)),
    Field("address_line_1", text(255, least=1), required=True),
    Field("address_line_2", text(255)),
    Field("city", text(255, least=1), required=True),
    Field("state", text(255)),
    Field("postal_code", text(40)),
    Field("country", text(2, least=2), required=True, about="ISO 3166-1 alpha-2."),
    Field("is_default", flag()),
)
# Cartino's names where they are not GraphQL's with underscores.
NAMES: Final[Mapping[str, str]] = {
    "firstName": "first_name",
    "lastName": "last_name",
    "phone": "phone",
    "acceptsMarketing": "accepts_marketing",
    "locale": "locale",
    "company": "company_name",
    "dateOfBirth": "date_of_birth",
    "gender": "gender",
}
ADDRESS_NAMES: Final[Mapping[str, str]] = {
    "firstName": "first_name",
    "lastName": "last_name",
    "company": "company",
    "phone": "phone",
    "street1": "address_line_1",
    "street2": "address_line_2",
    "city": "city",
    "region": "state",
    "postalCode": "postal_code",
    "country": "country",
}


def login(call: Call) -> dict[str, Any]:
    """Cartino's clients refresh no token: theirs is good for as long as the session."""
    return {"input": {**call.body, "audience": "STOREFRONT", "lasting": True}}


def register(call: Call) -> dict[str, Any]:
    body = call.body
    if body.get("password_confirmation", body["password"]) != body["password"]:
        raise invalid("password", "confirmation does not match")
    proof = {"email": body["email"], "password": body["password"]}
    return {"input": proof | _renamed(body, NAMES)}


def profile(call: Call) -> dict[str, Any]:
    values = _renamed(call.body, NAMES)
    born = values.get("dateOfBirth")
    return {"input": values | ({"dateOfBirth": born.isoformat()} if born else {})}


def address(call: Call) -> dict[str, Any]:
    values = _renamed(call.body, ADDRESS_NAMES)
    billing = call.body["type"] == "billing"
    values["country"] = values["country"].upper()
    if call.body.get("is_default"):
        values["isDefaultBilling" if billing else "isDefaultShipping"] = True
    return {"input": values}


def addresses(call: Call) -> dict[str, Any]:
    return window(call)


def _renamed(body: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    return {ours: body[theirs] for ours, theirs in names.items() if theirs in body}
