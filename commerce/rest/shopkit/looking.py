"""Finding one thing by its id or handle: categories and brands."""

from typing import Any, Final

from commerce.rest.fields import Field
from commerce.rest.kinds import flag, phrase, text, whole
from commerce.rest.parameters import key_in_path
from commerce.rest.route import Call, Json, Node, Variables
from commerce.rest.shopkit.pictures import SIZES

WHEN: Final = ("id", "handle")
ASKED: Final = (
    Field("id", whole(), about="Its id."),
    Field("handle", phrase(), about="Its handle."),
)
TITLE: Final = text(200, least=1)
# Both have a page of their own.
PAGE: Final = (
    Field("active", flag(), about="Whether shoppers see it."),
    Field("handle", text(255, least=1), about="Its name in addresses."),
    Field("image", text(2_000), nullable=True, about="The address of its picture."),
    Field("meta_description", text(2_000), about="Its summary for search engines."),
    Field("meta_tags", text(2_000), about="Words it is to be found by."),
    Field("page_title", text(255), about="The title of its page."),
)
# What both may be told of themselves, by Shopkit's names and ours.
PLAIN: Final = {
    "description": "descriptionHtml",
    "handle": "slug",
    "active": "active",
    "position": "position",
}
SEO: Final = {"page_title": "title", "meta_description": "description", "meta_tags": "keywords"}


def in_path(kind: str) -> Variables:
    """Digits are an id, anything else a handle."""

    def variables(call: Call) -> dict[str, Any]:
        asked = call.params["id"]
        if asked.isascii() and asked.isdigit():
            return {"id": key_in_path(asked, kind), "slug": None}
        return {"id": None, "slug": asked}

    return variables


def in_query(kind: str) -> Variables:
    """By `id` or `handle`; the id wins."""

    def variables(call: Call) -> dict[str, Any]:
        if "id" in call.args:
            return {"id": key_in_path(str(call.args["id"]), kind), "slug": None}
        return {"id": None, "slug": call.args.get("handle", "")}

    return variables


def said(call: Call) -> dict[str, Any]:
    """What GraphQL is told of what the body says."""
    body = call.body
    values: dict[str, Any] = {ours: body[name] for name, ours in PLAIN.items() if name in body}
    seo = {ours: body[name] for name, ours in SEO.items() if name in body}
    return {**values, "seo": seo} if seo else values


def picture(node: Node) -> Json:
    """In three sizes; an empty list without one, as the documents have it."""
    found = {size: (node[size] or {}).get("url") for size in SIZES}
    return found if all(found.values()) else []
