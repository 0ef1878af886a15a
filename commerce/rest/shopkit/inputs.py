"""From Shopkit's parameters to GraphQL variables."""

from typing import Any, Final

from commerce.rest.errors import invalid
from commerce.rest.parameters import (
    after,
    any_of,
    key_in_path,
    keys,
    some_of,
    truth,
    whole,
)
from commerce.rest.query import Query
from commerce.rest.route import Call

DEFAULT_LIMIT: Final = 25
MAX_LIMIT: Final = 50
STATUSES: Final = ("all", "active", "hidden", "out_of_stock", "soon")
Condition = dict[str, Any]
# Shopkit deletes what we archive; drafts are hidden. Out of stock is what nobody can buy just now.
SHOWN: Final = ["DRAFT", "ACTIVE", "HIDDEN"]
CONDITIONS: Final[dict[str, Condition]] = {
    "active": {"status": ["ACTIVE"], "inStock": True},
    "hidden": {"status": ["DRAFT", "HIDDEN"]},
    "out_of_stock": {"status": ["ACTIVE"], "inStock": False},
    "soon": {"id": {"in": []}},  # announced products are not known here
}


def page(query: Query) -> int:
    return whole(query, "page", 1, least=1)


def limit(query: Query) -> int:
    return min(whole(query, "limit", DEFAULT_LIMIT, least=1), MAX_LIMIT)


def products(call: Call) -> dict[str, Any]:
    query, size = call.query, limit(call.query)
    return {
        "first": size,
        "after": after((page(query) - 1) * size),
        "query": query.get("q") or "",
        "where": _where(query),
    }


def product(call: Call) -> dict[str, Any]:
    """Digits are an id, anything else a handle."""
    asked = call.params["id"]
    return _by_id(asked) if asked.isascii() and asked.isdigit() else _by_handle(asked)


def product_asked(call: Call) -> dict[str, Any]:
    """By `id` or `handle` in the query; the id wins."""
    id_ = call.query.get("id")
    if id_ is None:
        return _by_handle(call.query.get("handle") or "")
    if not (id_.isascii() and id_.isdigit()):
        raise invalid("id", "must be an integer")
    return _by_id(id_)


def _by_id(digits: str) -> dict[str, Any]:
    return {"id": key_in_path(digits, "Product"), "slug": None}


def _by_handle(handle: str) -> dict[str, Any]:
    return {"id": None, "slug": handle}


def _where(query: Query) -> Condition:
    where = _status(query)
    for name, field in (("featured", "featured"), ("new", "shownAsNew")):
        flag = truth(query, name)
        if flag is not None:
            where[field] = flag
    category = keys(query, "category", "Category")
    if category:
        where |= {"categoryId": {"in": category}, "includeSubcategories": False}
    ids = keys(query, "ids", "Product")
    if ids:
        where["id"] = {"in": ids}
    reference = query.get("reference")
    if reference is not None:
        where["sku"] = {"eq": reference}
    return where


def _status(query: Query) -> Condition:
    """`status` is the place in the list of aliases. `all` is whatever is not archived."""
    names = _statuses(query)
    if not names or "all" in names:
        return {"status": list(SHOWN)}
    return dict(any_of([CONDITIONS[name] for name in names]))


def _statuses(query: Query) -> list[str]:
    places = some_of(query, "status", [str(place) for place in range(len(STATUSES))])
    numbered = [STATUSES[int(place)] for place in places]
    named = some_of(query, "status_alias", STATUSES)
    if numbered and named and set(numbered) != set(named):
        raise invalid("status", "must agree with status_alias")
    return numbered or named
