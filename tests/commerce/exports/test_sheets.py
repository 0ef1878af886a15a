"""What lines of exports look like."""

import csv
import json
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from io import StringIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from commerce.core.criteria import Amounts, TextIs, Times
from commerce.exports.kinds import ExportKind
from commerce.exports.rules import customers, orders
from commerce.exports.rules.sheets import (
    Sheet,
    Thing,
    cell,
    csv_text,
    json_line,
    plain,
    sheet_cells,
    sheet_object,
)
from commerce.exports.rules.wheres import EVERY, read_where, written_where
from commerce.interchange.shopify_csv.columns import FORMULA_SIGNS, meant, neutral
from commerce.orders.criteria import OrderWhere
from commerce.orders.kinds import OrderStatus, PaymentStatus

AT = datetime(2026, 3, 4, 12, tzinfo=UTC)
HOSTILE = (
    "=1+1",
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("http://evil.test","x")',
    "+1",
    "+49 170 123",
    "-1",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(A1:A9)",
    "@",
    "=",
    "\t=1+1",
    "\r=1+1",
    "\tplain",
    "\r\n@x",
    "'=1+1",
    "''=1+1",
    "'",
    "'quoted'",
    '="a","b"',
    "=1\n=2",
    '-"\n,',
)


def address(**values: Any) -> dict[str, Any]:
    known = dict.fromkeys(
        ("first_name", "last_name", "company", "phone", "street1", "street2", "region"), ""
    )
    return {**known, "postal_code": "10115", "city": "Berlin", "country": "DE", **values}


def sample_names(sheet: Sheet) -> set[str]:
    class Names(set[str]):
        def __getattr__(self, name: str) -> Any:
            self.add(name)
            return None

    names = Names()
    for column in (sheet.key, *sheet.columns):
        if column.name not in MONEY:
            column.value(names)
    return set(names)


MONEY = {*orders.SUMS, "giftCards"}


@pytest.mark.parametrize("text", HOSTILE)
def test_no_cell_is_a_formula_and_each_is_read_as_it_was(text: str) -> None:
    written = csv_text(["a"], [{"a": text}], header=True)
    ((name,), (read,)) = csv.reader(StringIO(written, newline=""))
    assert name == "a"
    assert read[:1] not in FORMULA_SIGNS
    assert read == neutral(text)
    assert meant(read) == text


@pytest.mark.parametrize(
    ("value", "shown", "in_cell"),
    [
        (None, None, ""),
        (True, True, "true"),
        (0, 0, "0"),
        (Decimal("1E+2"), "100", "100"),
        (Decimal("0.10"), "0.10", "0.10"),
        (Decimal("123456789012.345678"), "123456789012.345678", "123456789012.345678"),
        (AT.astimezone(timezone(timedelta(hours=2))), "2026-03-04T12:00:00Z", None),
        (date(2026, 3, 4), "2026-03-04", "2026-03-04"),
        (PaymentStatus.PAID, "paid", "paid"),
        (["a", "b"], ["a", "b"], "a, b"),
        ({"a": "ä"}, {"a": "ä"}, '{"a":"ä"}'),
    ],
)
def test_values_are_exact(value: Any, shown: Any, in_cell: str | None) -> None:
    assert plain(value) == shown
    assert cell(value) == (shown if in_cell is None else in_cell)


def test_a_customer_has_a_row_for_each_address() -> None:
    home = SimpleNamespace(**address(), is_default_billing=True, is_default_shipping=False)
    work = SimpleNamespace(
        **address(city="Bonn"), is_default_billing=False, is_default_shipping=True
    )
    values = {"id": 7, "first_name": "=Ada", "phone": "+491", "tags": ["vip"], "created_at": AT}
    ada = SimpleNamespace(**{**dict.fromkeys(sample_names(customers.SHEET)), **values})
    rows = list(sheet_cells(customers.SHEET, Thing(ada, [home, work])))
    text = csv_text(customers.SHEET.names, rows, header=True)
    first, second = csv.DictReader(StringIO(text, newline=""))
    assert (first["id"], first["firstName"], first["phone"], first["tags"]) == (
        "7",
        "'=Ada",
        "'+491",
        "vip",
    )
    assert (first["createdAt"], first["address.city"]) == ("2026-03-04T12:00:00Z", "Berlin")
    assert {name: text for name, text in second.items() if text} == {
        "id": "7",
        "address.postalCode": "10115",
        "address.city": "Bonn",
        "address.country": "DE",
        "address.isDefaultBilling": "false",
        "address.isDefaultShipping": "true",
    }
    shown = json.loads(json_line(sheet_object(customers.SHEET, Thing(ada, [home]))))
    assert shown["firstName"] == "=Ada"
    assert shown["addresses"][0]["city"] == "Berlin"
    assert list(shown) == [
        *(name for name in customers.SHEET.names if "." not in name),
        "addresses",
    ]


def test_who_has_no_address_has_a_row_still() -> None:
    nobody = SimpleNamespace(**dict.fromkeys(sample_names(customers.SHEET)))
    nobody.id = 8
    (row,) = sheet_cells(customers.SHEET, Thing(nobody, []))
    assert {name for name, text in row.items() if text} == {"id"}


def test_every_column_is_documented() -> None:
    told = (Path(__file__).parents[3] / "docs" / "exports.md").read_text()
    for sheet in (customers.SHEET, orders.SHEET):
        assert [name for name in sheet.names if f"`{name}`" not in told] == []
        assert len(set(sheet.names)) == len(sheet.names)


def test_filters_are_read_as_they_were_written() -> None:
    where = OrderWhere(
        ids=(1, 2),
        email=TextIs(("a@x.test",)),
        statuses=(OrderStatus.PENDING,),
        total=Amounts(gte=Decimal("1.10")),
        created_at=Times(gt=AT),
        some=(OrderWhere(words="x"),),
        none=OrderWhere(drafts=True),
    )
    written = json.loads(json.dumps(written_where(ExportKind.ORDERS, where)))
    assert read_where(ExportKind.ORDERS, written) == where
    for kind, every in EVERY.items():
        assert written_where(kind, every) == {}
        assert read_where(kind, {}) == every
