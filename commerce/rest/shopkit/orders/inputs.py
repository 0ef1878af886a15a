"""From Shopkit's parameters and bodies of orders to GraphQL variables."""

from collections.abc import Mapping
from typing import Any, Final

from commerce.core.ids import global_id
from commerce.rest.errors import invalid
from commerce.rest.fields import Field, ValueKind
from commerce.rest.kinds import choice, commas, day, either, flag, listing, record, text, whole
from commerce.rest.route import Call
from commerce.rest.shopkit.keys import key
from commerce.rest.shopkit.orders.statuses import ALL, BY_NUMBER, NAMES, SETTABLE
from commerce.rest.shopkit.paging import PAGING, paged

Condition = dict[str, Any]

MAX_BULK: Final = 50
MAX_NOTE: Final = 10_000
MAX_URL: Final = 2_000
MAX_SHORT: Final = 200
MD5: Final = 32
MAX_BASE64: Final = 14_000_000  # letters, of 10 MB
# What was wholly sent, whatever came back of it.
SENT: Final = ["FULFILLED", "PARTIALLY_RETURNED", "RETURNED"]
PAID: Final = ["PAID", "PARTIALLY_REFUNDED"]
BACK: Final[Condition] = {"fulfillmentStatus": ["RETURNED"]}
# Days by their number and, before today, by how many days.
DATE_FILTERS: Final[Mapping[str, Condition]] = {
    "today": {"recent": 1},
    "yesterday": {"recent": 1, "ago": 1},
    "last_week": {"recent": 7},
    "last_month": {"recent": 30},
}
DATE_TYPES: Final = {
    "created_at": "placedOn",
    "update_at": "updatedOn",
    "sent_at": "shippedOn",
    "paid_at": "paidOn",
}
# By their numbers.
FOUND: Final = (ALL, *(BY_NUMBER[number] for number in sorted(BY_NUMBER)))

LISTED: Final = (
    Field(
        "status",
        commas(whole(0, 11)),
        about="Numbers of statuses; 0 is all of them.",
        examples=([1], [3]),
    ),
    Field("status_alias", commas(choice(*FOUND)), examples=(["pending"], ["sent"])),
    Field("paid", flag()),
    Field("date_filter", choice(*DATE_FILTERS), about="Days of the shop, today included."),
    Field("date_from", day()),
    Field("date_to", day()),
    Field("date_type", choice(*DATE_TYPES), default="created_at"),
    Field("coupon_code", text(MAX_SHORT), about="A code, or else the id of a coupon."),
    Field("q", text(MAX_SHORT), about="Parts of number, name, e-mail address or phone."),
    Field("ids", commas(whole(1))),
    Field("is_new", flag()),
    Field("shipped", flag(), about="Whether all of it was sent."),
    Field("invoice", flag(), about="Whether it has an invoice."),
    Field("client_email", text(MAX_SHORT)),
    Field("client_hash", text(MD5, least=MD5), about="The MD5 digest of the e-mail address."),
    *PAGING,
)

OPTIONAL_URL: Final = text(MAX_URL)
CHANGES: Final = (
    Field("status", whole(1, 11)),
    Field("status_alias", choice(*SETTABLE)),
    Field("paid", flag()),
    Field("invoice_url", OPTIONAL_URL, nullable=True),
    Field("invoice_file", text(MAX_BASE64, least=1), about="A PDF file, in base64."),
    Field("note", text(MAX_NOTE), nullable=True),
    Field("client_note", text(MAX_NOTE), nullable=True),
    Field("is_new", flag()),
    Field("tracking_url", OPTIONAL_URL, nullable=True),
    Field("tracking_code", text(MAX_SHORT), nullable=True),
    Field("tracking_carrier", text(MAX_SHORT), nullable=True),
    Field("shipping_url", OPTIONAL_URL, nullable=True, about="Where the label is."),
    Field("at_code", text(MAX_SHORT), nullable=True),
    Field("pickup_code", text(MAX_SHORT), nullable=True),
    Field("tags", commas(text(MAX_SHORT), 50), nullable=True),
    Field("notify_client", flag(), default=False),
)
CHANGE: Final = record(*CHANGES)
NUMBERED: Final = record(Field("id", whole(1), required=True), *CHANGES)
ONE: Final = record(Field("id", whole(1), required=True))


def lenient(kind: ValueKind) -> ValueKind:
    """Documented as the kind, or as anything with an id, and read as it comes: each item of a bulk
    answers for itself."""
    named = record(Field("id", whole(), required=True))
    return ValueKind(lambda value: value, {"anyOf": [kind.schema, named.schema]})


BULK: Final = listing(lenient(NUMBERED), 10 * MAX_BULK)
BULK_INVOICES: Final = listing(lenient(either(whole(), ONE)), 10 * MAX_BULK)

DISPATCH: Final = {
    "tracking_url": "trackingUrl",
    "tracking_code": "trackingNumber",
    "tracking_carrier": "trackingCarrier",
    "shipping_url": "labelUrl",
    "at_code": "transportCode",
    "pickup_code": "pickupCode",
}
TEXTS: Final = {"note": "staffNote", "client_note": "publicNote"}


def by_path(call: Call) -> dict[str, Any]:
    return {"id": key(call.params["id"], "Order")}


def by_query(call: Call) -> dict[str, Any]:
    return {"id": global_id("Order", call.args["id"])}


def listed(call: Call, code: str | None) -> dict[str, Any]:
    """The variables of a list; `code` is the coupon's that is meant."""
    args = call.args
    conditions = [
        *_status(args),
        *_flags(args),
        *_dates(args),
        *([{"couponCode": {"eq": code}}] if code is not None else []),
    ]
    if args.get("ids"):
        conditions.append({"id": {"in": [global_id("Order", id_) for id_ in args["ids"]]}})
    if "q" in args:
        conditions.append({"search": args["q"]})
    if "client_email" in args:
        conditions.append({"email": {"eq": args["client_email"]}})
    if "client_hash" in args:
        conditions.append({"emailMd5": [args["client_hash"]]})
    return {**paged(call), "where": {"archived": False, "and": conditions}}


def wanted_status(change: Mapping[str, Any]) -> str | None:
    """The status to put an order in, by its name in GraphQL. Raises for two that differ."""
    number, alias = change.get("status"), change.get("status_alias")
    numbered = None if number is None else BY_NUMBER[number]
    if numbered is not None and alias is not None and numbered != alias:
        raise invalid("status", "must agree with status_alias")
    wanted = numbered or alias
    if wanted is not None and wanted not in SETTABLE:
        raise invalid("status", "follows from what came back")
    return None if wanted is None else NAMES[wanted]


def written(change: Mapping[str, Any]) -> dict[str, Any]:
    """The parts of `OrderUpdateInput` that a change has."""
    values: dict[str, Any] = {
        field: change[name] or "" for name, field in TEXTS.items() if name in change
    }
    if "invoice_url" in change:
        values["invoiceUrl"] = change["invoice_url"] or None
    if "is_new" in change:
        values["seen"] = not change["is_new"]
    if "tags" in change:
        values["tags"] = change["tags"] or []
    dispatch = {field: change[name] for name, field in DISPATCH.items() if name in change}
    return values | ({"dispatch": dispatch} if dispatch else {})


def _status(args: Mapping[str, Any]) -> list[Condition]:
    """One of several; `status` and `status_alias` must name the same."""
    numbered = [FOUND[number] for number in args.get("status", ())]
    named = args.get("status_alias", [])
    if numbered and named and set(numbered) != set(named):
        raise invalid("status", "must agree with status_alias")
    wanted = numbered or named
    if not wanted or ALL in wanted:
        return []
    return [{"or": [_in_status(alias) for alias in wanted]}]


def _in_status(alias: str) -> Condition:
    if alias == "returned":
        return BACK
    name = NAMES[alias]
    statuses = [name, "COMPLETED"] if name == "DELIVERED" else [name]
    return {"status": statuses, "not": BACK}


def _flags(args: Mapping[str, Any]) -> list[Condition]:
    conditions: list[Condition] = []
    for name, holds in (
        ("paid", {"paymentStatus": PAID}),
        ("shipped", {"fulfillmentStatus": SENT}),
        ("invoice", {"invoiced": True}),
        ("is_new", {"seen": False}),
    ):
        if name in args:
            conditions.append(holds if args[name] else {"not": holds})
    return conditions


def _dates(args: Mapping[str, Any]) -> list[Condition]:
    """Explicit dates win over `date_filter`."""
    field = DATE_TYPES[args["date_type"]]
    first, last = args.get("date_from"), args.get("date_to")
    if first is not None or last is not None:
        days = {"first": first and first.isoformat(), "last": last and last.isoformat()}
        return [{field: days}]
    asked = args.get("date_filter")
    return [] if asked is None else [{field: dict(DATE_FILTERS[asked])}]
