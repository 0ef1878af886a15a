"""Figures of what was sold. What visitors do is not counted here."""

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

from commerce.core.clock import system_clock
from commerce.rest.errors import invalid
from commerce.rest.fields import Field
from commerce.rest.kinds import day
from commerce.rest.printing import amount, shortest
from commerce.rest.route import Absent, Call, Json, Node, Route

OPERATION: Final = "ShopkitSales"
DAYS: Final = 30
CENTS: Final = Decimal("0.01")
WITHIN: Final = (
    Field("date_from", day(), about="The first day; 30 days before the last one if not given."),
    Field("date_to", day(), about="The last day; today if not given."),
)
UNCOUNTED: Final = "Visits are not counted by this server."
ABSENT: Final = (
    Absent("GET", "/stats/live", UNCOUNTED),
    Absent("GET", "/stats/visitors", UNCOUNTED),
)


def within(call: Call) -> dict[str, Any]:
    today = system_clock().astimezone(call.zone).date()
    last: date = call.args.get("date_to") or today
    first: date = call.args.get("date_from") or last - timedelta(days=DAYS - 1)
    if first > last:
        raise invalid("date_from", "must not be after date_to")
    return {"firstDay": first.isoformat(), "lastDay": last.isoformat()}


def resume(node: Node, _call: Call) -> Json:
    revenue = amount(node["revenue"]) or Decimal(0)
    orders = node["ordersCount"]
    average = (revenue / orders).quantize(CENTS, ROUND_HALF_UP) if orders else Decimal(0)
    return {
        "date_start_raw": node["firstDay"],
        "date_end_raw": node["lastDay"],
        "orders_count": orders,
        "orders_revenue": shortest(revenue),
        "order_avg_value": shortest(average),
        "products_sold": node["unitsSold"],
        "currency": node["revenue"]["currencyCode"],
    }


def orders(node: Node, _call: Call) -> Json:
    return [
        {
            "date": each["day"],
            "orders_count": each["ordersCount"],
            "orders_revenue": shortest(amount(each["revenue"]) or Decimal(0)),
            "products_sold": each["unitsSold"],
        }
        for each in node["days"]
    ]


ROUTES: Final = (
    Route(
        "GET",
        "/stats",
        OPERATION,
        within,
        resume,
        query=WITHIN,
        seed=False,
        about="What was sold in some days.",
    ),
    Route(
        "GET",
        "/stats/resume",
        OPERATION,
        within,
        resume,
        query=WITHIN,
        seed=False,
        about="The same.",
    ),
    Route(
        "GET",
        "/stats/orders",
        OPERATION,
        within,
        orders,
        query=WITHIN,
        seed=False,
        about="What was sold on each day.",
    ),
)
