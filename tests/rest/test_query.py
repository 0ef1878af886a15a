import pytest

from commerce.core.ids import parse_global_id
from commerce.core.paging import MAX_OFFSET, cursor_at_offset
from commerce.rest.errors import RefusedError
from commerce.rest.parameters import (
    after,
    key_in_path,
    keys,
    listed,
    one_of,
    some_of,
    truth,
    whole,
    without_nul,
)
from commerce.rest.query import Query


def q(text: str) -> Query:
    return Query.parse(text.encode())


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a=1", "1"),
        ("a=1&a=2", "2"),
        ("a=", None),
        ("a", None),
        ("b=1", None),
        ("", None),
        ("a=x+y%20z", "x y z"),
        ("a=%C3%A9", "é"),
        ("a=é", "é"),
        ("a=%FF%ED%A0%80", "\ufffd" * 4),  # neither bad UTF-8 nor surrogates come through
        ("filter%5Ba%5D=1&a=2", "2"),
    ],
)
def test_the_last_value_of_a_name_counts_and_an_empty_one_does_not(
    text: str, value: str | None
) -> None:
    assert q(text).get("a") == value


def test_links_keep_the_other_parameters_in_their_order() -> None:
    query = q("page=1&filter[status]=active&q=a+b&page=7")
    assert str(query.having("page", "2")) == "filter%5Bstatus%5D=active&q=a+b&page=2"


def test_names_are_left_out_in_any_case() -> None:
    assert str(q("X-API-KEY=1&a=2&x-api-key=3").without("X-API-KEY")) == "a=2"


@pytest.mark.parametrize(
    ("text", "number"),
    [("", 5), ("n=", 5), ("n=1", 1), ("n=0007", 7), (f"n={MAX_OFFSET}", MAX_OFFSET)],
)
def test_whole_numbers(text: str, number: int) -> None:
    assert whole(q(text), "n", 5, least=1) == number


@pytest.mark.parametrize(
    "text",
    ["x", "1.5", "-1", "+1", " 1", "1e3", "٣", "²", str(MAX_OFFSET + 1), "9" * 5000, "NaN"],
)
def test_what_is_no_whole_number_is_named(text: str) -> None:
    with pytest.raises(RefusedError) as refused:
        whole(Query((("n", text),)), "n", 5)
    assert refused.value.refusal.field == "n"
    assert refused.value.refusal.issue == "must be an integer"


def test_a_number_below_the_least_says_so() -> None:
    with pytest.raises(RefusedError, match="n must be greater than 0"):
        whole(q("n=0"), "n", 5, least=1)


def test_words_are_checked_against_the_choices() -> None:
    assert one_of(q("s=a"), "s", ("a", "b")) == "a"
    assert one_of(q(""), "s", ("a", "b")) is None
    assert some_of(q("s=a,+b,"), "s", ("a", "b")) == ["a", "b"]
    for text in ("s=c", "s=a,b", "s=A"):
        with pytest.raises(RefusedError, match="s must be one of a, b"):
            one_of(q(text), "s", ("a", "b"))


def test_truths() -> None:
    assert [truth(q(text), "t") for text in ("t=true", "t=false", "")] == [True, False, None]
    with pytest.raises(RefusedError):
        truth(q("t=1"), "t")


def test_keys_become_global_ids() -> None:
    assert [parse_global_id(id_) for id_ in keys(q("k=3,5"), "k", "Brand")] == [
        ("Brand", 3),
        ("Brand", 5),
    ]
    for text in ("k=x", "k=1,x", "k=-1", f"k={2**63}"):
        with pytest.raises(RefusedError, match="k must be an integer"):
            keys(q(text), "k", "Brand")


def test_lists_are_not_endless() -> None:
    assert len(listed(q("l=" + ",".join(["a"] * 100)), "l")) == 100
    with pytest.raises(RefusedError, match="l must not have more than 100 items"):
        listed(q("l=" + ",".join(["a"] * 101)), "l")


@pytest.mark.parametrize("text", [str(2**63), "9" * 5000, "abc", "٣"])
def test_a_key_that_no_row_can_have_is_not_found(text: str) -> None:
    with pytest.raises(RefusedError) as refused:
        key_in_path(text, "Product")
    assert refused.value.refusal.kind.value == "not found"


def test_offsets_become_cursors() -> None:
    assert after(0) is None
    assert after(40) == cursor_at_offset(40)
    assert after(10**30) == cursor_at_offset(MAX_OFFSET)


def test_nul_is_refused_by_name() -> None:
    assert without_nul(q("a=1")) == q("a=1")
    with pytest.raises(RefusedError, match="a must not hold NUL"):
        without_nul(q("a=%00"))
