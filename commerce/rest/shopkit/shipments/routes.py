"""Shipments: parcels that left the house, and who carried them."""

from typing import Any, Final

from commerce.rest.fields import Field
from commerce.rest.kinds import choice, commas, day, flag, text
from commerce.rest.printing import seconds_with_offset
from commerce.rest.route import Call, Json, Node, Reply, Route
from commerce.rest.shopkit.envelope import listed
from commerce.rest.shopkit.orders.statuses import ALIASES, NUMBERS
from commerce.rest.shopkit.paging import PAGING, paged
from commerce.rest.shopkit.places import country_code, country_name

# Our statuses of orders by Shopkit's numbers and words; `returned` is none of ours.
STATUSES: Final = {
    name: [ours, "COMPLETED"] if ours == "DELIVERED" else [ours]
    for ours, alias in ALIASES.items()
    if ours != "RETURNED"
    for name in (str(NUMBERS[ours]), alias)
}
PLAIN: Final = {
    "tracking_code": "trackingNumber",
    "carrier": "carrier",
    "paid": "paid",
    "q": "search",
}
FILTERS: Final = (
    Field("tracking_code", text(255), about="What the carrier calls it."),
    Field("carrier", text(255), about="Who carried it, whatever the case."),
    Field("paid", flag(), about="Whether the order is paid."),
    Field("status", commas(choice(*STATUSES)), about="The order's, in numbers or words."),
    Field("date_from", day(), about="Sent on this day or later."),
    Field("date_to", day(), about="Sent on this day or before."),
    Field("q", text(255), about="A part of tracking code, carrier or the order's number."),
    *PAGING,
)


def shipments(call: Call) -> dict[str, Any]:
    args = call.args
    where: dict[str, Any] = {ours: args[name] for name, ours in PLAIN.items() if name in args}
    if args.get("status"):
        where["orderStatus"] = sorted({ours for name in args["status"] for ours in STATUSES[name]})
    for name, ours in (("date_from", "firstDay"), ("date_to", "lastDay")):
        if name in args:
            where[ours] = args[name].isoformat()
    return {**paged(call), "where": where}


def shipment_list(connection: Node, call: Call) -> Reply:
    return listed([_shipment(node, call) for node in connection["nodes"]], connection, call)


def carrier_list(names: list[str], _call: Call) -> Json:
    return [{"alias": name, "title": name} for name in names]


def _shipment(node: Node, call: Call) -> Json:
    order = node["order"]
    return {
        "id": node["databaseId"],
        "order_id": order["databaseId"],
        "type": "delivery",
        "carrier": node["carrier"],
        "carrier_description": node["carrier"],
        "tracking_code": node["trackingNumber"],
        "tracking_url": node["trackingUrl"],
        "status": node["status"].lower(),
        "to": _place(order),
        "sent_at": seconds_with_offset(node["shippedAt"], call.zone),
        "delivered_at": node["deliveredAt"] and seconds_with_offset(node["deliveredAt"], call.zone),
        "created_at": seconds_with_offset(node["createdAt"], call.zone),
        "updated_at": seconds_with_offset(node["updatedAt"], call.zone),
    }


def _place(order: Node) -> Json:
    place = order["shippingAddress"]
    if place is None:
        return None
    code, zip_code = place["country"] or "", place["postalCode"] or ""
    name = f"{place['firstName']} {place['lastName']}".strip()
    return {
        "name": name or order["name"],
        "phone": place["phone"] or order["phone"],
        "address": place["street1"],
        "address_extra": place["street2"],
        "country": country_name(code, zip_code) if code else "",
        "country_code": country_code(code),
        "zip_code": zip_code,
        "city": place["city"] or "",
    }


ROUTES: Final = (
    Route(
        "GET",
        "/shipment/carrier",
        "ShopkitCarriers",
        shape=carrier_list,
        seed=False,
        about="Who carried shipments.",
    ),
    Route(
        "GET",
        "/shipment",
        "ShopkitShipments",
        shipments,
        shipment_list,
        query=FILTERS,
        seed=False,
        about="Shipments, the newest first.",
    ),
)
