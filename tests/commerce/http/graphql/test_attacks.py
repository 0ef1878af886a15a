"""Documents made to hurt: each is refused, and refusing costs little."""

from time import process_time

import pytest

from commerce.core.viewer import ANONYMOUS
from tests.support.shop import shop_executor

MOST_SECONDS = 0.25
SPACE = 19_000


def fragments(count: int, body: str, kind: str = "Good") -> str:
    """F0, F1, ... each with `body`, in which NEXT and AFTER name the following two."""
    return " ".join(
        f"fragment F{n} on {kind} {{ "
        + body.replace("NEXT", f"F{n + 1}").replace("AFTER", f"F{n + 2}")
        + " }"
        for n in range(count)
    )


def good(body: str) -> str:
    return f"{{ good {{ {body} }} }}"


def ends(count: int) -> str:
    return f" fragment F{count} on Good {{ id }} fragment F{count + 1} on Good {{ id }}"


ATTACKS = {
    "fragments that double, by name": good("...F0 ")
    + fragments(24, "a: same { ...NEXT } b: same { ...NEXT }")
    + ends(24),
    "fragments that double, spread twice": good("...F0 ")
    + fragments(38, "...NEXT ...NEXT")
    + ends(38),
    "fragments that grow like Fibonacci": good("...F0 ")
    + fragments(30, "a: same { ...NEXT } b: same { ...AFTER }")
    + ends(30),
    "a long chain of fragments": good("...F0 ") + fragments(200, "...NEXT"),
    "a fragment within itself": good("...F ") + "fragment F on Good { same { ...F } }",
    "a circle of fragments": good("...F0 ")
    + fragments(10, "same { ...NEXT }").replace("F10", "F0"),
    "fragments that all spread all": good(" ".join(f"...F{n}" for n in range(30)))
    + " ".join(
        f"fragment F{n} on Good {{ {' '.join(f'...F{m}' for m in range(30))} }}" for n in range(30)
    ),
    "fragments with the same fields": good(" ".join(f"...F{n}" for n in range(40)))
    + fragments(40, " same { id }" * 6),
    "many aliases": "{ " + " ".join(f"a{n}: viewer" for n in range(400)) + " }",
    "aliases of what is dear": "{ "
    + " ".join(f"a{n}: goods(first: 100) {{ nodes {{ same {{ id }} }} }}" for n in range(15))
    + " }",
    "aliases through fragments": "{ "
    + "...F " * 10
    + "} fragment F on Query { "
    + " ".join(f"a{n}: viewer" for n in range(9))
    + " }",
    "one field, over and over": good("id " * 1_400),
    "one object, over and over": good("same { id } " * 350),
    "one object, over and over, nested": good("same { same { same { id } } } " * 110),
    "fields that conflict": good("x: id x: name " * 180),
    "arguments that conflict": good(
        " ".join(f"items(first: {n}) {{ nodes {{ id }} }}" for n in range(130))
    ),
    "unknown fields": good(" ".join(f"nope{n}" for n in range(1_400))),
    "directives on one field": "{ viewer " + "@skip(if: false) " * 200 + "}",
    "directives on many fields": good("id @include(if: true) " * 180),
    "unknown directives": good("id " + "@nope " * 700),
    "deep fields": "{ good " + "{ same " * 190 + "{ id } " + "} " * 191,
    "deeper than the parser goes": "{ good " + "{ same " * 700,
    "deep inline fragments": good("... on Good { " * 190 + "id" + " }" * 190),
    "deep lists": "{ echo(text: " + "[" * 400 + "]" * 400 + ") }",
    "deep objects": "mutation { change(tree: "
    + "{children: " * 250
    + "[]"
    + "}" * 250
    + ") { id } }",
    "lists within lists": "{ goods(first: 100) { nodes { items(first: 100) { nodes { id } } } } }",
    "a million comments": "#\n" * (SPACE // 2) + "{ viewer }",
    "one long comment": "#" + "x" * 1_000_000 + "\n{ viewer }",
    "one long string": '{ echo(text: "' + "x" * 100_000 + '") }',
    "one long number": "{ goods(first: " + "9" * SPACE + ") { nodes { id } } }",
    "one long name": "{ " + "x" * SPACE + " }",
    "commas": "{" + "," * SPACE * 2 + "}",
    "many operations": " ".join(f"query Q{n} {{ viewer }}" for n in range(290)),
    "many variables": "query (" + " ".join(f"$v{n}: Int" for n in range(290)) + ") { viewer }",
    "a circle through the schema": "{ __schema { types { fields { type { fields { type { fields "
    "{ type { fields { name } } } } } } } } } }",
    "the schema, over and over": "{ "
    + " ".join(f"a{n}: __schema {{ types {{ fields {{ name }} }} }}" for n in range(15))
    + " }",
    "many mutations": "mutation { " + " ".join("change { id }" for _ in range(100)) + " }",
    "text of surrogates": '{ echo(text: "' + "\\ud800" * 1_000 + '") }',
    "brackets alone": "{" * 10_000,
    "nothing": "",
}


@pytest.mark.parametrize("name", ATTACKS)
async def test_is_refused_quickly(name: str) -> None:
    executor = shop_executor()
    best = float("inf")
    for _ in range(3):  # whatever else the machine does, one of three runs is undisturbed
        started = process_time()
        answer = await executor.execute(ATTACKS[name], viewer=ANONYMOUS)
        best = min(best, process_time() - started)
        assert 400 <= answer.status < 500
        assert not answer.executed
        assert answer.statements == 0
    assert best < MOST_SECONDS


# What the guard lets through to validation, whose work grows with the pairs of equal names.
ADMITTED = {
    "equal objects": good("same { id } " * 86),
    "equal fields": good("id " * 122),
    "equal objects within each other": good("same { same { id } } " * 54),
    "arguments that conflict": good(
        " ".join(f"items(first: {n % 2}) {{ nodes {{ id }} }}" for n in range(70))
    ),
    "equal fields in fragments": good(" ".join(f"...F{n}" for n in range(40)))
    + fragments(40, "same { id } " * 2),
    "as many tokens as there may be": good(" ".join(f"nope{n}" for n in range(1_490))),
}


@pytest.mark.parametrize("name", ADMITTED)
async def test_what_is_let_through_to_validation_costs_little_too(name: str) -> None:
    executor = shop_executor()
    best = float("inf")
    for _ in range(3):
        started = process_time()
        answer = await executor.execute(ADMITTED[name], viewer=ANONYMOUS)
        best = min(best, process_time() - started)
        assert answer.code in {None, "GRAPHQL_VALIDATION_FAILED"}
        executor = shop_executor()
    assert best < MOST_SECONDS


async def test_an_honest_query_is_answered() -> None:
    answer = await shop_executor().execute(
        "{ goods(first: 50) { nodes { id name } } }", viewer=ANONYMOUS
    )
    assert answer.status == 200
