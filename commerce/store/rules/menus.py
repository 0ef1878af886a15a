"""What makes a menu good: a tree of links, kept as rows in the order of reading. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import urlsplit

from commerce.core.problems import Invalid
from commerce.core.text import text_flaw
from commerce.core.urls import url_flaw

MAX_TITLE: Final = 200
MAX_ITEMS: Final = 300
MAX_DEPTH: Final = 4
KEYS: Final = ("product_id", "category_id", "collection_id", "page_id")
CALLS: Final = frozenset({"mailto", "tel"})


def menu_rows(items: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]] | Invalid:
    """The items of a tree from the top, each with its place and that of the item above it."""
    rows: list[dict[str, Any]] = []
    return _add(rows, items, None, ("items",), MAX_DEPTH) or rows


def _add(
    rows: list[dict[str, Any]],
    items: Sequence[Mapping[str, Any]],
    parent: int | None,
    path: tuple[str, ...],
    depth: int,
) -> Invalid | None:
    if items and depth == 0:
        return Invalid(f"A menu has at most {MAX_DEPTH} levels.", path)
    for index, item in enumerate(items):
        here = (*path, str(index))
        if len(rows) == MAX_ITEMS:
            return Invalid(f"A menu has at most {MAX_ITEMS} items.", path)
        flaw = _flaw(item, here)
        if flaw is not None:
            return flaw
        place = len(rows)
        rows.append(_row(item, place, parent))
        flaw = _add(rows, item["items"], place, (*here, "items"), depth - 1)
        if flaw is not None:
            return flaw
    return None


def _row(item: Mapping[str, Any], place: int, parent: int | None) -> dict[str, Any]:
    keys = {name: item[name] for name in KEYS}
    url, title = item["url"].strip(), item["title"].strip()
    shown = {"title": title, "url": url, "new_tab": item["new_tab"]}
    return {"place": place, "parent": parent, **shown, **keys}


def _flaw(item: Mapping[str, Any], path: tuple[str, ...]) -> Invalid | None:
    targets = [name for name in (*KEYS, "url") if item[name]]
    if len(targets) > 1:
        return Invalid("An item links to one thing.", (*path, targets[-1]))
    flaw = text_flaw(item["title"], MAX_TITLE, *path, "title")
    if flaw is not None or not item["url"] or _calls(item["url"]):
        return flaw
    return url_flaw(item["url"], *path, "url")


def _calls(url: str) -> bool:
    """Whether it is a number or an address of mail, and nothing that a browser runs."""
    try:
        scheme = urlsplit(url).scheme
    except ValueError:
        return False
    return scheme in CALLS and text_flaw(url, MAX_TITLE) is None
