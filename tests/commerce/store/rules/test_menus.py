from typing import Any

import pytest

from commerce.core.problems import Invalid
from commerce.store.rules.menus import menu_rows


def _item(title: str = "x", *below: Any, **values: Any) -> dict[str, Any]:
    keys = dict.fromkeys(("product_id", "category_id", "collection_id", "page_id"))
    return {"title": title, "url": "", "new_tab": False, **keys, "items": below, **values}


def test_a_tree_becomes_rows_in_the_order_of_reading() -> None:
    rows = menu_rows([_item("a", _item("b", _item("c")), _item("d")), _item(" e ", url="/e")])
    assert not isinstance(rows, Invalid)
    found = [(row["place"], row["parent"], row["title"]) for row in rows]
    assert found == [(0, None, "a"), (1, 0, "b"), (2, 1, "c"), (3, 0, "d"), (4, None, "e")]


@pytest.mark.parametrize(
    "url", ["", "/about", "#top", "https://a.example/x?y", "mailto:a@b.example", "tel:+49170"]
)
def test_where_an_item_may_lead(url: str) -> None:
    assert not isinstance(menu_rows([_item(url=url)]), Invalid)


DEEP = _item("1", _item("2", _item("3", _item("4", _item("5")))))


@pytest.mark.parametrize(
    ("items", "path"),
    [
        ([_item(" ")], "items.0.title"),
        ([_item("n" * 201)], "items.0.title"),
        ([_item("a", _item("\0"))], "items.0.items.0.title"),
        ([_item(url="javascript:alert(1)")], "items.0.url"),
        ([_item(url="java\nscript:alert(1)")], "items.0.url"),
        ([_item(url="data:text/html,x")], "items.0.url"),
        ([_item(url="//elsewhere.example")], "items.0.url"),
        ([_item(url="mailto:\ud800")], "items.0.url"),
        ([_item(url="/a", page_id=1)], "items.0.url"),
        ([_item(product_id=1, page_id=1)], "items.0.page_id"),
        ([DEEP], "items.0.items.0.items.0.items.0.items"),
        ([_item()] * 301, "items"),
    ],
)
def test_what_is_no_menu(items: Any, path: str) -> None:
    refused = menu_rows(items)
    assert isinstance(refused, Invalid)
    assert ".".join(refused.path) == path
