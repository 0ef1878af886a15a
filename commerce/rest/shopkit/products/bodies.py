"""What Shopkit's clients say of a product, and the whole product that GraphQL is told to make."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from commerce.core.ids import global_id
from commerce.rest.errors import invalid
from commerce.rest.fields import Field, ValueKind, unfit
from commerce.rest.kinds import anything, flag, listing, number, record, text, whole
from commerce.rest.parameters import key_in_path
from commerce.rest.route import Call
from commerce.rest.shopkit.places import country_of
from commerce.rest.shopkit.products.shapes import product

MAX_PICTURES: Final = 10
MOST_READ: Final = 100  # variants and media of a product
SHARED: Final = ("price", "price_promo", "reference", "barcode", "stock_qty")
STATUSES: Final[Mapping[int, dict[str, Any]]] = {
    1: {"status": "ACTIVE", "announced": False},
    2: {"status": "HIDDEN"},
    3: {"status": "ACTIVE", "announced": False},
    4: {"status": "ACTIVE", "announced": True},
}
OUT_OF_STOCK: Final = 3
# Shopkit's names of what is ours by another one.
PLAIN: Final[Mapping[str, str]] = {
    "title": "title",
    "handle": "slug",
    "description": "descriptionHtml",
    "excerpt": "excerpt",
    "price_on_request": "priceOnRequest",
    "featured": "featured",
    "new": "shownAsNew",
    "position": "position",
    "tags": "tags",
    "stock_show": "stockShown",
    "stock_sold_single": "onePerOrder",
}
SEO: Final = {"page_title": "title", "meta_description": "description", "meta_tags": "keywords"}
VARIANT: Final = {
    "reference": "sku",
    "barcode": "barcode",
    "weight": "weightGrams",
    "taxable": "taxable",
    "stock_enabled": "trackStock",
}
RENAMED: Final = {
    **{ours: theirs for theirs, ours in PLAIN.items()},
    **{f"seo.{ours}": theirs for theirs, ours in SEO.items()},
    **{f"variants.0.{ours}": theirs for theirs, ours in VARIANT.items()},
    "variants.0.originCountry": "origin_country",
    "variants.0.customsCode": "harmonized_code",
    "variants.0.price": "price",
    "variants.0.compareAt": "price",
    "brandId": "brand",
    "categoryIds": "categories",
}


def nothing_else(*kept: Any) -> ValueKind:
    """A documented value that this shop has but one answer to: anything else is refused rather
    than forgotten."""

    def read(value: Any) -> Any:
        if value in kept:
            return value
        raise unfit("is not kept by this shop")

    return ValueKind(read, {"enum": list(kept)})


FIELDS: Final = (
    Field("categories", listing(whole(1), 100), about="Ids of its categories, all of them."),
    Field("brand", whole(1), nullable=True, about="The id of its brand."),
    Field("handle", text(255, least=1), about="Its name in addresses."),
    Field("reference", text(255), nullable=True, about="Its stock keeping unit."),
    Field("barcode", text(255), nullable=True, about="EAN, ISBN, UPC or GTIN."),
    Field(
        "price_promo",
        number(0),
        nullable=True,
        about="A lower price; 0 ends the promotion.",
        examples=(14.9, 24.9),
    ),
    Field("price_on_request", flag(), about="Whether its price is told only when asked."),
    Field("status", whole(1, 4), about="1 active, 2 hidden, 3 out of stock, 4 soon."),
    Field("featured", flag(), about="Whether the shop puts it forward."),
    Field("new", flag(), about="Whether the shop marks it as new."),
    Field("position", whole(), about="Its place where the shop's own order counts."),
    Field("description", text(500_000), about="What it is, as HTML."),
    Field("excerpt", text(2_000), about="What it is, in a sentence or two."),
    Field("video_url", text(2_000), about="A film about it."),
    Field("taxable", flag(), about="Whether tax is charged on it."),
    Field("tax", number(0), about="Not read: rates follow from the tax setup."),
    Field("meta_description", text(2_000), about="Its summary for search engines."),
    Field("meta_tags", text(2_000), about="Words it is to be found by."),
    Field("page_title", text(255), about="The title of its page."),
    Field("weight", whole(0, 2**31 - 1), about="Grams."),
    Field(
        "origin_country",
        text(3),
        nullable=True,
        about="ISO 3166-1, three letters or two.",
        examples=("PRT", "ESP"),
    ),
    Field("harmonized_code", text(50), nullable=True, about="Its number at customs."),
    Field("images", listing(text(2_000, least=1), MAX_PICTURES), about="Addresses, all of them."),
    Field("tags", listing(text(100)), about="Words it is filed under."),
    Field("stock_enabled", flag(), about="Whether its stock is counted."),
    Field("stock_qty", whole(0, 2**31 - 1), about="How many there are."),
    Field("stock_backorder", flag(), about="Whether it can be bought beyond its stock."),
    Field("stock_show", flag(), about="Whether shoppers are told how many there are."),
    Field("stock_sold_single", flag(), about="Whether an order has but one."),
    Field("is_promotion", anything(), about="Not read: it follows from the prices."),
    Field("shipping", nothing_else(0, "0"), about="0: shipping has prices of its own."),
    Field("shipping_alone", nothing_else(False, "false"), about="false."),
)
NEW: Final = record(
    Field("title", text(255, least=1), required=True, about="Its name."),
    Field(
        "price",
        number(0),
        about="What it costs; required unless on request.",
        examples=(19.9, 29.9),
    ),
    *FIELDS,
)
CHANGED: Final = record(
    Field("title", text(255, least=1), about="Its name."),
    Field("price", number(0), about="What it costs.", examples=(19.9, 29.9)),
    *FIELDS,
)


def added(call: Call) -> dict[str, Any]:
    """Variables that add a product."""
    body = call.body
    if body.get("price") is None and not body.get("price_on_request"):
        raise invalid("price", "field is required")
    if "categories" not in body:
        raise invalid("categories", "field is required")
    values = _values({"status": 1, "stock_enabled": False, **body})
    variant = _variant({"stock_enabled": False, **body}, _amounts(body, None))
    media = media_of(call, None)
    return {"input": {**values, **media, "mustBeNew": True, "variants": [variant]}}


def changed(call: Call, stored: Mapping[str, Any]) -> dict[str, Any]:
    """Variables that change the product that is `stored`.

    What there is one of, price and stock among it, is the product's while it has no options; with
    options each of them has its own.
    """
    body = call.body
    id_ = key_in_path(str(stored["databaseId"]), "Product")
    values = {**_values(body), **media_of(call, stored), "id": id_}
    variants = stored["variants"]["nodes"]
    own = body if len(variants) == 1 else _without_shared(body, product(stored, call))
    fields = [_variant(own, _amounts(own, variant)) for variant in variants]
    if any(fields):
        ids = (global_id("ProductVariant", variant["databaseId"]) for variant in variants)
        values["variants"] = [{"id": key, **said} for key, said in zip(ids, fields, strict=True)]
        values["exhaustive"] = len(variants) < MOST_READ
    return {"input": values}


def _without_shared(body: Mapping[str, Any], shown: Mapping[str, Any]) -> Mapping[str, Any]:
    """Options have prices, references and counts of their own: of their product these may be
    said again, but not changed."""
    printed = {**shown, **shown["stock"]}
    for name in SHARED:
        said = body.get(name)
        if said is not None and str(said) != str(printed.get(name)):
            raise invalid(name, "belongs to the options")
    return {name: said for name, said in body.items() if name not in SHARED}


def _values(body: Mapping[str, Any]) -> dict[str, Any]:
    values: dict[str, Any] = {
        ours: body[theirs] for theirs, ours in PLAIN.items() if theirs in body
    }
    seo = {ours: body[theirs] for theirs, ours in SEO.items() if theirs in body}
    if seo:
        values["seo"] = seo
    if "status" in body:
        values |= _status(body)
    if "brand" in body:
        values["brandId"] = body["brand"] and global_id("Brand", body["brand"])
    if "categories" in body:
        values["categoryIds"] = [global_id("Category", id_) for id_ in body["categories"]]
    return values


def _status(body: Mapping[str, Any]) -> dict[str, Any]:
    """Out of stock is what the stock says: whoever wants it so says how many there are."""
    if body["status"] == OUT_OF_STOCK and body.get("stock_qty"):
        raise invalid("status", "does not fit stock_qty")
    return STATUSES[body["status"]]


def _variant(body: Mapping[str, Any], amounts: dict[str, Any]) -> dict[str, Any]:
    fields: dict[str, Any] = {
        ours: body[theirs] for theirs, ours in VARIANT.items() if theirs in body
    }
    for name in ("sku", "barcode"):
        if fields.get(name) == "":
            fields[name] = None
    if "origin_country" in body:
        country = body["origin_country"]
        fields["originCountry"] = country_of(country, "origin_country") if country else None
    if "harmonized_code" in body:
        digits = (body["harmonized_code"] or "").replace(".", "").replace(" ", "")
        fields["customsCode"] = digits or None
    if "stock_backorder" in body:
        fields["backorder"] = "ALLOW" if body["stock_backorder"] else "DENY"
    if body.get("status") == OUT_OF_STOCK:
        fields |= {"stock": [{"onHand": 0}], "trackStock": True, "backorder": "DENY"}
    elif body.get("stock_qty") is not None:
        fields["stock"] = [{"onHand": body["stock_qty"]}]
    return fields | amounts


def _amounts(body: Mapping[str, Any], variant: Mapping[str, Any] | None) -> dict[str, Any]:
    """`price` is the usual one; a promotion price is asked while it is there."""
    if body.get("price") is None and "price_promo" not in body:
        return {}
    usual, promo = stored_amounts(variant)
    usual = body["price"] if body.get("price") is not None else usual
    promo = (body["price_promo"] or None) if "price_promo" in body else promo
    return amounts(usual, promo)


def amounts(usual: Decimal | None, promo: Decimal | None) -> dict[str, Any]:
    if promo is None:
        return {"price": None if usual is None else str(usual), "compareAt": None}
    if usual is None or promo >= usual:
        raise invalid("price_promo", "must be lower than price")
    return {"price": str(promo), "compareAt": str(usual)}


def stored_amounts(variant: Mapping[str, Any] | None) -> tuple[Decimal | None, Decimal | None]:
    """The usual price, and that of a promotion."""
    pricing = variant and variant["pricing"]
    if not pricing:
        return None, None
    price = Decimal(pricing["price"]["amount"])
    before = pricing["compareAt"] and Decimal(pricing["compareAt"]["amount"])
    return (before, price) if before and before > price else (price, None)


def media_of(call: Call, stored: Mapping[str, Any] | None) -> dict[str, Any]:
    """The gallery: pictures, then the film. What is not said stays."""
    body = call.body
    if "images" not in body and "video_url" not in body:
        return {}
    gallery = stored["media"]["nodes"] if stored else []
    films = [{"url": m["url"], "kind": m["kind"]} for m in gallery if m["kind"] != "IMAGE"]
    images = [{"url": m["url"], "kind": "IMAGE"} for m in gallery if m["kind"] == "IMAGE"]
    if "images" in body:
        urls = dict.fromkeys(own_address(url, call) for url in body["images"])
        images = [{"url": url, "kind": "IMAGE"} for url in urls]
    if "video_url" in body:
        films = [{"url": body["video_url"], "kind": "EXTERNAL_VIDEO"}] if body["video_url"] else []
    return {"media": [*images, *films]}


def own_address(url: str, call: Call) -> str:
    """Pictures of this shop are known by their path."""
    path = url.removeprefix(call.origin)
    return path if path.startswith("/media/") else url
