"""From Cartino's customers to GraphQL variables."""

from collections.abc import Mapping
from typing import Any, Final

from commerce.core.ids import global_id
from commerce.rest.cartino.addresses import TEXTS as PLACE
from commerce.rest.cartino.customers.fields import SORTS
from commerce.rest.cartino.filters import chosen, order, refuse_unknown
from commerce.rest.cartino.paging import window
from commerce.rest.parameters import key_in_path
from commerce.rest.route import Call

NEWEST_FIRST: Final = [{"field": "CREATED_AT", "direction": "DESC"}]
# Cartino's fields that are texts of ours: null empties them.
TEXTS: Final = {
    "first_name": "firstName",
    "last_name": "lastName",
    "company_name": "company",
    "notes": "note",
}
# Those that may be null here, too.
PARTS: Final = {
    "email": "email",
    "phone": "phone",
    "accepts_marketing": "acceptsEmail",
    "accepts_sms": "acceptsSms",
    "vat_number": "taxId",
    "tax_code": "fiscalCode",
    "gender": "gender",
    "locale": "locale",
}
ADDRESS: Final = {**PLACE, "country": "country"}
# Of an address, what may be null here, too.
BESIDE: Final = {"phone": "phone", "tax_id": "taxId", "is_verified": "verified"}
# Which default address one of this type is.
DEFAULTS: Final = {
    "shipping": ("isDefaultShipping",),
    "billing": ("isDefaultBilling",),
    "company": ("isDefaultBilling",),
    None: ("isDefaultShipping", "isDefaultBilling"),
}


def customers(call: Call) -> dict[str, Any]:
    refuse_unknown(call, "search", "group_id")
    where: dict[str, Any] = {}
    words, group = chosen(call, "search"), chosen(call, "group_id")
    if words:
        where["search"] = words
    if group is not None:
        where["groupId"] = {"in": [global_id("CustomerGroup", group)]}
    return {**window(call), "where": where, "orderBy": order(call, SORTS) or NEWEST_FIRST}


def by_id(call: Call) -> dict[str, Any]:
    return {"id": key_in_path(call.params["id"], "Customer")}


def of_customer(call: Call) -> dict[str, Any]:
    return {**by_id(call), **window(call)}


def group_by_id(call: Call) -> dict[str, Any]:
    return {"id": key_in_path(call.params["id"], "CustomerGroup")}


def order_of_group(call: Call) -> dict[str, Any]:
    body = call.body
    return {**group_by_id(call), "subtotal": body["amount"], "quantity": body["quantity"]}


def blocked(call: Call) -> dict[str, Any]:
    return {"input": by_id(call)}


def subscribed(call: Call) -> dict[str, Any]:
    who = by_id(call)["id"]
    input_ = {"customerId": who, "channel": "EMAIL", "granted": True, "source": "cartino"}
    return {"input": input_}


def values(body: Mapping[str, Any]) -> dict[str, Any]:
    """A customer's own fields, but for its custom ones."""
    found = {ours: body[name] for name, ours in PARTS.items() if name in body}
    found |= {ours: body[name] or "" for name, ours in TEXTS.items() if name in body}
    if "date_of_birth" in body:
        born = body["date_of_birth"]
        found["dateOfBirth"] = born and born.isoformat()
    if "customer_group_id" in body:
        group = body["customer_group_id"]
        found["groupId"] = None if group is None else global_id("CustomerGroup", group)
    if "tags" in body:
        found["tags"] = body["tags"] or []
    return found


def new_address(call: Call) -> dict[str, Any]:
    return {"input": {"customerId": by_id(call)["id"], **address_values(call.body)}}


def changed_address(call: Call) -> dict[str, Any]:
    return {"input": {"id": _address_id(call), **address_values(call.body)}}


def default_address(call: Call) -> dict[str, Any]:
    kinds = DEFAULTS[call.body.get("type")]
    return {"input": {"id": _address_id(call), **dict.fromkeys(kinds, True)}}


def gone_address(call: Call) -> dict[str, Any]:
    return {"input": {"id": _address_id(call)}}


def _address_id(call: Call) -> str:
    return key_in_path(call.params["id"], "CustomerAddress")


def address_values(body: Mapping[str, Any]) -> dict[str, Any]:
    found = {ours: body[name] or "" for name, ours in ADDRESS.items() if name in body}
    found |= {ours: body[name] for name, ours in BESIDE.items() if name in body}
    if "notes" in body:
        found["note"] = body["notes"] or ""
    if "is_default" in body:
        found |= dict.fromkeys(DEFAULTS[body.get("type", "shipping")], body["is_default"])
    return found
