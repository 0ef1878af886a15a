"""Products from GraphQL to Shopkit's JSON."""

from collections.abc import Sequence
from typing import Any, Final

from commerce.rest.errors import not_found
from commerce.rest.printing import seconds_with_offset
from commerce.rest.route import Call, Json, Node, Reply
from commerce.rest.shopkit import texts
from commerce.rest.shopkit.envelope import listed
from commerce.rest.shopkit.pictures import embedded, video_of
from commerce.rest.shopkit.places import customs_of
from commerce.rest.shopkit.products.goods import Goods
from commerce.rest.shopkit.products.options import groups_of, options_of, quantity
from commerce.rest.shopkit.products.prices import cheapest

HIDDEN: Final = (2, "hidden")
STATUSES: Final = {"DRAFT": HIDDEN, "HIDDEN": HIDDEN}


def products(connection: Node, call: Call) -> Reply:
    return listed([_product(node, call) for node in connection["nodes"]], connection, call)


def product(node: Node, call: Call) -> Json:
    """Archived products are deleted ones to Shopkit's clients."""
    if node["status"] == "ARCHIVED":
        raise not_found()
    return _product(node, call)


def written(payload: Node, call: Call) -> Json:
    """What a mutation made of it."""
    return product(payload["product"], call)


def _product(node: Node, call: Call) -> Json:
    goods = Goods.of(node)
    variants, pictures = goods.variants, goods.pictures
    url = f"{call.origin}/product/{node['slug']}"
    video = video_of(node["media"]["nodes"])
    return {
        **_head(goods, call),
        **_texts(goods),
        "weight": variants[0]["weightGrams"] if variants else 0,
        "hits": 0,
        "sales": node.get("unitsSold"),
        "variants_same_values": _same_values(goods),
        "url": url,
        "permalink": url,
        "add_cart_url": f"{call.origin}/cart/add/{node['slug']}",
        "video_url": video,
        "video_embed_url": embedded(video),
        "image": pictures[0] if pictures else None,
        "images": {str(place): each for place, each in enumerate(pictures[1:], 1)},
        "options": options_of(goods, call),
        "categories": [_category(category, call) for category in node["categories"]["nodes"]],
        "brand": _brand(node["brand"], call),
        "tags": node["tags"],
        "option_groups": groups_of(node),
        "stock": _stock(node, variants),
        "custom_fields": {field["key"]: field["value"] for field in node["metafields"]["nodes"]}
        or None,
    }


def _head(goods: Goods, call: Call) -> dict[str, Any]:
    node, prices = goods.node, cheapest(goods.prices)
    status, alias = _status(node)
    return {
        "id": node["databaseId"],
        "title": node["title"],
        **_named(node, goods.variants),
        **prices.printed(goods.percent),
        "price_on_request": node["priceOnRequest"],
        "created_at": seconds_with_offset(node["createdAt"], call.zone),
        "updated_at": seconds_with_offset(node["updatedAt"], call.zone),
        "status": status,
        "status_alias": alias,
        "position": node["position"],
        "shipping": 0,
        "shipping_alone": False,
        "featured": node["featured"],
        "new": node["shownAsNew"],
        "is_promotion": bool(prices.promo),
    }


def _status(node: Node) -> tuple[int, str]:
    if node["status"] in STATUSES:
        return STATUSES[node["status"]]
    if node["announced"]:
        return 4, "soon"
    return (1, "active") if node["inStock"] else (3, "out_of_stock")


def _texts(goods: Goods) -> dict[str, Any]:
    node = goods.node
    text = node["descriptionText"]
    short = texts.excerpt(text)
    return {
        "description": node["descriptionHtml"],
        "description_short": texts.dotted(short, text),
        "excerpt": node["excerpt"] or short,
        "file": _file(node),
        "tax": goods.percent,
        "taxable": goods.taxable,
        "meta_description": node["seo"]["description"] or texts.meta(text),
        "meta_tags": node["seo"]["keywords"],
        "handle": node["slug"],
        "page_title": node["seo"]["title"] or node["title"],
    }


def _file(node: Node) -> str | None:
    """The first that comes with it; keys that may not read files see none."""
    held = (
        file["url"] for variant in node["variants"]["nodes"] for file in variant.get("files", ())
    )
    return next(held, None)


def _named(node: Node, variants: Sequence[Node]) -> dict[str, Any]:
    """The sku and barcode, when there is no choice between several."""
    only = variants[0] if variants and not node["options"] else {}
    first = variants[0] if variants else None
    return {
        "reference": only.get("sku") or "",
        "barcode": only.get("barcode"),
        **customs_of(first),
    }


def _same_values(goods: Goods) -> bool:
    """Whether it makes no difference to price and weight which option is taken."""
    each = zip(goods.prices, goods.variants, strict=True)
    values = {(prices.price, prices.promo, variant["weightGrams"]) for prices, variant in each}
    return len(values) <= 1


def _category(node: Node, call: Call) -> Json:
    return {
        "id": node["databaseId"],
        "parent": node["parent"]["databaseId"] if node["parent"] else 0,
        "title": node["title"],
        "description": node["descriptionHtml"],
        "handle": node["slug"],
        "url": f"{call.origin}/category/{node['slug']}",
        "active": node["active"],
    }


def _brand(node: Node | None, call: Call) -> Json:
    return node and {
        "id": node["databaseId"],
        "title": node["name"],
        "handle": node["slug"],
        "url": f"{call.origin}/brand/{node['slug']}",
    }


def _stock(node: Node, variants: Sequence[Node]) -> Json:
    """Of the product as a whole. Keys that may not read stock levels see no quantity."""
    counted = [variant for variant in variants if variant["trackStock"]]
    if not counted:
        return {"stock_enabled": False}
    known = list(map(quantity, counted))
    return {
        "stock_enabled": True,
        "stock_qty": None if None in known else sum(filter(None, known)),
        "stock_backorder": any(variant["backorder"] == "ALLOW" for variant in counted),
        "stock_show": node["stockShown"],
        "stock_sold_single": node["onePerOrder"],
        "stock_notify": _threshold(counted),
    }


def _threshold(variants: Sequence[Node]) -> str | None:
    """The first that says when its stock is low; a text in the documents."""
    levels = (
        level for variant in variants for level in variant.get("stockLevels", {}).get("nodes", ())
    )
    found = (level["lowStockThreshold"] for level in levels)
    return next((str(units) for units in found if units is not None), None)
