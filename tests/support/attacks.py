"""Requests made to hurt a GraphQL server. None asks for anything that an honest client needs."""

from collections.abc import Callable
from typing import Any, Final

from commerce.core.exact_json import write_json

Attack = Callable[[], bytes]
Text = Callable[[int], str]


def body(query: str, variables: Any = None, **others: Any) -> bytes:
    return write_json({"query": query, "variables": variables, **others})


def category(inner: str) -> str:
    return f"{{ category(id: 1) {{ {inner} }} }}"


def many(count: int, text: str) -> str:
    """`text` so many times, # replaced by the number."""
    return " ".join(text.replace("#", str(n)) for n in range(count))


def fragments(count: int, inner: str) -> str:
    """F0, F1, ... with `inner`, in which NEXT and AFTER name the two that follow."""
    return " ".join(
        f"fragment F{n} on Category {{ "
        + inner.replace("NEXT", f"F{n + 1}").replace("AFTER", f"F{n + 2}")
        + " }"
        for n in range(count)
    ) + "".join(f" fragment F{count + n} on Category {{ id }}" for n in range(2))


def all_spread_all(count: int) -> str:
    """Grows with the square of `count`: beyond 200 no server reads it anyway."""
    spreads = many(count, "...F#")
    return category(spreads) + many(count, "fragment F# on Category { SPREADS }").replace(
        "SPREADS", spreads
    )


# By how large they are.
FANNED: Final[dict[str, Text]] = {
    "fragments that double through aliases": lambda n: (
        category("...F0 ") + fragments(n, "a: parent { ...NEXT } b: parent { ...NEXT }")
    ),
    "fragments spread twice": lambda n: category("...F0 ") + fragments(n, "...NEXT ...NEXT"),
    "fragments that grow like Fibonacci": lambda n: (
        category("...F0 ") + fragments(n, "a: parent { ...NEXT } b: parent { ...AFTER }")
    ),
    "a chain of fragments": lambda n: category("...F0 ") + fragments(n, "...NEXT"),
    "a chain of fragments, deeper and deeper": lambda n: (
        category("...F0 ") + fragments(n, "parent { ...NEXT }")
    ),
    "fragments that all spread all": lambda n: all_spread_all(min(n, 200)),
    "a circle of fragments": lambda n: (
        category("...F0 ") + fragments(n, "parent { ...NEXT }").replace(f"...F{n} ", "...F0 ")
    ),
    "fragments within themselves": lambda n: (
        category(many(n, "...F#"))
        + many(n, "fragment F# on Category { parent { ...F# } children { nodes { ...F# } } }")
    ),
    "fragments with equal fields": lambda n: (
        category(many(n, "...F#")) + many(n, "fragment F# on Category { id slug title depth id }")
    ),
    "fragments that nothing uses": lambda n: (
        "{ __typename } " + many(n, "fragment F# on Category { parent { id slug } }")
    ),
    "fragments of one name": lambda n: category("...F") + many(n, " fragment F on Category { id }"),
    "fragments on types that are not there": lambda n: (
        category(many(n, "...F#")) + many(n, "fragment F# on Nope# { id }")
    ),
}
SPREAD: Final[dict[str, Text]] = {
    "aliases at the root": lambda n: "{ " + many(n, "a#: __typename") + " }",
    "aliases inside": lambda n: category(many(n, "a#: parent { id }")),
    "aliases of lists": lambda n: (
        "{ " + many(n, "a#: products(first: 100) { nodes { id } }") + " }"
    ),
    "aliases of searches": lambda n: (
        "{ " + many(n, 'a#: search(query: "a", first: 100) { nodes { id } }') + " }"
    ),
    "aliases through fragments": lambda n: (
        f"{{ {'...F ' * n} }} fragment F on Query {{ {many(9, 'a#: __typename')} }}"
    ),
    "one field, over and over": lambda n: category("id " * n),
    "one object, over and over": lambda n: category("parent { id } " * n),
    "one object, over and over, within itself": lambda n: category(
        "parent { parent { parent { id } } } " * n
    ),
    "one name for many fields": lambda n: category("x: id x: slug " * n),
    "arguments that differ": lambda n: category(many(n, "children(first: #) { nodes { id } }")),
    "unknown fields": lambda n: category(many(n, "nope#")),
    "unknown arguments": lambda n: f"{{ category({many(n, 'nope#: 1')}) {{ id }} }}",
    "one argument, over and over": lambda n: f"{{ category({many(n, 'id: #')}) {{ id }} }}",
    "directives on one field": lambda n: category("id " + "@skip(if: false) " * n),
    "directives on many fields": lambda n: category("id @include(if: true) " * n),
    "unknown directives": lambda n: category("id " + many(n, "@nope#")),
    "directives on the operation": lambda n: f"query Q {'@skip(if: false) ' * n} {category('id')}",
    "directives on fragments": lambda n: (
        category("...F " + "@include(if: true) " * n) + " fragment F on Category { id }"
    ),
    "many operations": lambda n: many(n, "query Q# { __typename }"),
    "operations of one name": lambda n: "query Q { __typename } " * n,
    "many variables": lambda n: f"query ({many(n, '$v#: Int')}) {{ __typename }}",
    "variables of unknown types": lambda n: f"query ({many(n, '$v#: Nope#')}) {{ __typename }}",
    "unknown variables": lambda n: category(many(n, "a#: children(first: $v#) { nodes { id } }")),
    "many mutations": lambda n: (
        "mutation { " + many(n, 'a#: brandUpsert(input: { name: "x#" }) { brand { id } }') + " }"
    ),
    "many subscriptions": lambda n: f"subscription {{ {many(n, 'a#: __typename')} }}",
    "the schema, over and over": lambda n: (
        "{ " + many(n, "a#: __schema { types { fields { name } } }") + " }"
    ),
    "inline fragments side by side": lambda n: category("... on Category { id } " * n),
    "inline fragments on other types": lambda n: category("... on Product { id } " * n),
    "lists of ids": lambda n: f"{{ nodes(ids: [{many(n, chr(34) + '#' + chr(34))}]) {{ id }} }}",
    "lists in lists": lambda n: (
        "{ products(where: { and: ["
        + "{ or: [{ featured: true }, { featured: false }] } " * n
        + "] }) { nodes { id } } }"
    ),
    "fields of an input": lambda n: (
        f"{{ products(where: {{ {many(n, 'nope#: 1')} }}) {{ nodes {{ id }} }} }}"
    ),
}
NESTED: Final[dict[str, Text]] = {
    "deep fields": lambda n: category("parent { " * n + "id" + " }" * n),
    "deep lists": lambda n: category("children(first: 2) { nodes { " * n + "id" + " } }" * n),
    "deep inline fragments": lambda n: category("... on Category { " * n + "id" + " }" * n),
    "deep inline fragments without a type": lambda n: category("... { " * n + "id" + " }" * n),
    "deep values": lambda n: f"{{ node(id: {'[' * n}{']' * n}) {{ id }} }}",
    "deep objects": lambda n: (
        "{ products(where: " + "{ not: " * n + "{}" + " }" * n + ") { nodes { id } } }"
    ),
    "deep types": lambda n: f"query ($v: {'[' * n}Int{']' * n}) {{ __typename }}",
    "brackets that never close": lambda n: "{ a " * n,
    "circles through the schema": lambda n: (
        "{ __schema { types { " + "fields { type { " * n + "name" + " } }" * n + " } } }"
    ),
    "the schema, over and over, within itself": lambda n: (
        f"{{ __schema {{ types {{ {many(n, 'a#: fields { type { fields { name } } }')} }} }} }}"
    ),
    "wrapped types": lambda n: (
        "{ __schema { types { " + "ofType { " * n + "name" + " }" * n + "}}}"
    ),
}
LONG: Final[dict[str, Text]] = {
    "one long name": lambda n: "{ " + "x" * n + " }",
    "one long alias": lambda n: "{ " + "x" * n + ": __typename @nope }",
    "one long text": lambda n: '{ node(id: "' + "x" * n + '") { id } }',
    "one long text of escapes": lambda n: '{ node(id: "' + "\\u00e9" * (n // 6) + '") { id } }',
    "one long block of text": lambda n: '{ node(id: """' + "\n x" * (n // 3) + '""") { id } }',
    "half surrogates": lambda n: '{ node(id: "' + "\\ud800" * (n // 6) + '") { id } }',
    "a text that never ends": lambda n: '{ node(id: "' + "x" * n,
    "one long whole number": lambda n: "{ products(first: " + "9" * n + ") { nodes { id } } }",
    "one long fraction": lambda n: "{ products(first: 0." + "9" * n + ") { nodes { id } } }",
    "a number with a large exponent": lambda n: (
        "{ products(where: { price: { gte: 1e" + "9" * n + " } }) { nodes { id } } }"
    ),
    "comments": lambda n: "#\n" * (n // 2) + "{ __typename }",
    "one long comment": lambda n: "#" + "x" * n + "\n{ __typename @nope }",
    "commas": lambda n: "{" + "," * n + "__typename @nope }",
    "blank lines": lambda n: "{" + "\n" * n + "__typename @nope }",
    "marks of byte order": lambda n: "\ufeff" * n + "{ __typename @nope }",
    "combining characters": lambda n: "{ e" + "\u0301" * n + " }",
    "letters that only look alike": lambda n: "{ " + "\u0430" * n + " }",
    "text that runs backwards": lambda n: "{ \u202e" + "x" * n + " }",
    "invisible characters": lambda n: "{ __type" + "\u200b" * n + "name }",
}
SCALED: Final = FANNED | SPREAD | NESTED | LONG

LISTS = "{ products(first: 100) { nodes { variants(first: 100) { nodes { id media { url } } } } } }"
BY_NUMBER = (
    "query ($n: Int!) { products(first: $n) { nodes { variants(first: $n) { nodes { id } } } } }"
)
FILTERED = "query ($w: ProductWhere!) { products(where: $w) { nodes { id } } }"


def nested(levels: int, value: Any = 1) -> Any:
    for _ in range(levels):
        value = {"not": value}
    return value


def wide(levels: int, width: int) -> Any:
    """As many filters as the body has room for, in lists that are each within the limit."""
    inner: Any = {"featured": True}
    for _ in range(levels):
        inner = {"and": [inner] * width}
    return inner


WHOLE: Final[dict[str, Attack]] = {
    "lists of 100 in lists of 100": lambda: body(LISTS),
    "lists of 100 in lists of 100, said by a variable": lambda: body(BY_NUMBER, {"n": 100}),
    "lists of a huge number": lambda: body(BY_NUMBER, {"n": 10**30}),
    "lists of a number beyond a column": lambda: body(BY_NUMBER, {"n": 2**31}),
    "a variable of many digits": lambda: (
        b'{"query":"{ __typename }","variables":{"n":' + b"9" * 100_000 + b"}}"
    ),
    "deep variables": lambda: body(FILTERED, {"w": nested(200)}),
    "very deep variables": lambda: (
        b'{"query":"{ __typename }","variables":' + b'{"a":' * 20_000 + b"1" + b"}" * 20_001
    ),
    "filters of filters": lambda: body(FILTERED, {"w": wide(2, 60)}),
    "filters of filters of filters": lambda: body(FILTERED, {"w": wide(4, 9)}),
    "a list that is too long": lambda: body(
        "query ($i: [ID!]!) { nodes(ids: $i) { id } }", {"i": ["x"] * 10_000}
    ),
    "lists of lists": lambda: body(
        "query ($v: Int!) { __typename }", {"v": [[[0] * 90] * 30] * 20}
    ),
    "a text that is too long": lambda: body(
        "query ($q: String!) { search(query: $q) { nodes { id } } }", {"q": "a " * 40_000}
    ),
    "a thousand unknown variables": lambda: body(
        "query ($q: Int!) { __typename }", {f"v{n}": n for n in range(1_000)}
    ),
    "fractions": lambda: (
        b'{"query":"{ nope }","variables":{"v":[' + b",".join([b"1.5"] * 32_000) + b"]}}"
    ),
    "a batch of 1,000": lambda: b"[" + b",".join([body("{ __typename }")] * 1_000) + b"]",
    "batches in batches": lambda: b"[" * 5_000 + body("{ __typename }") + b"]" * 5_000,
    "deep JSON": lambda: b"[" * 100_000,
    "deep extensions": lambda: (
        b'{"query":"{ nope }","extensions":' + b'{"a":' * 900 + b"1" + b"}" * 901
    ),
    "many equal keys": lambda: b'{"query":"{ nope }"' + b',"query":"{ nope }"' * 5_000 + b"}",
    "a comment of a megabyte": lambda: body("#" + "x" * 1_000_000 + "\n{ __typename }"),
    "two megabytes": lambda: b" " * 2_000_000,
    "a hash of nothing": lambda: body("{ nope }", None, documentId="0" * 64),
    "a text under another's hash": lambda: body(
        "#" + "x" * 19_000 + "\n{ __typename }",
        None,
        extensions={"persistedQuery": {"version": 1, "sha256Hash": "0" * 64}},
    ),
}


def largest(text: Text, passes: Callable[[str], bool], most: int) -> int:
    """The largest size up to `most` whose text passes, however little that is."""
    size, step = 1, 1 << (most.bit_length() - 1)
    while step:
        if size + step <= most and passes(text(size + step)):
            size += step
        step >>= 1
    return size
