from typing import Any

import pytest

from commerce.core.viewer import ANONYMOUS, Viewer, ViewerKind
from commerce.http.graphql.documents import Documents
from commerce.http.graphql.errors import RefusedError
from resolvers.permissions import field_policies
from tests.support.shop import KEYED, shop_schema


@pytest.fixture(scope="module")
def schema() -> Any:
    return shop_schema()


@pytest.fixture
def documents(schema: Any) -> Documents:
    return Documents(schema, field_policies(schema))


def refusal(documents: Documents, text: str, viewer: Any = ANONYMOUS) -> RefusedError:
    with pytest.raises(RefusedError) as caught:
        documents.get(text, viewer)
    return caught.value


def test_a_text_is_checked_once_for_everybody(documents: Documents) -> None:
    first = documents.get("{ good { id } }", ANONYMOUS)
    assert documents.get("{ good { id } }", KEYED) is first


def test_a_refused_text_is_not_kept(documents: Documents) -> None:
    assert refusal(documents, "{ nope }").code == "GRAPHQL_VALIDATION_FAILED"
    assert len(documents._kept) == 0


def many(count: int) -> str:
    return "{ " + " ".join(f"a{n}: viewer" for n in range(count)) + " }"


def value(text: str) -> str:
    return f"{{ json(value: {text}) }}"


@pytest.mark.parametrize(
    ("limit", "within", "beyond"),
    [
        ("characters", "{ viewer }" + " " * 19_990, "{ viewer }" + " " * 19_991),
        ("comments", "#\n" * 100 + "{ viewer }", "#\n" * 101 + "{ viewer }"),
        ("depth", "{ good " + "{ same " * 10 + "{ id" + " }" * 12, None),
        ("depth", None, "{ good " + "{ same " * 11 + "{ id" + " }" * 13),
        ("aliases", "{ good { " + " ".join(f"a{n}: id" for n in range(30)) + " } }", None),
        ("aliases", None, "{ good { " + " ".join(f"a{n}: id" for n in range(31)) + " } }"),
        ("root_fields", many(15), many(16)),
        ("directives", "{ good { " + "id @skip(if: false) " * 30 + "} }", None),
        ("directives", None, "{ good { " + "id @skip(if: false) " * 31 + "} }"),
        ("mutations", "mutation { " + "change { id } " * 5 + "}", None),
        ("mutations", None, "mutation { " + "change { id } " * 6 + "}"),
        ("repeats", "{ good { " + "id " * 122 + "} }", "{ good { " + "id " * 123 + "} }"),
        ("input_items", value("[" + "1 " * 100 + "]"), value("[" + "1 " * 101 + "]")),
        ("input_items", value("[[" + "1 " * 100 + "]]"), value("[{a: [" + "1 " * 101 + "]}]")),
        ("input_depth", value("[" * 9 + "1" + "]" * 9), value("[" * 10 + "1" + "]" * 10)),
        ("input_depth", value("{a: " * 9 + "1" + "}" * 9), value("{a: " * 10 + "1" + "}" * 10)),
        ("input_characters", value(f'"{"x" * 10_000}"'), value(f'"{"x" * 10_001}"')),
    ],
)
def test_strangers_have_limits(
    documents: Documents, limit: str, within: str | None, beyond: str | None
) -> None:
    if within is not None:
        assert documents.get(within, ANONYMOUS)
    if beyond is not None:
        error = refusal(documents, beyond)
        assert (error.code, error.reason) == ("LIMIT_EXCEEDED", limit)
        assert error.errors[0]["extensions"]["limit"]["name"] == limit
        assert documents.get(beyond, KEYED)


@pytest.mark.parametrize(
    ("limit", "text"),
    [
        ("characters", "{ viewer }" + " " * 39_991),
        ("tokens", "{ good { " + "id " * 3_000 + "} }"),
        ("comments", "#\n" * 201 + "{ viewer }"),
        ("depth", "{ good " + "{ same " * 14 + "{ id" + " }" * 16),
        ("aliases", "{ good { " + " ".join(f"a{n}: id" for n in range(61)) + " } }"),
        ("root_fields", many(31)),
        (
            "fragments",
            "{ ...F0 } " + " ".join(f"fragment F{n} on Query {{ ...F{n + 1} }}" for n in range(61)),
        ),
        ("directives", "{ good { " + "id @skip(if: true) " * 61 + "} }"),
        ("mutations", "mutation { " + " ".join("change { id }" for _ in range(11)) + " }"),
        ("repeats", "{ good { " + "id " * 250 + "} }"),
        ("introspections", "{ a: __schema { types { b: name c: name } } }"),
        ("input_items", value("[" + "1 " * 251 + "]")),
        ("input_depth", value("[" * 12 + "]" * 12)),
    ],
)
def test_keys_have_limits_too(documents: Documents, limit: str, text: str) -> None:
    assert refusal(documents, text, KEYED).reason == limit


@pytest.mark.parametrize("kind", [ViewerKind.GUEST, ViewerKind.CUSTOMER])
def test_signing_in_to_the_shop_buys_no_larger_limits(
    documents: Documents, kind: ViewerKind
) -> None:
    assert refusal(documents, many(16), Viewer(kind, 1)).reason == "root_fields"
    assert documents.get(many(16), Viewer(ViewerKind.STAFF, 1))


def test_a_text_kept_for_a_key_is_still_too_large_for_a_stranger(documents: Documents) -> None:
    for text, limit in [(many(20), "root_fields"), ("#\n" * 150 + "{ viewer }", "comments")]:
        assert documents.get(text, KEYED)
        assert refusal(documents, text).reason == limit


def test_a_very_long_text_is_not_kept(documents: Documents) -> None:
    text = "{ viewer }" + " " * 20_000
    assert documents.get(text, KEYED) is not documents.get(text, KEYED)


@pytest.mark.parametrize(
    "text",
    ['{ echo(text: "\\u0000") }', '{ echo(text: "\\u{0}") }', '{ echo(text: """a\0b""") }'],
)
def test_nul_characters_are_refused(documents: Documents, text: str) -> None:
    assert refusal(documents, text).code == "BAD_USER_INPUT"


def test_text_that_only_speaks_of_them_is_not(documents: Documents) -> None:
    assert documents.get('{ echo(text: "\\\\u0000") }', ANONYMOUS)


def test_suggestions_are_hidden_when_asked_to(schema: Any) -> None:
    for hide, seen in [(True, False), (False, True)]:
        documents = Documents(schema, field_policies(schema), hide_suggestions=hide)
        message = refusal(documents, "{ god { id } }").errors[0]["message"]
        assert ("good" in message) is seen


def test_our_own_documents_may_be_large_but_must_be_valid(documents: Documents) -> None:
    assert documents.stored(many(100)).stored
    with pytest.raises(RefusedError) as caught:
        documents.stored("{ good { nmae } }")
    assert caught.value.errors[0]["message"].startswith("Cannot query field 'nmae' on type 'Good'")


@pytest.mark.parametrize(
    ("text", "name", "found"),
    [
        ("{ viewer }", None, None),
        ("query A { viewer }", None, "A"),
        ("query A { viewer }", "A", "A"),
        ("query A { viewer } query B { viewer }", "B", "B"),
    ],
)
def test_finds_the_operation(
    documents: Documents, text: str, name: str | None, found: str | None
) -> None:
    assert documents.get(text, ANONYMOUS).operation(name).name == found


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("query A { viewer } query B { viewer }", None),
        ("query A { viewer }", "B"),
        ("{ viewer }", ""),
    ],
)
def test_refuses_to_guess_the_operation(documents: Documents, text: str, name: str | None) -> None:
    with pytest.raises(RefusedError) as caught:
        documents.get(text, ANONYMOUS).operation(name)
    assert caught.value.code == "OPERATION_RESOLUTION_FAILURE"
