"""From the parameters of Shopkit's product lists to GraphQL variables."""

from collections.abc import Mapping
from typing import Any, Final

from commerce.core.ids import global_id
from commerce.rest.errors import invalid
from commerce.rest.fields import Field
from commerce.rest.kinds import choice, commas, flag, phrase, whole
from commerce.rest.parameters import any_of, filter_key, key_in_path
from commerce.rest.route import Call
from commerce.rest.shopkit.paging import PAGING, paged

STATUSES: Final = ("all", "active", "hidden", "out_of_stock", "soon")
NUMBERS: Final = tuple(str(place) for place in range(len(STATUSES)))
Condition = dict[str, Any]
# Shopkit deletes what we archive; drafts are hidden. Out of stock is what nobody can buy just now.
SHOWN: Final = ["DRAFT", "ACTIVE", "HIDDEN"]
CONDITIONS: Final[dict[str, Condition]] = {
    "active": {"status": ["ACTIVE"], "inStock": True, "announced": False},
    "hidden": {"status": ["DRAFT", "HIDDEN"]},
    "out_of_stock": {"status": ["ACTIVE"], "inStock": False, "announced": False},
    "soon": {"status": ["ACTIVE"], "announced": True},
}
# The parts of products that words are looked for in.
PARTS: Final = {
    "title": "TITLE",
    "description": "DESCRIPTION",
    "handle": "SLUG",
    "brand": "BRAND",
    "options": "OPTIONS",
    "categories": "CATEGORIES",
    "tags": "TAGS",
    "reference": "SKU",
    "barcode": "BARCODE",
}
ASKED: Final = (
    Field("id", whole(), about="The product's id."),
    Field("handle", phrase(), about="The product's handle."),
)
FILTERS: Final = (
    Field("ids", commas(whole()), about="Only these products."),
    Field("category", commas(whole()), about="In one of these categories."),
    Field("status", commas(choice(*NUMBERS)), about="The place of the alias in its list."),
    Field("status_alias", commas(choice(*STATUSES)), about="What can be done with them."),
    Field("reference", phrase(), about="The reference of the product or of an option."),
    Field("featured", flag(), about="Whether the shop puts them forward."),
    Field("new", flag(), about="Whether the shop marks them as new."),
    Field("q", phrase(), about="Words to be found in them."),
    *PAGING,
)


def products(call: Call) -> dict[str, Any]:
    return {**paged(call), "query": call.args.get("q", ""), "where": _where(call.args)}


def search(call: Call) -> dict[str, Any]:
    """Words in some parts of products; all of them without `fields`."""
    parts = [PARTS[name] for name in call.args.get("fields", ())]
    words = {"text": call.args["query"], "parts": parts or None}
    return {**paged(call), "query": "", "where": {"status": list(SHOWN), "words": words}}


def product_by_id(call: Call) -> dict[str, Any]:
    return by_id(call.params["id"])


def product(call: Call) -> dict[str, Any]:
    """Digits are an id, anything else a handle."""
    asked = call.params["id"]
    return by_id(asked) if asked.isascii() and asked.isdigit() else _by_handle(asked)


def product_asked(call: Call) -> dict[str, Any]:
    """By `id` or `handle` in the query; the id wins."""
    if "id" in call.args:
        return by_id(str(call.args["id"]))
    return _by_handle(call.args.get("handle", ""))


def by_id(digits: str) -> dict[str, Any]:
    return {"id": key_in_path(digits, "Product"), "slug": None}


def _by_handle(handle: str) -> dict[str, Any]:
    return {"id": None, "slug": handle}


def _where(args: Mapping[str, Any]) -> Condition:
    where = _status(args)
    for name, field in (("featured", "featured"), ("new", "shownAsNew")):
        if name in args:
            where[field] = args[name]
    if args.get("category"):
        ids = [filter_key(str(id_), "Category") for id_ in args["category"]]
        where |= {"categoryId": {"in": ids}, "includeSubcategories": False}
    if args.get("ids"):
        where["id"] = {"in": [global_id("Product", id_) for id_ in args["ids"]]}
    if "reference" in args:
        where["sku"] = {"eq": args["reference"]}
    return where


def _status(args: Mapping[str, Any]) -> Condition:
    """`status` is the place in the list of aliases. `all` is whatever is not archived."""
    names = _statuses(args)
    if not names or "all" in names:
        return {"status": list(SHOWN)}
    return dict(any_of([CONDITIONS[name] for name in names]))


def _statuses(args: Mapping[str, Any]) -> list[str]:
    numbered = [STATUSES[int(place)] for place in args.get("status", ())]
    named: list[str] = args.get("status_alias", [])
    if numbered and named and set(numbered) != set(named):
        raise invalid("status", "must agree with status_alias")
    return numbered or named
