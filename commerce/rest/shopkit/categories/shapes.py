"""Categories from GraphQL to Shopkit's JSON."""

from commerce.core.markup import plain_text
from commerce.rest.printing import seconds_with_offset
from commerce.rest.route import Call, Json, Node, Reply
from commerce.rest.shopkit.envelope import listed
from commerce.rest.shopkit.looking import picture
from commerce.rest.shopkit.texts import meta


def categories(connection: Node, call: Call) -> Reply:
    return listed([category(node, call) for node in connection["nodes"]], connection, call)


def written(payload: Node, call: Call) -> Json:
    return category(payload["category"], call)


def category(node: Node, call: Call) -> Json:
    parent, below = node["parent"], node["children"]["nodes"]
    url = _url(node, call)
    return {
        "id": node["databaseId"],
        "title": node["title"],
        "description": node["descriptionHtml"],
        "parent": parent["databaseId"] if parent else 0,
        "handle": node["slug"],
        "page_title": node["seo"]["title"] or node["title"],
        "meta_description": node["seo"]["description"] or meta(plain_text(node["descriptionHtml"])),
        "meta_tags": node["seo"]["keywords"],
        "url": url,
        "total_products": node["productCount"]["count"],
        "num_products": node["productCount"]["count"],
        "is_parent": bool(below),
        "is_child": parent is not None,
        "parent_title": parent and parent["title"],
        "position": node["position"],
        "active": node["active"],
        "permalink": url,
        "image": picture(node),
        "parents": [_short(each, call) for each in node["ancestors"]],
        "children": [_short(each, call) for each in below],
        "created_at": seconds_with_offset(node["createdAt"], call.zone),
        "updated_at": seconds_with_offset(node["updatedAt"], call.zone),
    }


def _short(node: Node, call: Call) -> Json:
    return {
        "id": node["databaseId"],
        "title": node["title"],
        "handle": node["slug"],
        "url": _url(node, call),
    }


def _url(node: Node, call: Call) -> str:
    return f"{call.origin}/category/{node['slug']}"
