"""From what Shopkit's clients say of categories to GraphQL variables."""

from typing import Any, Final

from commerce.core.ids import global_id
from commerce.rest.fields import Field
from commerce.rest.kinds import flag, record, text, whole
from commerce.rest.parameters import key_in_path
from commerce.rest.route import Ask, Call, Reply, Steps
from commerce.rest.shopkit.categories.shapes import category, written
from commerce.rest.shopkit.looking import PAGE, TITLE, said
from commerce.rest.shopkit.paging import PAGING, paged

READ: Final = "ShopkitCategory"
UPDATE: Final = "ShopkitCategoryUpdate"
MOVE: Final = "ShopkitCategoryMove"
ARCHIVE: Final = "ShopkitCategoryArchive"
FILTERS: Final = (
    Field("active", flag(), about="Whether shoppers see them."),
    Field("is_parent", flag(), about="Whether there are others below them."),
    *PAGING,
)
FIELDS: Final = (
    *PAGE,
    Field("parent_id", whole(), nullable=True, about="What it is below; 0 is nothing."),
    Field("description", text(500_000), about="What is in it, as HTML."),
    Field("position", whole(0, 2**31 - 1), about="Its place among its siblings."),
)
NEW: Final = record(Field("title", TITLE, required=True, about="Its name."), *FIELDS)
CHANGED: Final = record(Field("title", TITLE, about="Its name."), *FIELDS)
RENAMED: Final = {"slug": "handle", "descriptionHtml": "description", "imageUrl": "image"}


def categories(call: Call) -> dict[str, Any]:
    where = {
        ours: call.args[name]
        for name, ours in (("active", "active"), ("is_parent", "hasChildren"))
        if name in call.args
    }
    return {**paged(call), "where": where}


def added(call: Call) -> dict[str, Any]:
    return {"input": {**_own(call), **_place(call)}}


def changed(call: Call) -> Steps:
    """Its fields first, then its place; both may be done again."""
    id_ = key_in_path(call.params["id"], "Category")
    node = yield Ask(READ, {"id": id_, "slug": None})
    own, place = _own(call), _place(call)
    if own:
        payload = yield Ask(UPDATE, {"input": {"id": id_, **own}})
        node = payload["category"]
    if place:
        parent = node["parent"] and global_id("Category", node["parent"]["databaseId"])
        stays = {"parentId": parent, "position": node["position"]}
        payload = yield Ask(MOVE, {"input": {"id": id_, **stays, **place}})
        return written(payload, call)
    return category(node, call)


def archived(call: Call) -> Steps:
    """One with others below it is not deleted; one that is gone is not there."""
    id_ = key_in_path(call.params["id"], "Category")
    yield Ask(READ, {"id": id_, "slug": None})
    yield Ask(ARCHIVE, {"input": {"id": id_, "strategy": "REFUSE"}})
    return Reply(None, 204)


def _own(call: Call) -> dict[str, Any]:
    values = {name: value for name, value in said(call).items() if name != "position"}
    if "title" in call.body:
        values["title"] = call.body["title"]
    if "image" in call.body:
        values["imageUrl"] = call.body["image"] or None
    return values


def _place(call: Call) -> dict[str, Any]:
    place: dict[str, Any] = {}
    if "parent_id" in call.body:
        parent = call.body["parent_id"]
        place["parentId"] = global_id("Category", parent) if parent else None
    if "position" in call.body:
        place["position"] = call.body["position"]
    return place
