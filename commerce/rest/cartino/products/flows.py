"""Writes of products and variants that take several steps. Each may be run again."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from commerce.core.ids import global_id
from commerce.rest.cartino.custom_data import keeping, keys_of
from commerce.rest.cartino.products import inputs, shapes
from commerce.rest.errors import RefusedError, invalid, not_found
from commerce.rest.parameters import slug_of
from commerce.rest.route import Ask, Asking, Call, Reply, Steps

SET: Final = "CartinoProductSet"
FRAME: Final = "CartinoProductFrame"
DEFAULT: Final = "Default"
MAX_SKU: Final = 255
ONLY: Final = "variants.0."

Input = dict[str, Any]


def create(call: Call) -> Steps:
    """A price without variants makes the default variant, its sku the slug in capitals."""
    body = call.body
    input_: Input = {**inputs.product_values(body), "mustBeNew": True}
    rows = body.get("variants") or []
    names = [option["name"] for option in body.get("options", ())]
    if rows:
        input_["variants"] = [_new(row, names) for row in rows]
    if "options" in body:
        input_["options"] = inputs.options(body)
    if rows or "price" not in body:
        node = (yield Ask(SET, _set(input_, call)))["product"]
    else:
        node = yield from _with_default(input_, call)
    for row, variant in zip(rows, node["variants"]["nodes"], strict=False):
        yield from _keep(global_id("ProductVariant", variant["databaseId"]), row, ())
    return (yield from _kept(node, call, ()))


def update(call: Call) -> Steps:
    body = call.body
    frame = yield Ask(FRAME, inputs.by_id(call))
    input_: Input = {"id": frame["id"], "exhaustive": False, **inputs.product_values(body)}
    names = [option["name"] for option in frame["options"]]
    names.extend(
        option["name"] for option in body.get("options", ()) if option["name"] not in names
    )
    rows = [inputs.variant_values(row, names) for row in body.get("variants", ())]
    if "price" in body:
        rows.append({**_only(frame), "price": body["price"]})
    if rows:
        input_["variants"] = rows
    if "options" in body:
        input_["options"] = inputs.options(body)
    node = (yield Ask(SET, _set(input_, call)))["product"]
    return (yield from _kept(node, call, keys_of(frame)))


def publish(call: Call) -> Steps:
    id_ = inputs.by_id(call)["id"]
    yield Ask(FRAME, {"id": id_})
    input_ = {"id": id_, "exhaustive": False, "status": "ACTIVE"}
    node = (yield Ask(SET, _set(input_, call)))["product"]
    return shapes.product(node, call)


def add_variant(call: Call) -> Steps:
    body = call.body
    frame = yield Ask(FRAME, inputs.by_id(call))
    names = [option["name"] for option in frame["options"]]
    row = {**_new(body, names), "mustBeNew": True}
    input_: Input = {"id": frame["id"], "exhaustive": False, "variants": [row]}
    picked = inputs.choices(body)
    if picked and not names:
        input_["options"] = [
            {"name": inputs.option_name(place, ()), "values": [{"name": DEFAULT}, {"name": value}]}
            for place, value in enumerate(picked)
            if value is not None
        ]
    made = yield Ask("CartinoVariantSet", {"input": input_})
    nodes = made["product"]["variants"]["nodes"]
    if not nodes:  # the product is filed away, and what is added to it is, too
        raise not_found()
    id_ = global_id("ProductVariant", nodes[0]["databaseId"])
    yield from _keep(id_, body, ())
    return Reply(shapes.variant((yield Ask("CartinoVariant", {"id": id_})), call), 201)


def update_variant(call: Call) -> Steps:
    body = call.body
    frame = yield Ask("CartinoVariantFrame", inputs.variant_by_id(call))
    names = [option["name"] for option in frame["product"]["options"]]
    row = {**inputs.variant_values(body, names), "id": frame["id"]}
    if len(row) > 1:
        input_ = {"id": frame["product"]["id"], "exhaustive": False, "variants": [row]}
        yield Ask("CartinoVariantSet", {"input": input_})
    yield from _count(frame, body)
    yield from _keep(frame["id"], body, keys_of(frame))
    return shapes.variant((yield Ask("CartinoVariant", {"id": frame["id"]})), call)


def delete_variant(call: Call) -> Steps:
    frame = yield Ask("CartinoVariantFrame", inputs.variant_by_id(call))
    input_ = {"productId": frame["product"]["id"], "variantIds": [frame["id"]]}
    yield Ask("CartinoVariantsArchive", {"input": input_})
    return shapes.gone("Variant")


def _with_default(input_: Input, call: Call) -> Asking:
    """Where another product has that sku, the slug that the product got makes one."""
    row = {"price": call.body["price"]}
    sku = (call.body.get("slug") or slug_of(call.body["title"])).upper()[:MAX_SKU]
    try:
        made = yield Ask(SET, _set({**input_, "variants": [{**row, "sku": sku or None}]}, call))
    except RefusedError as error:
        fields = [flaw.field for flaw in error.refusal.flaws]
        if not any(field.startswith(ONLY) for field in fields):
            raise
        if f"{ONLY}sku" not in fields:
            raise _of_the_product(error) from None
        made = yield Ask(SET, _set({**input_, "variants": [row]}, call))
        made = yield from _named(made["product"], call)
    return made["product"]


def _named(node: Mapping[str, Any], call: Call) -> Asking:
    variant = global_id("ProductVariant", node["variants"]["nodes"][0]["databaseId"])
    row = {"id": variant, "sku": node["slug"].upper()}
    input_ = {"id": node["id"], "exhaustive": False, "variants": [row]}
    try:
        return (yield Ask(SET, _set(input_, call)))
    except RefusedError:  # that one is another's, too: it has none
        return {"product": node}


def _of_the_product(error: RefusedError) -> RefusedError:
    """What is said of its only variant is said of the product's own fields."""
    flaws = (replace(flaw, field=flaw.field.removeprefix(ONLY)) for flaw in error.refusal.flaws)
    return RefusedError(replace(error.refusal, flaws=tuple(flaws)))


def _new(row: Mapping[str, Any], names: Sequence[str]) -> Input:
    return inputs.stocked(inputs.variant_values(row, names), row)


def _only(frame: Mapping[str, Any]) -> Input:
    """The variant that a product's price is meant for."""
    nodes = frame["variants"]["nodes"]
    if len(nodes) > 1:
        raise invalid("price", "must be said of one of the variants")
    return {"id": nodes[0]["id"]} if nodes else {}


def _count(frame: Mapping[str, Any], body: Mapping[str, Any]) -> Asking:
    """As many more or fewer as are missing from what is to be available, at the default location:
    what is sold meanwhile stays sold."""
    wanted, quantity = body.get("inventory_quantity"), frame["availability"].get("quantity")
    if wanted is None or wanted == quantity:
        return
    change = {"delta": wanted - (quantity or 0)}
    input_ = {"changes": [{"variantId": frame["id"], "change": change}], "reason": "Cartino"}
    yield Ask("CartinoStockAdjust", {"input": input_})


def _keep(owner: str, body: Mapping[str, Any], known: Sequence[str]) -> Asking:
    if "data" in body:
        yield from keeping(owner, body["data"], known)


def _kept(node: Mapping[str, Any], call: Call, known: Sequence[str]) -> Asking:
    """The product as it is once its custom fields, and its variants', are written."""
    rows = call.body.get("variants") or ()
    if "data" in call.body or any("data" in row for row in rows):
        yield from _keep(node["id"], call.body, known)
        id_ = {"id": node["id"], **inputs.included(call)}
        node = yield Ask("CartinoProduct", id_)
    return shapes.product(node, call)


def _set(input_: Input, call: Call) -> dict[str, Any]:
    return {"input": input_, **inputs.included(call)}
