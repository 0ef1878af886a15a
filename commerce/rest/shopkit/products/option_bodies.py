"""What Shopkit's clients say of an option."""

from collections.abc import Mapping
from typing import Any, Final

from commerce.core.ids import global_id
from commerce.rest.fields import Field
from commerce.rest.kinds import flag, number, record, text, whole
from commerce.rest.parameters import whole_in_path
from commerce.rest.route import Call
from commerce.rest.shopkit.products.bodies import (
    amounts,
    nothing_else,
    own_address,
    stored_amounts,
)

CHANGED: Final = record(
    Field("price", number(0), about="What it costs.", examples=(19.9, 29.9)),
    Field(
        "price_promo",
        number(0),
        nullable=True,
        about="A lower price; 0 ends the promotion.",
        examples=(14.9, 24.9),
    ),
    Field("stock", whole(0, 2**31 - 1), about="How many there are."),
    Field("weight", whole(0, 2**31 - 1), about="Grams."),
    Field("reference", text(255), nullable=True, about="Its stock keeping unit."),
    Field("barcode", text(255), nullable=True, about="EAN, ISBN, UPC or GTIN."),
    Field("image", text(2_000), nullable=True, about="The address of its own picture."),
    Field("price_on_request", nothing_else(False, "false"), about="Of whole products alone."),
    Field("shipping", nothing_else(0, "0"), about="0: shipping has prices of its own."),
    Field("active", flag(), about="Whether it is sold."),
)
PLAIN: Final = {"weight": "weightGrams", "reference": "sku", "barcode": "barcode"}


def changed(call: Call, stored: Mapping[str, Any]) -> dict[str, Any]:
    id_ = whole_in_path(call.params["option"])
    (variant,) = (one for one in stored["variants"]["nodes"] if one["databaseId"] == id_)
    fields = {
        "id": global_id("ProductVariant", id_),
        **{
            ours: call.body[name] or 0 if name == "weight" else call.body[name] or None
            for name, ours in PLAIN.items()
            if name in call.body
        },
        **_amounts(call.body, variant),
    }
    if "image" in call.body:
        image = call.body["image"]
        fields["mediaUrl"] = own_address(image, call) if image else None
    if "active" in call.body:
        fields["active"] = call.body["active"]
    if "stock" in call.body:
        fields["stock"] = [{"onHand": call.body["stock"]}]
    product = global_id("Product", stored["databaseId"])
    return {"input": {"id": product, "variants": [fields], "exhaustive": False}}


def _amounts(body: Mapping[str, Any], variant: Mapping[str, Any]) -> dict[str, Any]:
    if "price" not in body and "price_promo" not in body:
        return {}
    usual, promo = stored_amounts(variant)
    promo = (body["price_promo"] or None) if "price_promo" in body else promo
    return amounts(body.get("price", usual), promo)
