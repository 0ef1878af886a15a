from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from commerce.carts.kinds import CartState
from commerce.carts.problems import CartExpired, CartFrozen, CartNotActive
from commerce.carts.rules.lines import NewLine, extra_flaw, merged
from commerce.carts.rules.merging import transfer
from commerce.carts.rules.refs import CartRef
from commerce.carts.rules.states import refusal, state_of
from commerce.catalog.kinds import BackorderPolicy
from commerce.core.problems import VersionConflict

NOW = datetime(2026, 11, 22, tzinfo=UTC)


def cart(state: CartState = CartState.ACTIVE, days: int = 1, version: int = 1) -> Any:
    return SimpleNamespace(state=state, expires_at=NOW + timedelta(days=days), version=version)


def test_the_same_thing_named_twice_is_one_line() -> None:
    lines = [
        NewLine(1, 2),
        NewLine(1, 1, {"a": 1, "b": 2}),
        NewLine(1, 3),
        NewLine(1, 1, {"b": 2, "a": 1}),
    ]
    assert [(line.quantity, dict(line.extra_fields)) for line in merged(lines)] == [
        (5, {}),
        (2, {"b": 2, "a": 1}),
    ]


@pytest.mark.parametrize(
    "value", [[], "x", None, 1, {"a": "\0"}, {"\udcff": 1}, {str(n): n for n in range(51)}]
)
def test_what_extra_fields_cannot_be(value: Any) -> None:
    assert extra_flaw(value, "extra_fields") is not None


@pytest.mark.parametrize(
    ("stored", "state", "problem"),
    [
        (cart(), CartState.ACTIVE, None),
        (cart(days=0), CartState.EXPIRED, CartExpired),
        (cart(CartState.EXPIRED), CartState.EXPIRED, CartExpired),
        (cart(CartState.FROZEN, days=-9), CartState.FROZEN, CartFrozen),
        (cart(CartState.COMPLETED), CartState.COMPLETED, CartNotActive),
        (cart(CartState.MERGED), CartState.MERGED, CartNotActive),
        (cart(version=2), CartState.ACTIVE, VersionConflict),
    ],
)
def test_what_a_cart_has_come_to(stored: Any, state: CartState, problem: type | None) -> None:
    assert state_of(stored, NOW) is state
    assert type(refusal(stored, NOW, 1)) is (problem or type(None))


@pytest.mark.parametrize("token", ["", "short", "a" * 129, "a" * 30 + "\0", "ä" * 30, "a b" * 10])
def test_what_is_no_token(token: str) -> None:
    assert not CartRef(token).is_possible


def line(variant_id: int, quantity: int, digest: bytes = b"") -> Any:
    return SimpleNamespace(variant_id=variant_id, quantity=quantity, digest=digest, extra_fields={})


def goods(id_: int, available: int | None, **values: Any) -> Any:
    given = {
        "can_be_bought": True,
        "one_per_order": False,
        "backorder": BackorderPolicy.DENY,
        **values,
    }
    return SimpleNamespace(id=id_, available=available, track_stock=available is not None, **given)


@pytest.mark.parametrize(
    ("own", "other", "available", "added"),
    [
        (0, 3, 5, 3),
        (3, 3, 5, 2),
        (6, 3, 5, 0),
        (0, 3, -2, 0),
        (3, 3, None, 3),
        (9_998, 3, None, 1),
    ],
)
def test_no_more_is_taken_over_than_there_is_room_for(
    own: int, other: int, available: int | None, added: int
) -> None:
    stored = [line(1, own)] if own else []
    lines, warnings = transfer(stored, [line(1, other)], {1: goods(1, available)})
    assert sum(line.quantity for line in lines) == added
    assert bool(warnings) is (added < other)


def test_stock_is_shared_by_all_lines_of_a_variant() -> None:
    theirs = [line(1, 3, b"a"), line(1, 3, b"b")]
    lines, warnings = transfer([], theirs, {1: goods(1, 4)})
    assert [line.quantity for line in lines] == [3, 1]
    assert [warning.available for warning in warnings] == [4]


def test_a_full_cart_takes_no_further_lines() -> None:
    own = [line(n, 1) for n in range(100)]
    known = {n: goods(n, None) for n in range(101)}
    lines, warnings = transfer(own, [line(100, 1), line(0, 1)], known)
    assert ([line.variant_id for line in lines], len(warnings)) == ([0], 1)


def test_of_some_things_no_more_than_one_is_taken_over() -> None:
    known = {1: goods(1, None, one_per_order=True)}
    assert transfer([], [line(1, 3)], known)[0][0].quantity == 1
    assert transfer([line(1, 1)], [line(1, 3)], known)[0] == []
