"""From Litestore's parameters to GraphQL variables."""

from typing import Any, Final

from commerce.rest.parameters import after, filter_key, key_in_path, one_of, slug_of, whole
from commerce.rest.query import Query
from commerce.rest.route import Call

DEFAULT_LIMIT: Final = 20
MAX_LIMIT: Final = 100
# Litestore knows no hidden products: they are there and not for sale, as drafts are.
STATUSES: Final = {"active": ["ACTIVE"], "draft": ["DRAFT", "HIDDEN"], "archived": ["ARCHIVED"]}


def limit(query: Query) -> int:
    return min(whole(query, "limit", DEFAULT_LIMIT), MAX_LIMIT)


def offset(query: Query) -> int:
    return whole(query, "offset", 0)


def products(call: Call) -> dict[str, Any]:
    return {
        # A page has a row at least; the shape leaves it out again.
        "first": max(limit(call.query), 1),
        "after": after(offset(call.query)),
        "query": call.query.get("search") or "",
        "where": _where(call.query),
    }


def product(call: Call) -> dict[str, Any]:
    return {"id": key_in_path(call.params["id"].removeprefix("prod-"), "Product")}


def _where(query: Query) -> dict[str, Any]:
    where: dict[str, Any] = {}
    status = one_of(query, "status", STATUSES)
    if status is not None:
        where["status"] = STATUSES[status]
    category = query.get("category")
    if category is not None:
        where |= _category(category)
    return where


def _category(asked: str) -> dict[str, Any]:
    """Digits are an id; anything else is a slug, or the name that a slug was made of."""
    if asked.isascii() and asked.isdigit():
        named: dict[str, Any] = {"categoryId": {"eq": filter_key(asked, "Category")}}
    else:
        named = {"categorySlug": {"in": [asked, slug_of(asked)]}}
    return named | {"includeSubcategories": False}
