"""From GraphQL to Litestore's JSON."""

from typing import Final

from commerce.rest.litestore.inputs import limit, offset
from commerce.rest.printing import amount, seconds, two_decimals
from commerce.rest.route import Call, Json, Node

STATUSES: Final = {
    "ACTIVE": "active",
    "DRAFT": "draft",
    "HIDDEN": "draft",
    "ARCHIVED": "archived",
}


def products(connection: Node, call: Call) -> Json:
    asked = limit(call.query)
    return {
        "data": [product(node, call) for node in connection["nodes"][:asked]],
        "total": connection["totalCount"]["count"],
        "limit": asked,
        "offset": offset(call.query),
    }


def product(node: Node, _call: Call) -> Json:
    """A Litestore product has one price: the lowest of its variants."""
    lowest = node["priceRange"] and node["priceRange"]["min"]
    categories = node["categories"]["nodes"]
    return {
        "id": f"prod-{node['databaseId']}",
        "name": node["title"],
        "description": node["descriptionText"],
        "price": two_decimals(amount(lowest)),
        "currency": lowest and lowest["currencyCode"],
        "category": categories[0]["title"] if categories else None,
        "images": [media["url"] for media in node["media"]["nodes"] if media["kind"] == "IMAGE"],
        "tags": node["tags"],
        "status": STATUSES[node["status"]],
        "createdAt": seconds(node["createdAt"]),
        "updatedAt": seconds(node["updatedAt"]),
    }
