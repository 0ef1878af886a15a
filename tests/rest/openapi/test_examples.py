"""Examples in the documents are the samples of the dialects' own, and fit what they stand for."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from commerce.rest.dialects import DIALECTS
from commerce.rest.openapi.document import documented
from commerce.rest.openapi.documents import file_of
from commerce.rest.openapi.samples import HERE, completed, plain, sample_of
from tests.support.golden import differences
from tests.support.openapi import strict

TESTS = Path(__file__).parents[1]
# Where the sample of an operation is compared with what is answered.
GOLDEN: dict[tuple[str, str], tuple[str, ...]] = {
    ("litestore", "getProducts"): ("products.json",),
    ("litestore", "getProductsById"): ("products.json", "data", "0"),
    ("cartino", "getProducts"): ("products.json",),
    ("cartino", "getCart"): ("cart.json",),
    ("cartino", "getOrdersById"): ("order.json",),
    ("shopkit", "get"): ("store.json",),
    ("shopkit", "getProductById"): ("product.json",),
    ("shopkit", "getCategoryById"): ("category.json",),
    ("shopkit", "getOrderById"): ("order.json",),
    ("shopkit", "putOrderById"): ("order_sent.json",),
    ("shopkit", "getShipping"): ("shipping.json",),
    ("shopkit", "getCouponById"): ("coupon.json",),
    ("shopkit", "postCoupon"): ("coupon_created.json",),
    ("shopkit", "postWebhook"): ("webhook.json",),
}


def golden(dialect: str, name: str, *within: str) -> Any:
    found = json.loads((TESTS / dialect / "golden" / name).read_text("utf-8"))
    for key in within:
        found = found[int(key) if isinstance(found, list) else key]
    return found


def contents(document: Any) -> Iterator[tuple[str, Any]]:
    """By operation, what it answers when all goes well."""
    for path in document["paths"].values():
        for operation in path.values():
            for status, response in operation["responses"].items():
                if status.startswith("2") and "content" in response:
                    yield operation["operationId"], response["content"]["application/json"]


@pytest.mark.parametrize("key", GOLDEN, ids="-".join)
def test_a_sample_is_that_which_answers_are_compared_with(key: tuple[str, str]) -> None:
    assert sample_of(*key) == golden(key[0], *GOLDEN[key])


def test_every_sample_is_compared_with_something() -> None:
    files = {(file.parents[1].name, file.stem) for file in HERE.glob("*/examples/*")}
    assert files == set(GOLDEN)


@pytest.mark.parametrize("dialect", [each.name for each in documented(DIALECTS)])
def test_an_example_is_a_whole_answer_that_says_what_the_sample_says(dialect: str) -> None:
    document = strict(json.loads(file_of(dialect).read_text("utf-8")))
    known = {"components": document["components"]}
    found = set()
    for operation, content in contents(document):
        if "example" not in content:
            continue
        found.add((dialect, operation))
        jsonschema_rs.validator_for(known | content["schema"]).validate(content["example"])
        sample = golden(dialect, *GOLDEN[dialect, operation])
        assert differences(content["example"], sample) == []
    assert found == {key for key in GOLDEN if key[0] == dialect}


def test_what_a_sample_leaves_out_is_put_in_plainly() -> None:
    schema = {
        "type": "object",
        "properties": {
            "name": {"type": "string"},
            "note": {"type": ["string", "null"]},
            "kind": {"type": "string", "enum": ["a", "b"]},
            "at": {"type": "string", "format": "date"},
            "lines": {"type": "array", "items": {"type": "object"}},
            "place": {"type": "object", "properties": {"x": {"type": "number"}}, "required": ["x"]},
            "more": {"type": "string"},
        },
        "required": ["name", "note", "kind", "at", "lines", "place"],
        "patternProperties": {"^[0-9]+$": {"type": "object", "required": []}},
    }
    assert completed({"name": "Bowl", "0": {}}, {"anyOf": [{"type": "null"}, schema]}) == {
        "name": "Bowl",
        "0": {},
        "note": None,
        "kind": "a",
        "at": "2024-01-15",
        "lines": [],
        "place": {"x": 0},
    }
    assert plain({}) is None
    assert completed([{}], {"type": "array", "items": schema})[0]["kind"] == "a"
