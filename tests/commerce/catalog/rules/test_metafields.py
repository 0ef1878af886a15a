import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commerce.catalog.kinds import MetafieldOwner, MetafieldType
from commerce.catalog.rules.metafields import (
    MAX_BYTES,
    MAX_DEPTH,
    MetafieldKey,
    name_flaw,
    same_value,
    stored_value,
)
from commerce.core.exact_json import ExactFloat

JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


def nested(depth: int) -> Any:
    value: Any = 1
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize("name", ["a", "erp", "Shop_2", "a-b", "0", "x" * 64])
def test_plain_words_are_names(name: str) -> None:
    assert name_flaw(MetafieldKey(MetafieldOwner.PRODUCT, 1, name, name)) is None


@pytest.mark.parametrize("name", ["", " ", "a b", "a.b", "-a", "é", "a\n", "x" * 65])
def test_other_words_are_not(name: str) -> None:
    key = MetafieldKey(MetafieldOwner.PRODUCT, 1, "erp", name)
    flaw = name_flaw(key, "metafields", "3")
    assert flaw is not None
    assert flaw.path == ("metafields", "3", "key")
    flaw = name_flaw(key._replace(namespace=name, key="id"), "metafields", "3")
    assert flaw is not None
    assert flaw.path == ("metafields", "3", "namespace")


@pytest.mark.parametrize(
    ("kind", "value", "text"),
    [
        (MetafieldType.TEXT, "", '""'),
        (MetafieldType.TEXT, 'a "b" é', '"a \\"b\\" é"'),
        (MetafieldType.NUMBER, 5, "5"),
        (MetafieldType.NUMBER, "9.990", "9.990"),
        (MetafieldType.NUMBER, ExactFloat("123456789012.123456"), "123456789012.123456"),
        (MetafieldType.NUMBER, Decimal("1E+3"), "1000"),
        (MetafieldType.NUMBER, 10**39, "1" + "0" * 39),
        (MetafieldType.BOOLEAN, False, "false"),
        (MetafieldType.DATE, "2026-01-31", '"2026-01-31"'),
        (MetafieldType.JSON, {"a": [1, None, "x"]}, '{"a": [1, null, "x"]}'),
        (MetafieldType.JSON, nested(MAX_DEPTH - 1), json.dumps(nested(MAX_DEPTH - 1))),
    ],
)
def test_a_value_of_its_type_is_stored(kind: MetafieldType, value: Any, text: str) -> None:
    assert stored_value(kind, value) == text


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (MetafieldType.TEXT, 1),
        (MetafieldType.TEXT, None),
        (MetafieldType.TEXT, "nul\x00"),
        (MetafieldType.TEXT, "x" * MAX_BYTES),
        (MetafieldType.NUMBER, True),
        (MetafieldType.NUMBER, "five"),
        (MetafieldType.NUMBER, "1_000"),
        (MetafieldType.NUMBER, "NaN"),
        (MetafieldType.NUMBER, "1e99999999"),
        (MetafieldType.NUMBER, "1e-99999999"),
        (MetafieldType.NUMBER, float("inf")),
        (MetafieldType.NUMBER, "9" * 500),
        (MetafieldType.BOOLEAN, 1),
        (MetafieldType.BOOLEAN, "true"),
        (MetafieldType.DATE, "31.01.2026"),
        (MetafieldType.DATE, "2026-02-30"),
        (MetafieldType.DATE, "2026-W05-6"),
        (MetafieldType.DATE, 20260131),
        (MetafieldType.JSON, nested(MAX_DEPTH)),
        (MetafieldType.JSON, nested(100_000)),
        (MetafieldType.JSON, {"a": ["x\x00"]}),
        (MetafieldType.JSON, {"x\ud800": 1}),
        (MetafieldType.JSON, [10**40]),
        (MetafieldType.JSON, [float("nan")]),
        (MetafieldType.JSON, None),
        (MetafieldType.JSON, ["x" * 1000] * 70),
    ],
)
def test_any_other_value_is_refused(kind: MetafieldType, value: Any) -> None:
    assert stored_value(kind, value) is None


@given(st.sampled_from(MetafieldType), JSON_VALUES)
def test_every_value_is_stored_or_refused(kind: MetafieldType, value: Any) -> None:
    text = stored_value(kind, value)
    assert text is None or json.loads(text) is not None


def test_the_order_of_keys_says_nothing() -> None:
    assert same_value('{"a": 1, "b": 2}', {"b": 2, "a": 1})
    assert not same_value('{"a": 1}', {"a": True})
