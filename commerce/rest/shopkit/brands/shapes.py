"""Brands from GraphQL to Shopkit's JSON."""

from commerce.core.markup import plain_text
from commerce.rest.printing import seconds_with_offset
from commerce.rest.route import Call, Json, Node, Reply
from commerce.rest.shopkit.envelope import listed
from commerce.rest.shopkit.looking import picture
from commerce.rest.shopkit.texts import meta


def brands(connection: Node, call: Call) -> Reply:
    return listed([brand(node, call) for node in connection["nodes"]], connection, call)


def written(payload: Node, call: Call) -> Json:
    return brand(payload["brand"], call)


def brand(node: Node, call: Call) -> Json:
    url = f"{call.origin}/brand/{node['slug']}"
    return {
        "id": node["databaseId"],
        "title": node["name"],
        "description": node["descriptionHtml"],
        "handle": node["slug"],
        "page_title": node["seo"]["title"] or node["name"],
        "meta_description": node["seo"]["description"] or meta(plain_text(node["descriptionHtml"])),
        "meta_tags": node["seo"]["keywords"],
        "url": url,
        "permalink": url,
        "num_products": node["products"]["totalCount"]["count"],
        "position": node["position"],
        "active": node["active"],
        "image": picture(node),
        "created_at": seconds_with_offset(node["createdAt"], call.zone),
        "updated_at": seconds_with_offset(node["updatedAt"], call.zone),
    }
