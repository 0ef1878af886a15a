from collections.abc import Mapping
from typing import Any

import pytest

from commerce.core.viewer import ANONYMOUS, Viewer
from commerce.http.graphql.documents import Document, Documents
from commerce.http.graphql.errors import RefusedError
from commerce.http.graphql.library import Library, Reference
from commerce.http.graphql.manifest import NO_MANIFEST, Manifest, ManifestError, hash_of
from resolvers.permissions import field_policies
from tests.support.shop import KEYED, shop_schema

QUERY = "{ viewer }"
OWN = "query Listing($n: Int!) { goods(first: $n) { nodes { id name } } }"
LARGE = "query Large { " + " ".join(f"a{n}: viewer" for n in range(100)) + " }"


@pytest.fixture(scope="module")
def schema() -> Any:
    return shop_schema()


def manifest(*texts: str, required: bool = False) -> Manifest:
    return Manifest({hash_of(text): text for text in texts}, required, "documents.json")


def library(schema: Any, manifest: Manifest = NO_MANIFEST) -> Library:
    return Library(Documents(schema, field_policies(schema)), manifest)


def found(library: Library, asked: str | Reference, viewer: Viewer = ANONYMOUS) -> Document:
    return library.find(asked, viewer)


def code(library: Library, asked: str | Reference, viewer: Viewer = ANONYMOUS) -> str:
    with pytest.raises(RefusedError) as caught:
        library.find(asked, viewer)
    assert caught.value.status == 400
    return caught.value.code


def test_a_text_is_a_document(schema: Any) -> None:
    assert not found(library(schema), QUERY).stored


def test_a_registered_text_is_found_by_its_hash(schema: Any) -> None:
    ours = library(schema)
    assert code(ours, Reference(hash_of(QUERY))) == "PERSISTED_QUERY_NOT_FOUND"
    document = found(ours, Reference(hash_of(QUERY), QUERY))
    assert found(ours, Reference(hash_of(QUERY))) is document
    assert found(ours, Reference(hash_of(QUERY), QUERY)) is document


def test_clients_know_the_message_by_heart(schema: Any) -> None:
    with pytest.raises(RefusedError) as caught:
        library(schema).find(Reference(hash_of(QUERY)), ANONYMOUS)
    assert caught.value.errors[0]["message"] == "PersistedQueryNotFound"
    assert caught.value.lenient


def test_nobody_takes_the_hash_of_another_text(schema: Any) -> None:
    ours = library(schema)
    other = Reference(hash_of(OWN), QUERY)
    assert code(ours, other) == "PERSISTED_QUERY_HASH_MISMATCH"
    assert code(ours, Reference(hash_of(OWN))) == "PERSISTED_QUERY_NOT_FOUND"
    found(ours, Reference(hash_of(OWN), OWN))
    assert code(ours, other) == "PERSISTED_QUERY_HASH_MISMATCH"
    assert "Listing" in found(ours, Reference(hash_of(OWN))).operations


@pytest.mark.parametrize("text", ["{ nope }", "{", LARGE, "{ viewer }" + " " * 20_000])
def test_what_may_not_run_is_not_registered(schema: Any, text: str) -> None:
    ours = library(schema)
    assert code(ours, Reference(hash_of(text), text)) != "PERSISTED_QUERY_NOT_FOUND"
    assert code(ours, Reference(hash_of(text))) == "PERSISTED_QUERY_NOT_FOUND"


def test_a_text_that_a_key_registers_is_still_too_large_for_a_stranger(schema: Any) -> None:
    text = "{ " + " ".join(f"a{n}: viewer" for n in range(20)) + " }"
    ours = library(schema)
    assert found(ours, Reference(hash_of(text), text), KEYED)
    assert found(ours, Reference(hash_of(text)), KEYED)
    assert code(ours, Reference(hash_of(text))) == "LIMIT_EXCEEDED"


@pytest.mark.parametrize("required", [False, True])
def test_trusted_documents_are_found_by_hash_and_by_text_whatever_their_size(
    schema: Any, required: bool
) -> None:
    ours = library(schema, manifest(OWN, LARGE, required=required))
    for text in (OWN, LARGE):
        document = found(ours, Reference(hash_of(text)))
        assert document.stored
        assert found(ours, text) is document
        assert found(ours, Reference(hash_of(text), text)) is document


@pytest.mark.parametrize("viewer", [ANONYMOUS, KEYED])
@pytest.mark.parametrize(
    "asked", [QUERY, OWN + " ", Reference(hash_of(QUERY)), Reference(hash_of(QUERY), QUERY)]
)
def test_when_they_are_required_nothing_else_runs_for_anybody(
    schema: Any, viewer: Viewer, asked: str | Reference
) -> None:
    assert code(library(schema, manifest(OWN, required=True)), asked, viewer) == (
        "UNTRUSTED_DOCUMENT"
    )


def test_when_they_are_preferred_anything_else_runs_too(schema: Any) -> None:
    ours = library(schema, manifest(OWN))
    assert not found(ours, QUERY).stored
    assert not found(ours, Reference(hash_of(QUERY), QUERY)).stored
    assert code(ours, LARGE) == "LIMIT_EXCEEDED"


BAD: Mapping[str, str] = {
    "query Broken { viewer": "Syntax Error: Expected Name, found <EOF>.",
    "query Stale { good { nmae } }": "Cannot query field 'nmae' on type 'Good'",
    'query Nul { echo(text: "\\u0000") }': "NUL characters cannot be used.",
    "fragment F on Good { id }": "Fragment 'F' is never used.",
}


@pytest.mark.parametrize("text", BAD)
def test_a_trusted_document_that_cannot_run_is_named_at_once(schema: Any, text: str) -> None:
    with pytest.raises(ManifestError) as raised:
        library(schema, manifest(OWN, text))
    told = str(raised.value)
    assert told.startswith(f"documents.json: the document {hash_of(text)} ({text} …): {BAD[text]}")
