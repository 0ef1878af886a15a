"""Series of numbers are set up with care, and read as they say."""

from types import SimpleNamespace
from typing import Any

import pytest

from commerce.core.db import UnitOfWork
from commerce.core.problems import Invalid, NotFound, Taken, VersionConflict
from commerce.invoices.kinds import InvoiceKind
from commerce.invoices.rules.series import number_text
from tests.support.invoices import issue, make_series, series_now
from tests.support.order_work import done
from tests.support.orders import place_order

SETTINGS = SimpleNamespace(invoice_prefix="RE", invoice_suffix="/B")


@pytest.mark.parametrize(
    ("series", "text"),
    [
        ({}, "RE0007/B"),
        ({"prefix": "A-", "suffix": ""}, "A-0007"),
        ({"prefix": "", "suffix": "", "digits": 1}, "7"),
        ({"prefix": "A-", "suffix": "", "yearly": True}, "A-2026-0007"),
        ({"prefix": "", "digits": 12}, "000000000007/B"),
    ],
)
def test_how_numbers_read(series: dict[str, Any], text: str) -> None:
    plain = {"prefix": None, "suffix": None, "digits": 4, "yearly": False}
    assert number_text(SimpleNamespace(**{**plain, **series}), 7, 2026, SETTINGS) == text


@pytest.mark.parametrize(
    "values",
    [
        {"code": "No Slug"},
        {"code": ""},
        {"code": "a", "digits": 0},
        {"code": "a", "digits": 13},
        {"code": "a", "digits": 10**30},
        {"code": "a", "prefix": "x" * 21},
        {"code": "a", "suffix": "\0"},
        {"code": "a", "note": "\ud800"},
        {"code": "a", "note": "x" * 1001},
        {"prefix": "A"},
    ],
)
async def test_what_no_series_can_be(uow: UnitOfWork, values: dict[str, Any]) -> None:
    assert isinstance(await make_series(uow, **{"code": "", **values}), Invalid)


async def test_a_series_is_added_once_and_changed(uow: UnitOfWork) -> None:
    added = await make_series(uow, "a", prefix="A-")
    again = await make_series(uow, "a", prefix="A-")
    assert (again.id, again.version) == (added.id, 1)
    changed = await make_series(uow, "a", prefix=None)
    assert (changed.prefix, changed.version) == (None, 2)

    async def late(own: Any) -> Any:
        return await own.invoice_series.upsert(added.id, {"digits": 6}, 1)

    assert isinstance(await done(uow, late), VersionConflict)
    missing = await done(uow, lambda own: own.invoice_series.upsert(10**9, {"digits": 6}))
    assert isinstance(missing, NotFound)


async def test_codes_are_unique(uow: UnitOfWork) -> None:
    await make_series(uow, "a")
    other = await make_series(uow, "b")
    taken = await done(uow, lambda own: own.invoice_series.upsert(other.id, {"code": "a"}))
    assert isinstance(taken, Taken)


async def test_there_is_one_default_of_each_kind(uow: UnitOfWork) -> None:
    await make_series(uow, "a", is_default=True)
    await make_series(uow, "b", is_default=True)
    await make_series(uow, "c", kind=InvoiceKind.CREDIT_NOTE, is_default=True)
    found = [(await series_now(uow, code)).is_default for code in "abc"]
    assert found == [False, True, True]
    assert isinstance(await make_series(uow, "b", is_default=False), Invalid)
    assert isinstance(await make_series(uow, "b", kind=InvoiceKind.CREDIT_NOTE), Invalid)


async def test_what_numbers_were_given_by_stays(uow: UnitOfWork) -> None:
    await make_series(uow, "a", prefix="A-")
    await make_series(uow, "a", yearly=True)
    await issue(uow, await place_order(uow), "a")
    assert isinstance(await make_series(uow, "a", yearly=False), Invalid)
    assert isinstance(await make_series(uow, "a", kind=InvoiceKind.CREDIT_NOTE), Invalid)
    assert (await make_series(uow, "a", prefix="B-")).prefix == "B-"
