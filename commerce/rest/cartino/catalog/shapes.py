"""Categories and brands from GraphQL to Cartino's JSON."""

from typing import Any

from commerce.rest.cartino.paging import listed
from commerce.rest.cartino.products import shapes
from commerce.rest.printing import seconds
from commerce.rest.route import Call, Json, Node


def categories(connection: Node, call: Call) -> Json:
    return listed(connection, call, _category)


def category(node: Node, _call: Call) -> Json:
    return {"data": _category(node)}


def products(node: Node, call: Call) -> Json:
    return shapes.products(node["products"], call)


def brands(connection: Node, call: Call) -> Json:
    return listed(connection, call, _brand)


def brand(node: Node, _call: Call) -> Json:
    return {"data": _brand(node)}


def _category(node: Node) -> dict[str, Any]:
    return {
        "id": node["databaseId"],
        "title": node["title"],
        "image_url": node["imageUrl"],
        "parent_id": node["parent"] and node["parent"]["databaseId"],
        "depth": node["depth"],
        **_common(node),
    }


def _brand(node: Node) -> dict[str, Any]:
    return {
        "id": node["databaseId"],
        "name": node["name"],
        "logo_url": node["logoUrl"],
        **_common(node),
    }


def _common(node: Node) -> dict[str, Any]:
    return {
        "slug": node["slug"],
        "description": node["descriptionHtml"] or None,
        "is_active": node["active"],
        "position": node["position"],
        "seo_title": node["seo"]["title"] or None,
        "seo_description": node["seo"]["description"] or None,
        "created_at": seconds(node["createdAt"]),
        "updated_at": seconds(node["updatedAt"]),
    }
