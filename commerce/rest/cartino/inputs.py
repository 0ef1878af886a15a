"""From Cartino's parameters to GraphQL variables."""

import re
from collections.abc import Mapping
from typing import Any, Final

from commerce.rest.errors import invalid
from commerce.rest.parameters import after, key_in_path, keys, listed, some_of, whole
from commerce.rest.query import Query
from commerce.rest.route import Call

DEFAULT_PER_PAGE: Final = 20
MAX_PER_PAGE: Final = 100
# Cartino knows no hidden products: they are there and not for sale, as drafts are.
STATUSES: Final = {"draft": ["DRAFT", "HIDDEN"], "active": ["ACTIVE"], "archived": ["ARCHIVED"]}
TYPES: Final = ("physical", "digital", "service")
SORTS: Final = {"created_at": "CREATED_AT", "title": "TITLE", "price": "PRICE"}
# Variants and brand are in every answer, asked for or not.
INCLUDES: Final = ("variants", "brand", "options", "categories", "media")
FILTER: Final = re.compile(r"filter\[(\w*)\]")
FILTERS: Final = ("status", "type", "brand_id", "search")
NEWEST_FIRST: Final = [{"field": "CREATED_AT", "direction": "DESC"}]


def page(query: Query) -> int | None:
    """None when a cursor says where the page begins."""
    return None if query.get("cursor") else whole(query, "page", 1, least=1)


def per_page(query: Query) -> int:
    return min(whole(query, "per_page", DEFAULT_PER_PAGE, least=1), MAX_PER_PAGE)


def fields(query: Query) -> list[str]:
    """The keys a product is cut down to; empty for all of them."""
    return listed(query, "fields[products]")


def products(call: Call) -> dict[str, Any]:
    query, number, size = call.query, page(call.query), per_page(call.query)
    words = filtered(query, "search") or ""
    return {
        "first": size,
        "after": query.get("cursor") if number is None else after((number - 1) * size),
        "query": words,
        "where": _where(query),
        "orderBy": _order(query, words),
        **_included(query),
    }


def product(call: Call) -> dict[str, Any]:
    return {"id": key_in_path(call.params["id"], "Product"), **_included(call.query)}


def filtered(query: Query, name: str) -> str | None:
    """A filter in either of its forms: `filter[status]=` or `status=`."""
    return query.get(f"filter[{name}]") or query.get(name)


def _where(query: Query) -> dict[str, Any]:
    _refuse_unknown_filters(query)
    where: dict[str, Any] = {}
    statuses = some_of(query, _named(query, "status"), STATUSES)
    if statuses:
        where["status"] = [kind for status in statuses for kind in STATUSES[status]]
    types = some_of(query, _named(query, "type"), TYPES)
    if types:
        where["type"] = [kind.upper() for kind in types]
    brands = keys(query, _named(query, "brand_id"), "Brand")
    if brands:
        where["brandId"] = {"in": brands}
    return where


def _named(query: Query, name: str) -> str:
    """The form in which a filter is given."""
    filter_name = f"filter[{name}]"
    return filter_name if query.get(filter_name) else name


def _refuse_unknown_filters(query: Query) -> None:
    """A filter that is not understood must not answer everything."""
    for name in query.names():
        asked = FILTER.fullmatch(name)
        if asked and asked[1] not in FILTERS:
            raise invalid("filter", f"must be one of {', '.join(FILTERS)}")


def _order(query: Query, words: str) -> list[Mapping[str, str]] | None:
    """None sorts a search by how well it fits."""
    items = listed(query, "sort")
    if not items:
        return None if words else list(NEWEST_FIRST)
    if any(item.removeprefix("-") not in SORTS for item in items):
        raise invalid("sort", f"must be one of {', '.join(SORTS)}")
    return [
        {
            "field": SORTS[item.removeprefix("-")],
            "direction": "DESC" if item.startswith("-") else "ASC",
        }
        for item in items
    ]


def _included(query: Query) -> dict[str, bool]:
    asked = some_of(query, "include", INCLUDES)
    return {
        "withOptions": "options" in asked,
        "withCategories": "categories" in asked,
        "withMedia": "media" in asked,
    }
