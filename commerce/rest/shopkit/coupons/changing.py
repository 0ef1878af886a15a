"""Adding, changing and deleting coupons."""

from collections.abc import Generator, Mapping
from typing import Any, Final

from commerce.core.ids import MAX_ID, global_id
from commerce.rest.errors import Kind, RefusedError, invalid
from commerce.rest.route import Ask, Call, Reply, Steps
from commerce.rest.shopkit.coupons import inputs
from commerce.rest.shopkit.coupons.reading import COUPON, found
from commerce.rest.shopkit.coupons.shapes import ORDERS_OVER, SELECTED, coupon, created

KINDS: Final = {"category": "Category", "product": "Product", "brand": "Brand"}
NAMED: Final = tuple(f"ShopkitNamed{kind}" for kind in KINDS.values())
OF_CODE: Final = {"code", "limit", "active"}

Choosing = Generator[Ask, Any, Mapping[str, Any]]


def post(call: Call) -> Steps:
    """The promotion and its code are added together, or neither is."""
    wanted = call.body
    goods = yield from _goods(wanted)
    values = {
        "name": wanted["code"],
        "trigger": "COUPON",
        "coupon": inputs.coupon(wanted),
        **inputs.promotion(wanted, goods),
    }
    return created((yield Ask("ShopkitCouponCreate", {"input": values})), call)


def put(call: Call) -> Steps:
    """As it is, with what is given in its place: made again, it changes nothing more."""
    node = yield from found(call.params["id"])
    now, change = coupon(node, call), call.body
    wanted = {**now, **_instead(now, change), **change}
    if OF_CODE & change.keys():
        values = {"id": node["id"], **inputs.coupon(wanted)}
        yield Ask("ShopkitCouponUpdate", {"input": values})
    if change.keys() - OF_CODE:
        goods = yield from _goods(wanted)
        values = {"id": node["promotion"]["id"], **inputs.promotion(wanted, goods)}
        yield Ask("ShopkitPromotionUpdate", {"input": values})
    return [coupon((yield Ask(COUPON, {"id": node["id"]})), call)]


def delete(call: Call) -> Steps:
    """With its promotion, unless that has other codes."""
    node = yield from found(call.params["id"])
    promotion = node["promotion"]
    if len(promotion["coupons"]["nodes"]) == 1 and promotion["archivedAt"] is None:
        yield Ask("ShopkitPromotionDelete", {"input": {"id": promotion["id"]}})
    yield Ask("ShopkitCouponDelete", {"input": {"id": node["id"]}})
    return Reply(None, 204)


def _instead(now: Mapping[str, Any], change: Mapping[str, Any]) -> dict[str, Any]:
    """What a coupon was for is forgotten when it is for something else."""
    wanted = change.get("applies_to")
    if wanted is None or wanted == now["applies_to"]:
        return {}
    return dict.fromkeys((*SELECTED, ORDERS_OVER))


def _goods(wanted: Mapping[str, Any]) -> Choosing:
    """The selection that names what a coupon is for; empty for all."""
    named = inputs.named(wanted)
    if named is None:
        return {}
    name, text = named
    if name not in KINDS:
        return {SELECTED[name]: [text]}
    try:
        node = yield Ask(f"ShopkitNamed{KINDS[name]}", _by(text, KINDS[name]))
    except RefusedError as error:
        if error.refusal.kind is Kind.NOT_FOUND:
            raise invalid(name, "must be one that is there") from None
        raise
    return {SELECTED[name]: [node["id"]]}


def _by(text: str, kind: str) -> dict[str, Any]:
    if text.isascii() and text.isdigit() and int(text) <= MAX_ID:
        return {"id": global_id(kind, int(text))}
    return {"slug": text}
