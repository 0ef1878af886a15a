from time import process_time

import pytest
from graphql import GraphQLSchema, parse

from commerce.http.graphql.limits import LimitExceededError
from commerce.http.graphql.measure import Size, measure
from tests.support.shop import shop_schema


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


def seconds(schema: GraphQLSchema, text: str) -> float:
    document = parse(text)
    best = float("inf")
    for _ in range(7):
        started = process_time()
        measure(schema, document, 10_000)
        best = min(best, process_time() - started)
    return best


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


@pytest.mark.parametrize("make", [wide, chain, fans, sized])
def test_twice_the_document_takes_about_twice_the_time(schema: GraphQLSchema, make) -> None:
    small, large = (seconds(schema, make(n)) for n in (200, 400))
    assert large <= 2.5 * small + 0.001
