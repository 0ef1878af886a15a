"""Customers from GraphQL to Shopkit's clients: every answer is an array."""

from datetime import datetime
from hashlib import md5
from typing import Any, Final

from commerce.rest.errors import not_found
from commerce.rest.route import Call, Json, Node, Reply
from commerce.rest.shopkit.places import country_code, country_name

WHOLESALE: Final = "WHOLESALE"


def clients(connection: Node, _call: Call) -> Reply:
    total = str(connection["totalCount"]["count"])
    return Reply([client(node) for node in connection["nodes"]], headers={"X-Total-Count": total})


def found(connection: Node, _call: Call) -> Json:
    """By a hash, which none or one has."""
    if not connection["nodes"]:
        raise not_found()
    return [client(node) for node in connection["nodes"]]


def client(node: Node) -> Json:
    return {
        "id": node["databaseId"],
        "hash": hash_of(node["email"] or ""),
        "name": node["name"],
        "email": node["email"],
        "company": node["company"] or None,
        "fiscal_id": node["taxId"],
        "locale": node["locale"],
        "gender": node["gender"],
        "birthday": node["dateOfBirth"],
        "type": "company" if node["company"] else "person",
        "is_registered": node["hasPassword"],
        "is_banned": node["blocked"],
        "is_deleted": node["erased"],
        "accepts_marketing": bool(node["acceptsEmail"]),
        "wholesale": node["group"]["kind"] == WHOLESALE,
        "internal_notes": node["note"] or None,
        "tags": node["tags"],
        "delivery": address(node["defaultShippingAddress"], node),
        "billing": address(node["defaultBillingAddress"], node),
        "created_at": int(datetime.fromisoformat(node["createdAt"]).timestamp()),
    }


def told(node: Node) -> Json:
    """As webhooks show it; where somebody was last seen, and from where, is not kept."""
    return {
        **client(node),
        "picture": None,
        "subscribe_newsletter": bool(node["acceptsEmail"]),
        "last_seen_at": None,
        "ip_address": None,
    }


def reader(node: Node) -> Json:
    """Of a newsletter."""
    return {"name": node["name"], "email": node["email"], "hash": hash_of(node["email"] or "")}


def hash_of(email: str) -> str:
    """By which Shopkit names a client in addresses."""
    return md5(email.lower().encode(), usedforsecurity=False).hexdigest()


def address(place: Node | None, node: Node) -> dict[str, Any] | None:
    if place is None:
        return None
    code, zip_code = place["country"], place["postalCode"]
    return {
        "name": place["name"] or node["name"],
        "phone": place["phone"] or node["phone"],
        "address": place["street1"],
        "address_extra": place["street2"],
        "country": country_name(code, zip_code) if code else "",
        "country_code": country_code(code),
        "country_code_alpha_2": code,
        "zip_code": zip_code,
        "city": place["city"],
    }
