"""Fields that share the working out of a cart's price: one that is given up takes none along."""

import asyncio
from typing import Any

import pytest

from resolvers.carts import pricing
from resolvers.carts.pricing import Pricing

CART: Any = None
INFO: Any = None


async def two_fields(monkeypatch: pytest.MonkeyPatch) -> tuple[list[Any], int]:
    """What they come to, the first of which is given up; and how often the price is worked out."""
    worked_out = 0
    known = asyncio.Event()

    async def work(_pricing: Pricing, _info: Any) -> str:
        nonlocal worked_out
        worked_out += 1
        await known.wait()
        return "priced"

    monkeypatch.setattr(Pricing, "_work", work)
    shared = Pricing(CART)
    fields = [asyncio.ensure_future(shared.get(INFO)) for _ in range(2)]
    await asyncio.sleep(0)
    fields[0].cancel()
    await asyncio.wait(fields[:1])
    known.set()
    return await asyncio.gather(*fields, return_exceptions=True), worked_out


def kinds(answers: list[Any]) -> list[type]:
    return [type(answer) for answer in answers]


async def test_a_field_that_is_given_up_takes_no_other_along(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answers, worked_out = await two_fields(monkeypatch)
    assert kinds(answers) == [asyncio.CancelledError, str]
    assert worked_out == 1


async def test_without_its_shield_it_would(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pricing, "shield", lambda running: running)
    answers, _ = await two_fields(monkeypatch)
    assert kinds(answers) == [asyncio.CancelledError, asyncio.CancelledError]
