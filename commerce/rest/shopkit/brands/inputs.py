"""From what Shopkit's clients say of brands to GraphQL variables."""

from typing import Any, Final

from commerce.core.ids import global_id
from commerce.rest.fields import Field
from commerce.rest.kinds import flag, record, text, whole
from commerce.rest.parameters import key_in_path
from commerce.rest.route import Ask, Call, Reply, Steps
from commerce.rest.shopkit.brands.shapes import written
from commerce.rest.shopkit.looking import PAGE, TITLE, said
from commerce.rest.shopkit.paging import PAGING, paged

READ: Final = "ShopkitBrand"
UPSERT: Final = "ShopkitBrandUpsert"
DELETE: Final = "ShopkitBrandDelete"
FILTERS: Final = (Field("active", flag(), about="Whether shoppers see them."), *PAGING)
FIELDS: Final = (
    *PAGE,
    Field("description", text(500_000), about="What it is, as HTML."),
    Field("position", whole(0, 2**31 - 1), about="Its place among brands."),
)
NEW: Final = record(Field("title", TITLE, required=True, about="Its name."), *FIELDS)
CHANGED: Final = record(Field("title", TITLE, about="Its name."), *FIELDS)


def brands(call: Call) -> dict[str, Any]:
    return {**paged(call), "active": call.args.get("active")}


def added(call: Call) -> dict[str, Any]:
    """A handle that a brand has already would name that brand."""
    return {"input": {**_values(call), "mustBeNew": True}}


def changed(call: Call) -> Steps:
    node = yield from _stored(call)
    key = global_id("Brand", node["databaseId"])
    payload = yield Ask(UPSERT, {"input": {"id": key, **_values(call)}})
    return written(payload, call)


def deleted(call: Call) -> Steps:
    node = yield from _stored(call)
    yield Ask(DELETE, {"input": {"id": global_id("Brand", node["databaseId"])}})
    return Reply(None, 204)


def _stored(call: Call) -> Any:
    return (yield Ask(READ, {"id": key_in_path(call.params["id"], "Brand"), "slug": None}))


def _values(call: Call) -> dict[str, Any]:
    values = said(call)
    if "title" in call.body:
        values["name"] = call.body["title"]
    if "image" in call.body:
        values["logoUrl"] = call.body["image"] or None
    return values
