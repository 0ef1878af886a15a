"""From Shopkit's coupons to promotions that need a code."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from commerce.core.countries import alpha_2_of
from commerce.rest.errors import invalid
from commerce.rest.fields import Field
from commerce.rest.kinds import choice, commas, day, flag, number, record, text, whole
from commerce.rest.shopkit.coupons.shapes import APPLIES_TO, ORDERS_OVER, SELECTED

MAX_CODE: Final = 100
MAX_USES: Final = 2**31 - 1
EVERY: Final = Decimal(100)
TYPES: Final = ("money", "percent", "shipping")


def _fields(*, required: bool) -> tuple[Field, ...]:
    return (
        Field("code", text(MAX_CODE, least=1), required=required),
        Field("limit", whole(0, MAX_USES), required=required, about="0 is without end."),
        Field("value", number(least=0), required=required, about="An amount, or percent."),
        Field("type", choice(*TYPES), required=required),
        Field("applies_to", choice(*APPLIES_TO), required=required),
        Field(ORDERS_OVER, number(least=0), nullable=True),
        Field("orders_under", number(least=0), nullable=True),
        Field("category", text(255, least=1), nullable=True, about="An id or a handle."),
        Field("product", text(255, least=1), nullable=True, about="An id or a handle."),
        Field("brand", text(255, least=1), nullable=True, about="An id or a handle."),
        Field("tag", text(255, least=1), nullable=True),
        Field("countries", commas(text(3, least=3)), nullable=True, about="Alpha-3 codes."),
        Field("date_from", day(), nullable=True),
        Field("date_to", day(), nullable=True),
        Field("active", flag()),
    )


NEW: Final = record(*_fields(required=True))
CHANGE: Final = record(*_fields(required=False))


def named(wanted: Mapping[str, Any]) -> tuple[str, str] | None:
    """What a coupon is for and how that is called: `("category", "bowls")`."""
    name = wanted["applies_to"]
    if name not in SELECTED:
        return None
    if wanted.get(name) is None:
        raise invalid(name, "field is required")
    return name, str(wanted[name])


def promotion(wanted: Mapping[str, Any], goods: Mapping[str, Any]) -> dict[str, Any]:
    """The parts of a promotion; `goods` is the selection that it is for, if it names some."""
    if wanted["applies_to"] == ORDERS_OVER and wanted.get(ORDERS_OVER) is None:
        raise invalid(ORDERS_OVER, "field is required")
    shipping = wanted["type"] == "shipping"
    counted = {"counted": dict(goods), "leastQuantity": 1} if shipping and goods else {}
    return {
        "value": _value(wanted),
        "appliesTo": "SHIPPING" if shipping else "LINES" if goods else "ORDER",
        "target": dict(goods) if goods and not shipping else None,
        "conditions": {**_conditions(wanted), **counted},
        "firstDay": _day(wanted, "date_from"),
        "lastDay": _day(wanted, "date_to"),
    }


def coupon(wanted: Mapping[str, Any]) -> dict[str, Any]:
    """The parts of the code."""
    active = {"active": wanted["active"]} if "active" in wanted else {}
    return {"code": wanted["code"], "usageLimit": wanted["limit"] or None, **active}


def _value(wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Of shipping a percentage; 0 is what is written where nothing is left to pay."""
    value = Decimal(wanted["value"])
    if wanted["type"] == "money":
        return {"amount": str(value)}
    if wanted["type"] == "shipping" and not value:
        return {"freeShipping": True}
    if value > EVERY:
        raise invalid("value", "must not be greater than 100")
    return {"percent": str(value)}


def _conditions(wanted: Mapping[str, Any]) -> dict[str, Any]:
    countries = [_country(code) for code in wanted.get("countries") or ()]
    return {
        "leastSubtotal": _text(wanted.get(ORDERS_OVER)),
        "mostSubtotal": _text(wanted.get("orders_under")),
        "countries": countries,
    }


def _country(code: str) -> str:
    country = alpha_2_of(code)
    if country is None:
        raise invalid("countries", "must be three-letter codes")
    return country


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def _day(wanted: Mapping[str, Any], name: str) -> str | None:
    """As text already where it comes from what was printed."""
    return _text(wanted.get(name))
