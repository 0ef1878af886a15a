from pathlib import Path
from typing import Any

import orjson
import pytest

from commerce.http.graphql.manifest import ManifestError, hash_of, read_manifest

QUERY = "query Viewer { viewer }"


def written(folder: Path, content: Any) -> Path:
    file = folder / "documents.json"
    file.write_bytes(content if isinstance(content, bytes) else orjson.dumps(content))
    return file


def test_the_hash_is_the_one_that_clients_compute() -> None:
    # The example of the persisted documents appendix to GraphQL over HTTP.
    text = "query ($id: ID!) {\n  user(id: $id) {\n    name\n  }\n}"
    assert hash_of(text) == "7dba4bd717b41f10434822356a93c32b1fb4907b983e854300ad839f84cdcd6e"


@pytest.mark.parametrize(
    "content",
    [
        {hash_of(QUERY): QUERY},
        {f"sha256:{hash_of(QUERY)}": QUERY},
        {
            "format": "apollo-persisted-query-manifest",
            "version": 1,
            "operations": [
                {"id": hash_of(QUERY), "name": "Viewer", "type": "query", "body": QUERY}
            ],
        },
    ],
)
def test_both_formats_in_use_are_read(tmp_path: Path, content: Any) -> None:
    manifest = read_manifest(written(tmp_path, content), required=True)
    assert manifest.texts == {hash_of(QUERY): QUERY}
    assert manifest.required


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"{", "is not valid JSON"),
        (b"\xff", "is not valid JSON"),
        ([], "an object was expected"),
        ({"x": QUERY}, "the id 'x' is not a SHA-256"),
        ({hash_of(QUERY).upper(): QUERY}, "is not a SHA-256"),
        ({"d41d8cd98f00b204e9800998ecf8427e": ""}, "is not a SHA-256"),
        ({hash_of(QUERY): 1}, "needs an id and a text"),
        ({hash_of(QUERY): QUERY + " "}, f"'{hash_of(QUERY)}' is not the hash of its text"),
        ({"format": "other", "version": 1, "operations": []}, "the format is neither"),
        ({"format": "apollo-persisted-query-manifest", "version": 2}, "the format is neither"),
        ({"format": "apollo-persisted-query-manifest", "version": 1}, "operations must be a list"),
        (
            {"format": "apollo-persisted-query-manifest", "version": 1, "operations": [1]},
            "operations must be a list",
        ),
        (
            {"format": "apollo-persisted-query-manifest", "version": 1, "operations": [{}]},
            "needs an id and a text",
        ),
    ],
)
def test_a_file_that_cannot_be_used_says_why(tmp_path: Path, content: Any, message: str) -> None:
    file = written(tmp_path, content)
    with pytest.raises(ManifestError) as raised:
        read_manifest(file, required=False)
    assert str(raised.value).startswith(str(file))
    assert message in str(raised.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ManifestError, match=r"nowhere\.json: No such file"):
        read_manifest(tmp_path / "nowhere.json", required=False)
