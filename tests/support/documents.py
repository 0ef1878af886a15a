"""Stored documents, for programs that make many applications of one schema."""

from functools import cache

import pytest

import commerce.app
from commerce.http.graphql.documents import Document, Documents
from resolvers.schema import build_schema, core_schema


def check_once(patch: pytest.MonkeyPatch) -> None:
    """Applications have one schema, and share the stored documents that are valid for it.

    Whoever builds a schema elsewhere, as to spoil it, has documents of their own.
    """
    check, built = Documents.stored, cache(build_schema)
    known: dict[str, Document] = {}

    def stored(documents: Documents, text: str) -> Document:
        if documents._schema is not core_schema(built()):
            return check(documents, text)
        if text not in known:
            known[text] = check(documents, text)
        return known[text]

    patch.setattr(commerce.app, "build_schema", built)
    patch.setattr(Documents, "stored", stored)
