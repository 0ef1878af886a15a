from typing import Any

from commerce.catalog.rules.claims import Claims
from commerce.catalog.rules.upsert import Upsert, upserted
from commerce.catalog.rules.wanted import WantedVariant
from tests.support.trees import NOW, stored_product, variants

SHIRT = stored_product({"Size": ["S", "M"]}, [("s", ["S"]), ("m", ["M"])])


def row(size: str, **values: Any) -> WantedVariant:
    return WantedVariant(options=[("Size", size)], **values)


def put(*rows: WantedVariant) -> Upsert:
    return upserted(SHIRT, rows, Claims({}, {"other": 2, "s": 1, "m": 1}), NOW)


def paths(upsert: Upsert) -> dict[int, list[tuple[str, ...]]]:
    return {
        place: [problem.path for problem in problems] for place, problems in upsert.problems.items()
    }


def test_bad_rows_leave_no_trace() -> None:
    done = put(row("S", weight_grams=-1), row("L", sku="l"), row("XL", sku="other"), row("M", id=9))
    assert paths(done) == {
        0: [("variants", "0", "weight_grams")],
        2: [("variants", "2", "sku")],
        3: [("variants", "3", "id")],
    }
    assert variants(done.tree) == [(101, "s", "S"), (102, "m", "M"), (None, "l", "L")]
    assert [value.name for value in done.tree.groups[0].values] == ["S", "M", "L"]
    assert sorted(done.nodes) == [1]


def test_a_row_that_relied_on_a_bad_one_fails_with_it() -> None:
    done = put(row("M", id=101, weight_grams=-1), row("S", id=102))
    assert paths(done) == {
        0: [("variants", "0", "weight_grams")],
        1: [("variants", "1", "option_values")],
    }
    assert variants(done.tree) == [(101, "s", "S"), (102, "m", "M")]


def test_a_row_that_a_bad_one_was_in_the_way_of_is_good() -> None:
    done = put(row("L", id=999), row("L", sku="l"))
    assert sorted(done.problems) == [0]
    assert variants(done.tree)[-1] == (None, "l", "L")


def test_what_is_wrong_with_the_product_as_a_whole_refuses_all() -> None:
    done = put(*(row(f"Size {n}") for n in range(500)))
    assert [problem.path for problem in done.refused] == [("options", "0", "values")]


def test_no_rows_change_nothing() -> None:
    done = put()
    assert (done.nodes, done.problems, done.refused) == ({}, {}, [])
