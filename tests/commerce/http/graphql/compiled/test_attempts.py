"""Which operations are compiled, which are not and why, and what is kept of them."""

from typing import Any

import pytest

from commerce.core.viewer import ANONYMOUS
from commerce.http.graphql.compiled import attempts
from commerce.http.graphql.compiled.attempts import SETTINGS
from commerce.http.graphql.compiled.compiler import Compiled
from commerce.http.graphql.compiled.plan import deciding_variables
from commerce.http.graphql.documents import Document
from commerce.http.graphql.execute import Executor, ExecutorOptions
from commerce.http.graphql.library import Reference
from commerce.http.graphql.manifest import Manifest, hash_of
from commerce.rest.route import Doors
from commerce.rest.router import Gateway
from resolvers.schema import build_schema, core_schema
from tests.support.rest import PaperShop
from tests.support.shop import ShopContext, no_database, shop_executor


class Counted:
    def __init__(self) -> None:
        self.ways: list[str] = []
        self.compiled = 0

    def observe_compiled(self, seconds: float) -> None:
        self.compiled += 1

    def count_executed(self, how: str) -> None:
        self.ways.append(how)


@pytest.fixture
def told() -> Counted:
    return Counted()


@pytest.fixture
def executor(told: Counted, monkeypatch: pytest.MonkeyPatch) -> Executor:
    monkeypatch.setattr(attempts, "WORTH_IT", 2)
    return shop_executor(options=ExecutorOptions(production=False, told=told))


async def ask(executor: Executor, text: str, **variables: Any) -> Any:
    return await executor.execute(text, variables, viewer=ANONYMOUS)


async def test_a_document_is_compiled_when_it_is_seen_again(
    executor: Executor, told: Counted
) -> None:
    for _ in range(3):
        assert (await ask(executor, "{ one }")).data == {"one": 1}
    assert told.ways == ["first", "compiled", "compiled"]
    assert told.compiled == 1


async def test_our_own_are_compiled_when_they_are_prepared(
    executor: Executor, told: Counted
) -> None:
    document = executor.prepare("query Ours { one }")
    assert told.compiled == 1
    await executor.execute(document, viewer=ANONYMOUS)
    assert (told.ways, told.compiled) == (["compiled"], 1)


async def test_trusted_documents_are_compiled_at_the_start(told: Counted) -> None:
    text = "query Trusted { one }"
    manifest = Manifest({hash_of(text): text}, required=True, source="documents.json")
    executor = shop_executor(options=ExecutorOptions(told=told, manifest=manifest))
    assert told.compiled == 1
    await executor.execute(Reference(hash_of(text)), viewer=ANONYMOUS)
    assert (told.ways, told.compiled) == (["compiled"], 1)


def test_operations_of_the_rest_dialects_are_compiled_at_the_start(told: Counted) -> None:
    """But for those whose directives look at variables, which are when they are asked."""
    shop = PaperShop()
    schema = core_schema(build_schema())
    executor = Executor(schema, no_database, ShopContext, ExecutorOptions(told=told))  # type: ignore[arg-type]  # nothing is run
    prepared: list[Document] = []

    def prepare(text: str) -> Document:
        prepared.append(executor.prepare(text))
        return prepared[-1]

    Gateway(Doors(prepare, executor.execute, shop.authenticate, shop.key_dialect))
    plain = [each for each in prepared if not deciding_variables(each.tree)]
    asked = [each for one in plain for each in one.operations.values() if each.is_query]
    assert len(asked) > 50
    assert all(isinstance(each.tried.settings[()], Compiled) for each in asked)
    assert told.compiled == len(asked)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{ __schema { queryType { name } } }", "introspection"),
        ("{ broken }", "error"),
        ("{ refused }", "refused"),
        ("{ " + " ".join(f"a{n}: one" for n in range(1_600)) + " }", "size"),
    ],
)
async def test_the_reference_executor_has_the_last_word(
    executor: Executor, told: Counted, text: str, reason: str
) -> None:
    document = executor.prepare(text)
    await executor.execute(document, viewer=ANONYMOUS)
    assert told.ways == [reason]


async def test_there_is_one_for_each_setting_of_the_directives(
    executor: Executor, told: Counted
) -> None:
    document = executor.prepare(
        "query A($a: Boolean!, $b: Boolean = true)"
        " { x: one @include(if: $a) y: one @skip(if: $b) z: one }"
    )
    for given, keys in (
        ({"a": True}, ["x", "z"]),
        ({"a": False}, ["z"]),
        ({"a": True, "b": False}, ["x", "y", "z"]),
        ({"a": True}, ["x", "z"]),
    ):
        answer = await executor.execute(document, given, viewer=ANONYMOUS)
        assert answer.data is not None
        assert list(answer.data) == keys
    assert told.compiled == 3
    assert told.ways == ["compiled"] * 4


async def test_settings_are_kept_up_to_a_number(executor: Executor, told: Counted) -> None:
    names = [f"v{place}" for place in range(6)]
    head = ", ".join(f"${name}: Boolean!" for name in names)
    body = " ".join(f"{name}: one @include(if: ${name})" for name in names)
    document = executor.prepare(f"query Many({head}) {{ {body} last: one }}")
    for number in range(40):
        given = {name: bool(number >> place & 1) for place, name in enumerate(names)}
        answer = await executor.execute(document, given, viewer=ANONYMOUS)
        assert answer.data is not None
        assert list(answer.data) == [*(name for name in names if given[name]), "last"]
    (operation,) = document.operations.values()
    kept = operation.tried.settings.values()
    assert len(kept) == SETTINGS
    assert all(isinstance(each, Compiled) for each in kept)


async def test_many_documents_are_forgotten_with_what_became_of_them(
    executor: Executor, told: Counted
) -> None:
    """What is compiled lives with its document, and of those only the latest are kept."""
    for number in range(1_200):
        for _ in range(2):
            assert (await ask(executor, f"{{ a{number}: one }}")).data == {f"a{number}": 1}
    assert told.compiled == 1_200
    before = told.compiled
    await ask(executor, "{ a0: one }")
    await ask(executor, "{ a0: one }")
    assert told.compiled == before + 1  # it had been forgotten


async def test_it_can_be_switched_off(told: Counted) -> None:
    executor = shop_executor(options=ExecutorOptions(compiled=False, told=told))
    assert (await ask(executor, "{ one }")).data == {"one": 1}
    assert told.ways == []
