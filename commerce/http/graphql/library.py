"""Finds the document a request means: by its text, or by the hash of a text known here."""

from collections.abc import Collection
from typing import Final, NamedTuple, Protocol

from commerce.core.viewer import Viewer
from commerce.http.graphql.documents import Document
from commerce.http.graphql.errors import RefusedError, refused
from commerce.http.graphql.kept import Kept
from commerce.http.graphql.manifest import NO_MANIFEST, Manifest, ManifestError, hash_of

NOT_FOUND: Final = "PERSISTED_QUERY_NOT_FOUND"
HASH_MISMATCH: Final = "PERSISTED_QUERY_HASH_MISMATCH"
UNTRUSTED: Final = "UNTRUSTED_DOCUMENT"


class Reference(NamedTuple):
    """A document by the hash of its text; with the text it is to be registered under it."""

    hash: str
    text: str | None = None


class Documents(Protocol):
    """See `commerce.http.graphql.documents`."""

    def get(self, text: str, viewer: Viewer, /) -> Document: ...

    def stored(self, text: str, /) -> Document: ...


class Library:
    """Trusted documents stay; of those that clients register, the latest do, in this process."""

    def __init__(self, documents: Documents, manifest: Manifest = NO_MANIFEST) -> None:
        """Raises `ManifestError` for a trusted document that the schema does not know."""
        self._documents = documents
        self._required = manifest.required
        self._trusted = {
            hash_: _trusted(documents, manifest.source, hash_, text)
            for hash_, text in manifest.texts.items()
        }
        self._trusted_texts = {text: self._trusted[hash_] for hash_, text in manifest.texts.items()}
        self._registered: Kept[str] = Kept()

    @property
    def trusted(self) -> Collection[Document]:
        return self._trusted.values()

    def find(self, asked: str | Reference, viewer: Viewer) -> Document:
        """Raises `RefusedError` for what is unknown, untrusted or beyond the viewer's limits."""
        if isinstance(asked, str):
            return self._by_text(asked, viewer)
        if asked.text is not None:
            return self._register(asked.hash, asked.text, viewer)
        trusted = self._trusted.get(asked.hash)
        if trusted is not None:
            return trusted
        text = self._registered.get(asked.hash)
        if text is None:
            raise _unknown(self._required)
        return self._documents.get(text, viewer)

    def _by_text(self, text: str, viewer: Viewer) -> Document:
        trusted = self._trusted_texts.get(text)
        if trusted is not None:
            return trusted
        if self._required:
            raise _unknown(self._required)
        return self._documents.get(text, viewer)

    def _register(self, hash_: str, text: str, viewer: Viewer) -> Document:
        """Only what may run is kept, and only under its own hash: nobody can take another's."""
        if self._registered.get(hash_) != text and hash_of(text) != hash_:
            raise refused(HASH_MISMATCH, "The hash is not the SHA-256 of the query.")
        document = self._by_text(text, viewer)
        if not document.stored:
            self._registered.put(hash_, text, len(text))
        return document


def _trusted(documents: Documents, source: str, hash_: str, text: str) -> Document:
    try:
        return documents.stored(text)
    except RefusedError as refusal:
        flaw = refusal.errors[0]["message"]
        start = " ".join(text.split())[:60]
        raise ManifestError(f"{source}: the document {hash_} ({start} …): {flaw}") from None


def _unknown(required: bool) -> RefusedError:
    if required:
        return refused(UNTRUSTED, "This server runs the documents it was given, and no others.")
    # Clients of the protocol know this message by heart, and send the text when they read it.
    return refused(NOT_FOUND, "PersistedQueryNotFound", lenient=True)
