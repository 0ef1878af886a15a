"""However many different documents are compiled, no more than the latest of them are kept."""

import asyncio
import gc
import os
from collections.abc import Iterator
from functools import partial
from itertools import count

import psutil
import pytest

from commerce.app import context_factory
from commerce.core.viewer import ANONYMOUS
from commerce.http.graphql import documents
from commerce.http.graphql.execute import Executor, ExecutorOptions
from commerce.http.graphql.kept import CHARACTERS, ENTRIES, Kept
from commerce.runtime import Resources
from resolvers.schema import core_schema
from tests.support.graphql import schema

# 10,000 and more are for a person who waits.
DOCUMENTS = int(os.environ.get("COMMERCE_TEST_DOCUMENTS", "120"))  # noqa: TID251  # the suite's own switch
MOST_BYTES = 16 * 1024 * 1024
FIELDS = "id title variants { nodes { id sku } totalCount { count } } brand { id name }"

pytestmark = pytest.mark.timeout(900)


class Counted:
    def __init__(self) -> None:
        self.compiled = 0

    def observe_compiled(self, seconds: float) -> None:
        self.compiled += 1

    def count_executed(self, how: str) -> None:
        pass


def texts() -> Iterator[str]:
    """Each another, with names of its own everywhere."""
    for n in count():
        fields = " ".join(f"a{n}x{part}: slug" for part in range(5))
        yield f'query Q{n} {{ b{n}: product(id: "nonsense{n}") {{ {fields} {FIELDS} }} }}'


def objects() -> int:
    gc.collect()
    return len(gc.get_objects())


async def growths(resources: Resources, monkeypatch: pytest.MonkeyPatch, kept: int) -> list[int]:
    """By how many objects, and then bytes, the first and the second half of the documents grow."""
    monkeypatch.setattr(documents, "Kept", partial(Kept, kept, CHARACTERS * (kept // ENTRIES + 1)))
    told, text = Counted(), texts()
    options = ExecutorOptions(told=told)
    executor = Executor(
        core_schema(schema()), resources.open_unit, context_factory(resources), options
    )

    async def ask(number: int) -> tuple[int, int]:
        for _ in range(number):
            answer = await executor.execute(next(text), viewer=ANONYMOUS)
            assert answer.executed, answer.errors
            await asyncio.sleep(0)  # the loop forgets a timeout that is over on its next turn
        return objects(), psutil.Process().memory_info().rss

    before, half, end = await ask(5), await ask(DOCUMENTS // 2), await ask(DOCUMENTS // 2)
    assert told.compiled == 5 + DOCUMENTS // 2 * 2
    print(f"{DOCUMENTS} documents: objects and bytes", before, half, end)  # noqa: T201  # the figures, with -s
    return [half[0] - before[0], end[0] - half[0], end[1] - half[1]]


async def test_different_documents_do_not_grow_memory(
    resources: Resources, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half of them are more than are kept: the others push out as much as they bring."""
    first, second, bytes_ = await growths(resources, monkeypatch, min(ENTRIES, DOCUMENTS // 10))
    assert second < first / 10
    assert bytes_ < MOST_BYTES


async def test_without_an_end_to_what_is_kept_they_do(
    resources: Resources, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = min(DOCUMENTS, 200)
    monkeypatch.setattr(f"{__name__}.DOCUMENTS", few)
    first, second, _ = await growths(resources, monkeypatch, few * 2)
    assert second > first / 2
