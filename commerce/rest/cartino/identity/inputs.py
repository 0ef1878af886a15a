"""What customers send about themselves, as GraphQL's inputs."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from commerce.rest.cartino.customers.inputs import address_values
from commerce.rest.cartino.paging import window
from commerce.rest.errors import invalid
from commerce.rest.fields import Field
from commerce.rest.kinds import day, flag, record, text
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
    Field("accepts_marketing", flag()),
    Field("accepts_sms", flag()),
)
CONSENTS: Final = {"accepts_marketing": "EMAIL", "accepts_sms": "SMS"}
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

PROFILE_NAMES: Final = {
    ours: theirs for ours, theirs in NAMES.items() if ours != "acceptsMarketing"
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
    values = _renamed(call.body, PROFILE_NAMES)
    born = values.get("dateOfBirth")
    return {"input": values | ({"dateOfBirth": born.isoformat()} if born else {})}


def consents(call: Call) -> Iterator[dict[str, Any]]:
    """What is said of being written to."""
    for name, channel in CONSENTS.items():
        if name in call.body:
            yield {"input": {"channel": channel, "granted": call.body[name], "source": "cartino"}}


def address(call: Call) -> dict[str, Any]:
    return {"input": address_values(call.body)}


def addresses(call: Call) -> dict[str, Any]:
    return window(call)


def _renamed(body: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    return {ours: body[theirs] for ours, theirs in names.items() if theirs in body}
