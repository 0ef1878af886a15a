from collections.abc import Callable

import pytest
from graphql import GraphQLSchema, parse

from commerce.core.problems import BadInputError
from commerce.http.graphql.limits import LimitExceededError
from commerce.http.graphql.measure import Size, measure
from tests.support.shop import shop_schema
from tests.support.work import lines_run

Make = Callable[[int], str]


@pytest.fixture(scope="module")
def schema() -> GraphQLSchema:
    return shop_schema()


def size_of(schema: GraphQLSchema, text: str) -> Size:
    return measure(schema, parse(text), 1000).size


def test_counts_what_execution_would_meet(schema: GraphQLSchema) -> None:
    text = """
      query A @x { a: good @x { ...F @x ... on Good @x { b: name } } good { ...F } }
      fragment F on Good @x { c: same { id } }
    """
    assert size_of(schema, text) == Size(
        depth=3,
        aliases=1 + 1 + 1 + 1,
        directives=1 + 1 + 1 + 1 + 2,
        fragments=1,
        root_fields=2,
        mutations=0,
        repeats=5,
        introspections=0,
        input_depth=0,
        input_characters=0,
        input_items=0,
        input_values=0,
    )


def test_mutations_are_counted_through_fragments(schema: GraphQLSchema) -> None:
    text = "mutation { ...F ...F } fragment F on Mutation { a: change { id } b: change { id } }"
    size = size_of(schema, text)
    assert (size.mutations, size.root_fields) == (4, 0)


def test_the_largest_operation_counts(schema: GraphQLSchema) -> None:
    size = size_of(schema, "query A { viewer } query B { good { same { id } } }")
    assert size.depth == 3


def test_introspection_is_not_deep(schema: GraphQLSchema) -> None:
    types = "{ ofType " * 9 + "{ name }" + " }" * 9
    assert size_of(schema, f"{{ __schema {{ types {types} }} }}").depth == 1


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("{ good { __typename } }", 0),
        ("{ __schema { types { name fields { name } } } }", 1),
        ('{ a: __type(name: "Good") { name } b: __type(name: "Item") { name } }', 2),
        ("{ __schema { types { a: fields { name } b: fields { name } } } }", 3),
        ("{ ...F ...F } fragment F on Query { a: __schema { types { b: name } } }", 4),
    ],
)
def test_an_alias_within_introspection_is_one_more(
    schema: GraphQLSchema, text: str, count: int
) -> None:
    assert size_of(schema, text).introspections == count


def test_a_fragment_that_spreads_itself_ends(schema: GraphQLSchema) -> None:
    text = (
        "{ ...A } fragment A on Query { good { ...B } } fragment B on Good { same { ...A ...B } }"
    )
    assert size_of(schema, text).fragments == 2


def test_fragments_that_nothing_uses_are_counted_too(schema: GraphQLSchema) -> None:
    fields = " id" * 200
    assert size_of(schema, f"{{ viewer }} fragment F on Good {{ {fields} }}").repeats == 40_001


def test_nesting_that_python_cannot_follow_is_refused(schema: GraphQLSchema) -> None:
    deep = " ".join(
        f"fragment F{n} on Query {{ {'... on Query { ' * 50} ...F{n + 1} {'}' * 50} }}"
        for n in range(40)
    )
    with pytest.raises(LimitExceededError, match="nested too deeply"):
        size_of(schema, f"{{ ...F0 }} {deep} fragment F40 on Query {{ viewer }}")


def wide(n: int) -> str:
    return "{ " + " ".join(f"a{i}: good {{ id name }}" for i in range(n)) + " }"


def chain(n: int) -> str:
    """Each fragment spreads the next one twice: 2^50 fields, were they expanded."""
    length = n // 8
    fields = " ".join(f"x{i}: same {{ id }}" for i in range(20))
    fragments = " ".join(
        f"fragment F{i} on Good {{ ...F{i + 1} ...F{i + 1} {fields} }}" for i in range(length)
    )
    return f"{{ good {{ ...F0 }} }} {fragments} fragment F{length} on Good {{ id }}"


def fans(n: int) -> str:
    spreads = " ".join(f"...F{i}" for i in range(n))
    fragments = " ".join(f"fragment F{i} on Query {{ good {{ id ...G }} }}" for i in range(n))
    return f"{{ {spreads} {spreads} }} {fragments} fragment G on Good {{ name same {{ id }} }}"


def sized(n: int) -> str:
    rows = " ".join(f"a{i}: items(first: $n) {{ nodes {{ id }} }}" for i in range(n))
    return f"query ($n: Int) {{ good {{ {rows} }} }}"


def valued(n: int) -> str:
    """A list of small objects, in an argument of a directive."""
    return "{ viewer @x(y: [" + "{a: [1, {b: $c}]} " * n + "]) }"


@pytest.mark.parametrize("make", [wide, chain, fans, sized, valued])
def test_twice_the_document_is_about_twice_the_work(schema: GraphQLSchema, make: Make) -> None:
    small, large = (parse(make(n)) for n in (50, 100))
    work = lines_run(lambda: measure(schema, small, 10_000))
    assert lines_run(lambda: measure(schema, large, 10_000)) <= 2.2 * work


@pytest.mark.parametrize(
    ("text", "depth", "characters", "items"),
    [
        ("{ echo }", 0, 0, 0),
        ("{ echo(text: $t) }", 1, 0, 0),
        ("{ echo(text: ENUM) }", 1, 0, 0),
        ('{ echo(text: "") }', 1, 0, 0),
        ("{ echo(text: []) }", 2, 0, 0),
        ("{ echo(text: {}) }", 2, 0, 0),
        ('{ echo(text: ["abc", {a: [1, 2, 3]}]) }', 4, 3, 3),
        ('{ viewer @skip(if: ["ab"]) }', 2, 2, 1),
        ('{ ... @skip(if: ["ab"]) { viewer } }', 2, 2, 1),
        ('{ ...F @skip(if: ["ab"]) } fragment F on Query { viewer }', 2, 2, 1),
        (
            '{ viewer } fragment F on Query @x(y: ["ab"]) { good { same { id(z: [1, 2]) } } }',
            2,
            2,
            2,
        ),
        ('query ($a: [Int] = [1, 2] @x(y: "abc")) @x(y: {z: {}}) { viewer }', 3, 3, 2),
        ('{ echo(text: """\n  block\n""") }', 1, 5, 0),
    ],
)
def test_values_are_measured_wherever_they_stand(
    schema: GraphQLSchema, text: str, depth: int, characters: int, items: int
) -> None:
    size = size_of(schema, text)
    assert (size.input_depth, size.input_characters, size.input_items) == (depth, characters, items)


@pytest.mark.parametrize(
    "value",
    ['"a\\u0000"', '[{a: "\\u{0}"}]', "9" * 41, "-" + "9" * 40, "0." + "0" * 40, "1e999", "-1e400"],
)
def test_values_that_no_column_can_hold_are_refused(schema: GraphQLSchema, value: str) -> None:
    for text in [
        f"{{ json(value: {value}) }}",
        f"query ($v: JSON = {value}) {{ json(value: $v) }}",
    ]:
        with pytest.raises(BadInputError):
            size_of(schema, text)


def test_every_value_counts(schema: GraphQLSchema) -> None:
    size = size_of(
        schema, "query ($a: Int = 1) { json(value: [1, {a: 2, b: $a}]) @skip(if: true) }"
    )
    assert size.input_values == 1 + 5 + 1


def test_a_number_may_have_forty_digits(schema: GraphQLSchema) -> None:
    assert size_of(schema, f"{{ json(value: [{'9' * 40}, 0.{'1' * 38}]) }}").input_items == 2
