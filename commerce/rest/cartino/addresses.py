"""Where goods and bills go, in Cartino's words."""

from collections.abc import Mapping
from typing import Any, Final

from commerce.rest.fields import Field
from commerce.rest.kinds import record, text
from commerce.rest.route import Json, Node

COUNTRY: Final = 2
ADDRESS: Final = record(
    Field("first_name", text(255)),
    Field("last_name", text(255)),
    Field("company", text(255)),
    Field("phone", text(40)),
    Field("address_line_1", text(255, least=1), required=True),
    Field("address_line_2", text(255)),
    Field("city", text(255, least=1), required=True),
    Field("state", text(255)),
    Field("postal_code", text(40)),
    Field("country", text(COUNTRY, least=1), required=True, about="Two letters: `DE`."),
    Field("email", text(255), about="Of the buyer, where nothing else tells it."),
)
# Cartino's names by GraphQL's.
NAMES: Final = {
    "street1": "address_line_1",
    "street2": "address_line_2",
    "region": "state",
    "shippingAddress": "shipping_address",
    "billingAddress": "billing_address",
}
TEXTS: Final = {
    "first_name": "firstName",
    "last_name": "lastName",
    "company": "company",
    "address_line_1": "street1",
    "address_line_2": "street2",
    "city": "city",
    "state": "region",
    "postal_code": "postalCode",
}


def address_input(given: Mapping[str, Any]) -> dict[str, Any]:
    """What GraphQL takes of an address; an empty phone number is none."""
    named = {theirs: given[ours] for ours, theirs in TEXTS.items() if ours in given}
    return {
        **named,
        "country": given["country"].upper(),
        "phone": given.get("phone") or None,
    }


def address(node: Node | None) -> Json:
    if node is None:
        return None
    return {
        **{ours: node[theirs] or None for ours, theirs in TEXTS.items()},
        "phone": node["phone"],
        "country": node["country"],
    }
