"""How asynchronous fields are awaited, and what is left of them when one fails."""

import asyncio
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest

from commerce.http.graphql.compiled.levels import Queue, answered
from loaders.batch import ByKeyLoader


class Answers:
    """A root with fields, each of which may put others behind it."""

    def __init__(self) -> None:
        self.first: Queue = deque()
        self.later: Queue = deque()
        self.data: dict[str, Any] = {}

    def field(self, key: str, awaited: Any, complete: Callable[[Any], Any] = lambda x: x) -> None:
        self.first.append((self.data, key, complete, awaited))

    def below(self, key: str, awaited: Any, complete: Callable[[Any], Any] = lambda x: x) -> None:
        self.later.append((self.data, key, complete, awaited))

    async def run(self) -> dict[str, Any]:
        return await answered(lambda _root: self.data, self.first, self.later)


def loader_of(batches: list[list[int]]) -> ByKeyLoader:
    async def find(keys: Any) -> dict[int, int]:
        await asyncio.sleep(0)
        batches.append(list(keys))
        return {key: key * 10 for key in keys}

    return ByKeyLoader(find)


async def test_a_loader_sees_a_level_at_once_and_fields_have_no_tasks_of_their_own() -> None:
    batches: list[list[int]] = []
    loader, answers = loader_of(batches), Answers()
    tasks: list[Any] = []

    async def load(key: int) -> Any:
        tasks.append(asyncio.current_task())
        return await loader.load(key)

    def next_level(value: int) -> int:
        answers.below(f"below {value}", load(value))
        return value

    for key in (1, 2, 3):
        answers.below(str(key), load(key), next_level)
    assert await answers.run() == {
        "1": 10,
        "2": 20,
        "3": 30,
        "below 10": 100,
        "below 20": 200,
        "below 30": 300,
    }
    assert batches == [[1, 2, 3], [10, 20, 30]]
    first, second = tasks[:3], tasks[3:]
    assert len(set(first)) == len(set(second)) == 1


async def test_fields_can_wait_for_the_same() -> None:
    """As those of a cart's lines do for its prices."""
    answers = Answers()
    work: list[asyncio.Future[int]] = []

    async def priced() -> int:
        await asyncio.sleep(0)
        return 5

    async def share(times: int) -> int:
        if not work:
            work.append(asyncio.ensure_future(priced()))
        return await work[0] * times

    for times in (1, 2, 3):
        answers.below(str(times), share(times))
    assert await answers.run() == {"1": 5, "2": 10, "3": 15}


async def test_a_fields_timeout_is_its_own() -> None:
    """It ends the field, not the request that the field is a part of."""
    answers = Answers()

    async def hurries(key: int) -> str:
        with suppress(TimeoutError):
            async with asyncio.timeout(0.01 * key):
                await asyncio.sleep(60)
        return "late"

    for key in (1, 2):
        answers.below(str(key), hurries(key))
    assert await answers.run() == {"1": "late", "2": "late"}
    current = asyncio.current_task()
    assert current is not None
    assert not current.cancelling()


async def test_one_that_waits_for_another_field_is_not_waited_for_in_vain() -> None:
    """A lock that one field holds while it loads, and the other wants."""
    lock, loader, answers = asyncio.Lock(), loader_of([]), Answers()

    async def holding(key: int) -> Any:
        async with lock:
            return await loader.load(key)

    for key in (1, 2, 3):
        answers.below(str(key), holding(key))
    async with asyncio.timeout(5):
        assert await answers.run() == {"1": 10, "2": 20, "3": 30}


async def test_fields_of_the_root_run_side_by_side() -> None:
    met, answers = asyncio.Barrier(2), Answers()

    async def meet(value: int) -> int:
        async with asyncio.timeout(5):
            await met.wait()
        return value

    answers.field("a", meet(1))
    answers.field("b", meet(2))
    assert await answers.run() == {"a": 1, "b": 2}


async def test_what_fails_ends_all_and_leaves_nothing_behind() -> None:
    answers, ended = Answers(), []

    async def fails() -> None:
        await asyncio.sleep(0)
        raise ValueError("no")

    async def lasts() -> None:
        try:
            await asyncio.sleep(60)
        finally:
            ended.append("lasts")

    answers.below("a", lasts())
    answers.below("b", fails())
    before = asyncio.all_tasks()
    with pytest.raises(ValueError, match="no"):
        await answers.run()
    assert ended == ["lasts"]
    assert asyncio.all_tasks() == before


async def test_one_that_would_end_by_itself_is_not_cut_off() -> None:
    answers, ended = Answers(), []

    async def fails() -> None:
        raise ValueError("no")

    async def short() -> None:
        await asyncio.sleep(0.05)
        ended.append("short")

    answers.field("a", short())
    answers.field("b", fails())
    with pytest.raises(ValueError, match="no"):
        await answers.run()
    assert ended == ["short"]


async def test_a_deadline_cuts_everything_off() -> None:
    answers, ended = Answers(), []

    async def lasts() -> None:
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            ended.append("cut")
            raise

    answers.below("a", lasts())
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await answers.run()
    assert ended == ["cut"]


async def test_a_batch_that_fails_fails_all_of_it() -> None:
    async def find(_keys: Any) -> dict[int, int]:
        raise LookupError("gone")

    loader, answers = ByKeyLoader(find), Answers()

    async def load(key: int) -> Any:
        return await loader.load(key)

    answers.below("1", load(1))
    answers.below("2", load(2))
    with pytest.raises(LookupError, match="gone"):
        await answers.run()
