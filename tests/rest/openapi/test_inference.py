"""What is seen of a value, and what is made of many."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from commerce.rest.openapi.inference import Seen
from commerce.rest.openapi.telling import FreeJson
from commerce.rest.printing import Word


def schema_of(*pairs: tuple[Any, Any]) -> Any:
    """Of values that were told twice."""
    seen = Seen()
    for pair in pairs:
        for seed, value in enumerate(pair):
            seen.see(value, seed)
    return seen.schema()


def same(*values: Any) -> Any:
    return schema_of(*((value, value) for value in values))


@pytest.mark.parametrize(
    ("values", "schema"),
    [
        ([1], {"type": "integer"}),
        ([1, Decimal("1.5")], {"type": "number"}),
        ([True], {"type": "boolean"}),
        ([None], {"type": "null"}),
        ([None, 1], {"type": ["integer", "null"]}),
        ([1, "a"], {"anyOf": [{"type": "integer"}, {"type": "string"}]}),
        ([1, "a", None], {"anyOf": [{"type": "integer"}, {"type": "string"}, {"type": "null"}]}),
        ([[]], {"type": "array"}),
        ([[1], []], {"type": "array", "items": {"type": "integer"}}),
        ([{}], {"type": "object"}),
        ([date(2024, 1, 15)], {"type": "string", "format": "date"}),
        (["2024-01-15T10:00:00Z"], {"type": "string", "format": "date-time"}),
        (["2024-01-15T10:00:00+00:00", ""], {"type": "string"}),
        ([FreeJson(), 1], {}),
    ],
)
def test_values_of_a_kind_are_one_schema(values: list[Any], schema: Any) -> None:
    assert same(*values) == schema


def test_members_are_required_when_they_are_always_there() -> None:
    assert same({"a": 1, "b": 2}, {"a": None}) == {
        "type": "object",
        "properties": {"a": {"type": ["integer", "null"]}, "b": {"type": "integer"}},
        "required": ["a"],
    }


def test_the_words_of_a_shape_are_listed_and_those_of_the_data_are_not() -> None:
    assert same("active", "hidden") == {"type": "string", "enum": ["active", "hidden"]}
    assert same("active", None, "hidden")["enum"] == ["active", "hidden", None]
    assert schema_of(("active", "active"), ("text 1", "text 4")) == {"type": "string"}
    assert same(Word.one_of(("a", "b"), "a"))["enum"] == ["a", "b"]
    assert same("shop") == {"type": "string"}


def test_keys_that_are_data_are_no_members() -> None:
    assert schema_of(({"text 1": 1, "a": 2}, {"text 4": 3, "a": 2})) == {
        "type": "object",
        "properties": {"a": {"type": "integer"}},
        "required": ["a"],
        "additionalProperties": {"type": "integer"},
    }
    assert same({"0": "a", "1": "b", "paging": None}) == {
        "type": "object",
        "properties": {"paging": {"type": "null"}},
        "required": ["paging"],
        "patternProperties": {"^[0-9]+$": {"type": "string", "enum": ["a", "b"]}},
    }


def test_what_is_no_json_is_refused() -> None:
    with pytest.raises(TypeError, match="object is no JSON"):
        same(object())


def test_news_is_what_changes_the_schema() -> None:
    seen = Seen()
    told = [{"a": 1, "b": [1]}, {"a": 2, "b": [3]}, {"a": 2}, {"a": 3}, {"a": None}, {"c": 1}]
    assert [seen.see(value) for value in told] == [True, False, True, False, True, True]
