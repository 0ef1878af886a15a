"""Loaders ask once for all, and a batch that fails is asked for again."""

import asyncio
from collections.abc import Collection, Mapping
from typing import Any

import pytest

from loaders.batch import ByKeyLoader, Loader

KEYS = ["a", "b", "c"]


class Batches:
    """What was asked for, in batches; the first `failures` of them fail."""

    def __init__(self, failures: int = 0) -> None:
        self.asked: list[list[Any]] = []
        self._failures = failures

    async def find(self, keys: Collection[Any]) -> Mapping[Any, str]:
        self.asked.append(list(keys))
        if len(self.asked) <= self._failures:
            raise LookupError("not now")
        return {key: key.upper() for key in keys if key != "nobody"}


class Short(Loader):
    """Forgets the last value the first time."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = 0

    async def batch_load_fn(self, keys: list[Any]) -> list[Any]:
        self.asked += 1
        return keys[:-1] if self.asked == 1 else keys


async def test_all_that_is_asked_at_once_is_one_batch() -> None:
    batches = Batches()
    loader = ByKeyLoader(batches.find, missing="-")
    found = await asyncio.gather(*(loader.load(key) for key in [*KEYS, "a", "nobody"]))
    assert found == ["A", "B", "C", "A", "-"]
    assert batches.asked == [[*KEYS, "nobody"]]
    assert await loader.load("b") == "B"
    assert len(batches.asked) == 1


async def test_what_is_asked_a_turn_later_belongs_to_it() -> None:
    """As by a field that something else has just woken."""
    batches = Batches()
    loader = ByKeyLoader(batches.find)

    async def woken() -> str:
        return str(await loader.load("b"))

    first = loader.load("a")
    assert [await asyncio.create_task(woken()), await first] == ["B", "A"]
    assert batches.asked == [["a", "b"]]


async def test_a_batch_that_fails_fails_for_all_and_is_asked_for_again() -> None:
    batches = Batches(failures=1)
    loader = ByKeyLoader(batches.find)
    waiting = [loader.load(key) for key in KEYS]
    told = await asyncio.gather(*waiting, return_exceptions=True)
    assert [type(error) for error in told] == [LookupError] * 3
    assert await loader.load("a") == "A"
    assert batches.asked == [KEYS, ["a"]]


async def test_a_batch_with_too_few_values_leaves_nobody_waiting() -> None:
    loader = Short()
    told = await asyncio.gather(*(loader.load(key) for key in KEYS), return_exceptions=True)
    assert [type(error) for error in told] == [ValueError] * 3
    assert await loader.load("c") == "c"


async def test_who_went_away_keeps_nobody_from_the_answer() -> None:
    loader = ByKeyLoader(Batches().find)
    gone, waiting = loader.load("a"), loader.load("a")
    gone.cancel()
    assert await waiting == "A"
    assert gone.cancelled()


async def test_nobody_is_no_key() -> None:
    with pytest.raises(TypeError, match="asked for None"):
        ByKeyLoader(Batches().find).load(None)
