"""A coupon from GraphQL to Shopkit's JSON."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from commerce.core.ids import parse_global_id
from commerce.rest.printing import Word, amount, seconds_with_offset, shortest
from commerce.rest.route import Call, Json, Node
from commerce.rest.shopkit.places import country_code

ZERO: Final = Decimal(0)
FREE: Final = Decimal(0)
# What a coupon may be for, by the part of a selection that names it.
SELECTED: Final = {
    "product": "productIds",
    "category": "categoryIds",
    "brand": "brandIds",
    "tag": "tags",
}
ALL_ORDERS: Final = "all_orders"
ORDERS_OVER: Final = "orders_over"
APPLIES_TO: Final = (ALL_ORDERS, ORDERS_OVER, *SELECTED)


def coupon(node: Node, call: Call) -> Json:
    promotion = node["promotion"]
    conditions, sales = promotion["conditions"], node["sales"]
    goods = _goods(promotion)
    least = number(amount(conditions["leastSubtotal"]))
    return {
        "id": node["databaseId"],
        "code": node["code"],
        "coupon": node["code"],
        "limit": node["usageLimit"] or 0,
        "used": node["used"],
        "value": _value(promotion["value"]),
        "type": _type(promotion),
        "applies_to": _applies_to(goods, least),
        ORDERS_OVER: least,
        "orders_under": number(amount(conditions["mostSubtotal"])),
        **goods,
        "countries": [country_code(code) for code in conditions["countries"]],
        "date_from": promotion["firstDay"],
        "date_to": promotion["lastDay"],
        "active": node["active"],
        "created_at": seconds_with_offset(node["createdAt"], call.zone),
        "updated_at": seconds_with_offset(node["updatedAt"], call.zone),
        "orders_total": number(amount(sales[0]["total"])) if sales else ZERO,
        "orders_discount": number(amount(sales[0]["discount"])) if sales else ZERO,
    }


def created(node: Node, call: Call) -> Json:
    """A list of one, unlike what reading answers."""
    return [coupon(each, call) for each in node["promotion"]["coupons"]["nodes"]]


def number(value: Decimal | None) -> Decimal | None:
    return None if value is None else shortest(value)


def _type(promotion: Node) -> str:
    if promotion["appliesTo"] == "SHIPPING":
        return "shipping"
    return "percent" if promotion["value"]["__typename"] == "PercentOff" else "money"


def _value(value: Node) -> Decimal | None:
    """A percentage or an amount; nothing of either where shipping is free."""
    if value["__typename"] == "PercentOff":
        return shortest(Decimal(value["percent"]))
    if value["__typename"] == "AmountOff":
        return number(amount(value["amount"]))
    return FREE


def _goods(promotion: Node) -> dict[str, Any]:
    """What it makes cheaper or, for shipping, what has to be bought: the first of each."""
    target, counted = promotion["target"], promotion["conditions"]["counted"]
    goods = target if _names_some(target) else counted
    return {name: _first(goods[part]) for name, part in SELECTED.items()}


def _names_some(goods: Mapping[str, Sequence[str]]) -> bool:
    return any(goods[part] for part in SELECTED.values())


def _first(named: Sequence[str]) -> int | str | None:
    """Its number, or the tag itself."""
    if not named:
        return None
    parsed = parse_global_id(named[0])
    return named[0] if parsed is None else parsed[1]


def _applies_to(goods: Mapping[str, Any], least: Decimal | None) -> Word:
    named = next((name for name, value in goods.items() if value is not None), None)
    of_all = ALL_ORDERS if least is None else ORDERS_OVER
    return Word.one_of(APPLIES_TO, named or of_all)
