"""However many different documents are compiled, no more than the latest of them are kept."""

import asyncio
import gc
import os
from collections.abc import Callable, Iterator
from functools import partial
from itertools import count
from weakref import ref

import psutil
import pytest
from graphql import DocumentNode, Token

from commerce.app import context_factory
from commerce.core.viewer import ANONYMOUS
from commerce.http.graphql import documents
from commerce.http.graphql.compiled import runtime
from commerce.http.graphql.compiled.attempts import Attempts
from commerce.http.graphql.compiled.compiler import Compiled
from commerce.http.graphql.documents import Documents
from commerce.http.graphql.execute import Executor, ExecutorOptions
from commerce.http.graphql.kept import CHARACTERS, ENTRIES, Kept
from commerce.runtime import Resources
from resolvers.permissions import field_policies
from resolvers.schema import core_schema
from tests.support.graphql import schema

# 10,000 and more are for a person who waits.
DOCUMENTS = int(os.environ.get("COMMERCE_TEST_DOCUMENTS", "120"))  # noqa: TID251  # the suite's own switch
MOST_BYTES = 8 * 1024 * 1024
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
    """By how many objects the first and the second half of the documents grow, and by how many
    bytes the second: those of a process whose collector comes when it comes.
    """
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
        resident: int = psutil.Process().memory_info().rss
        return objects(), resident

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


def tokens() -> int:
    return sum(isinstance(each, Token) for each in gc.get_objects())


def left_behind(
    monkeypatch: pytest.MonkeyPatch, spoil: Callable[[Compiled], object] = lambda _: None
) -> set[str]:
    """What is left of a document that the next one pushes out.

    It is old by then: the collector would not look at it for thousands of documents.
    """
    monkeypatch.setattr(documents, "Kept", partial(Kept, 1))
    core = core_schema(schema())
    known, text = Documents(core, field_policies(core)), texts()
    document = known.get(next(text), ANONYMOUS)
    Attempts().prepare(document)
    (operation,) = document.operations.values()
    (found,) = operation.tried.settings.values()
    assert isinstance(found, Compiled)
    spoil(found)
    tree, bind = ref(document.tree), ref(found.bind)
    del document, operation, found
    gc.collect()  # what validation has left, which is young
    before = tokens()
    gc.disable()
    try:
        known.get(next(text), ANONYMOUS)  # with as many tokens
        gone = {"tree": tree() is None, "tokens": tokens() == before, "source": bind() is None}
    finally:
        gc.enable()
    return {part for part, is_gone in gone.items() if not is_gone}


def test_what_is_pushed_out_is_gone_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    assert left_behind(monkeypatch) == set()


def test_tokens_that_are_linked_are_not(monkeypatch: pytest.MonkeyPatch) -> None:
    def untouched(_tree: DocumentNode) -> tuple[int, int]:
        return 0, 0

    monkeypatch.setattr(documents, "_counts_of_unlinked", untouched)
    assert left_behind(monkeypatch) == {"tokens"}


def test_a_source_that_its_names_refer_to_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    def refer(found: Compiled) -> None:
        found.bind.__globals__["bind"] = found.bind

    assert left_behind(monkeypatch, refer) == {"source"}


class Context:
    """What an attempt holds."""


def kept_of_an_attempt(refuse: Callable[[], object]) -> bool:
    def attempt() -> "ref[Context]":
        context = Context()
        with pytest.raises(runtime.UnusualError):
            refuse()
        return ref(context)

    gc.disable()
    try:
        return attempt()() is not None
    finally:
        gc.enable()


def test_an_attempt_that_is_dropped_leaves_nothing() -> None:
    assert not kept_of_an_attempt(lambda: runtime.present(None))


def test_one_error_for_all_of_them_would_keep_them() -> None:
    error = runtime.UnusualError()

    def refuse() -> None:
        raise error

    assert kept_of_an_attempt(refuse)
