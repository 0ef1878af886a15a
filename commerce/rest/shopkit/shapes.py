"""From GraphQL to Shopkit's JSON."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final, NamedTuple

from commerce.rest.errors import not_found
from commerce.rest.printing import amount, seconds_with_offset, shortest
from commerce.rest.route import Call, Json, Node, Reply
from commerce.rest.shopkit.envelope import listed

META_LENGTH: Final = 140
SHORT_LENGTH: Final = 85
ELLIPSIS: Final = "&#8230;"
VALUES: Final = 3
NOTHING_OFF: Final = Decimal(0)
HIDDEN: Final = (2, "hidden")
STATUSES: Final = {"DRAFT": HIDDEN, "HIDDEN": HIDDEN}


class Prices(NamedTuple):
    """Shopkit's `price` is the usual one; `promo` is what a promotion makes of it, or 0."""

    price: Decimal | None = None
    promo: Decimal = NOTHING_OFF

    @property
    def current(self) -> Decimal | None:
        return self.promo or self.price


def products(connection: Node, call: Call) -> Reply:
    return listed([_product(node, call) for node in connection["nodes"]], connection, call)


def product(node: Node, call: Call) -> Json:
    """Archived products are deleted ones to Shopkit's clients."""
    if node["status"] == "ARCHIVED":
        raise not_found()
    return _product(node, call)


def _product(node: Node, call: Call) -> Json:
    variants = node["variants"]["nodes"]
    pictures = [media["url"] for media in node["media"]["nodes"] if media["kind"] == "IMAGE"]
    url = f"{call.origin}/product/{node['slug']}"
    options = variants if node["options"] else []
    return {
        **_head(node, variants),
        **_texts(node),
        "weight": variants[0]["weightGrams"] if variants else 0,
        "hits": 0,
        "sales": 0,
        "variants_same_values": False,
        "description_short": shortened(node["descriptionText"]),
        "promo": bool(_cheapest(variants).promo),
        "url": url,
        "permalink": url,
        "add_cart_url": f"{call.origin}/cart/add/{node['slug']}",
        "video_url": _video(node),
        "video_embed_url": False,
        "image": _image(pictures[0]) if pictures else None,
        "images": {str(place): _image(url) for place, url in enumerate(pictures[1:], 1)},
        "options": [_option(option, node, url, pictures) for option in options],
        "categories": [_category(category, call) for category in node["categories"]["nodes"]],
        "option_groups": [_option_group(group) for group in node["options"]],
        "stock": _stock(variants),
    }


def _head(node: Node, variants: Sequence[Node]) -> dict[str, Any]:
    prices = _cheapest(variants)
    status, alias = STATUSES.get(node["status"]) or (
        (1, "active") if node["inStock"] else (3, "out_of_stock")
    )
    return {
        "id": node["databaseId"],
        "title": node["title"],
        "reference": _reference(node, variants),
        "price": prices.price,
        "price_promo": prices.promo,
        "price_on_request": node["priceOnRequest"],
        "created_at": seconds_with_offset(node["createdAt"]),
        "status": status,
        "status_alias": alias,
        "position": node["position"],
        "shipping": 0,
        "shipping_alone": False,
        "featured": node["featured"],
        "new": node["shownAsNew"],
        "is_promotion": bool(prices.promo),
    }


def _texts(node: Node) -> dict[str, Any]:
    text = node["descriptionText"]
    return {
        "description": node["descriptionHtml"],
        "file": None,
        "tax": 0,
        "meta_description": node["seo"]["description"] or text[:META_LENGTH],
        "meta_tags": "",
        "handle": node["slug"],
        "page_title": node["seo"]["title"] or node["title"],
    }


def _reference(node: Node, variants: Sequence[Node]) -> str:
    """The sku, when there is no choice between several."""
    sku = variants[0]["sku"] if variants and not node["options"] else None
    return sku or ""


def _video(node: Node) -> str:
    videos = (
        media["url"]
        for media in node["media"]["nodes"]
        if media["kind"] in ("VIDEO", "EXTERNAL_VIDEO")
    )
    return next(videos, "")


def _prices(variant: Node) -> Prices:
    pricing = variant["pricing"]
    price = amount(pricing and pricing["price"])
    before = amount(pricing and pricing["compareAt"])
    if price is None:
        return Prices()
    if before is not None and before > price > 0:  # a promotion of 0 would mean none
        return Prices(shortest(before), shortest(price))
    return Prices(shortest(price))


def _cheapest(variants: Sequence[Node]) -> Prices:
    """Those of the variant that costs least now."""
    priced = [(prices.current, prices) for prices in map(_prices, variants)]
    known = [(current, prices) for current, prices in priced if current is not None]
    return min(known, key=lambda pair: pair[0])[1] if known else Prices()


def _option(variant: Node, node: Node, url: str, pictures: Sequence[str]) -> Json:
    chosen = [option["valueId"] for option in variant["selectedOptions"]]
    prices = _prices(variant)
    own = variant["media"]["url"] if variant["media"] else None
    picture = own or (pictures[0] if pictures else None)
    return {
        "id": variant["databaseId"],
        **{f"id_variant_{i + 1}": chosen[i] if i < len(chosen) else None for i in range(VALUES)},
        "title": variant["title"],
        "price": prices.price,
        "promo": bool(prices.promo),
        "price_promo": prices.promo,
        "price_on_request": node["priceOnRequest"],
        "stock": _quantity(variant),
        "shipping": 0,
        "weight": variant["weightGrams"],
        "active": True,
        "reference": variant["sku"],
        "url": f"{url}?option={variant['databaseId']}",
        "image": _image(picture) if picture else None,
    }


def _category(node: Node, call: Call) -> Json:
    return {
        "id": node["databaseId"],
        "parent": node["parent"]["databaseId"] if node["parent"] else 0,
        "title": node["title"],
        "description": node["descriptionHtml"],
        "handle": node["slug"],
        "url": f"{call.origin}/category/{node['slug']}",
    }


def _option_group(option: Node) -> Json:
    """The ids are texts here, and numbers in `id_variant_1`."""
    values = [
        {"id": str(value["databaseId"]), "title": value["name"]} for value in option["values"]
    ]
    return {"title": option["name"], "options": values}


def _stock(variants: Sequence[Node]) -> Json:
    """Of the product as a whole. Keys that may not read stock levels see no quantity."""
    counted = [variant for variant in variants if variant["trackStock"]]
    if not counted:
        return {"stock_enabled": False}
    known = list(map(_quantity, counted))
    return {
        "stock_enabled": True,
        "stock_qty": None if None in known else sum(filter(None, known)),
        "stock_backorder": any(variant["backorder"] == "ALLOW" for variant in counted),
        "stock_show": True,
        "stock_sold_single": False,
        "stock_notify": None,
    }


def _quantity(variant: Node) -> int | None:
    """0 where stock is not counted; None for keys that may not read it."""
    availability = variant["availability"]
    return availability["quantity"] or 0 if "quantity" in availability else None


def _image(url: str) -> Json:
    """One picture in every size: there are no smaller renditions."""
    return {"thumb": url, "square": url, "full": url}


def shortened(text: str) -> str:
    """Whole words up to about 85 characters, as the samples of the documents are cut."""
    if len(text) < SHORT_LENGTH:
        return text
    short = ""
    for word in text.split():
        short += f"{word} "
        if len(short) >= SHORT_LENGTH:
            break
    short = short.rstrip()
    return short if len(short) == len(text) else short + ELLIPSIS
