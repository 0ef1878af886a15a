"""From what Cartino's clients ask of categories and brands to GraphQL variables."""

from typing import Any

from commerce.core.ids import global_id
from commerce.rest.cartino.paging import window
from commerce.rest.cartino.products.inputs import included
from commerce.rest.parameters import key_in_path
from commerce.rest.route import Call


def categories(call: Call) -> dict[str, Any]:
    parent = call.args.get("parent_id")
    where = None if parent is None else {"parentId": global_id("Category", parent)}
    return {**window(call), "where": where}


def category(call: Call) -> dict[str, Any]:
    return {"id": key_in_path(call.params["id"], "Category")}


def products(call: Call) -> dict[str, Any]:
    return {**category(call), **window(call), **included(call)}


def brand(call: Call) -> dict[str, Any]:
    return {"id": key_in_path(call.params["id"], "Brand")}
