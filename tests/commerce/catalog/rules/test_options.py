import pytest

from commerce.catalog.kinds import OptionStrategy
from commerce.catalog.problems import OptionInUse
from commerce.catalog.rules.options import (
    MAX_GROUPS,
    MAX_VALUES,
    add_options,
    option_flaws,
    put_options,
)
from commerce.catalog.rules.wanted import WantedOption, WantedValue
from commerce.core.problems import Invalid, NotFound
from tests.support.trees import options, stored_product, tree, variants, written


def wanted(**groups: str) -> list[WantedOption]:
    """`Size="S M"`."""
    return [
        WantedOption(name, [WantedValue(value) for value in values.split()])
        for name, values in groups.items()
    ]


SIZES = {"Size": ["S", "M", "L"]}
SHIRT = stored_product(SIZES, [("s", ["S"]), ("m", ["M"])])
GRID = stored_product(
    {"Size": ["S", "M"], "Colour": ["Red", "Blue"]},
    [("sr", ["S", "Red"]), ("sb", ["S", "Blue"]), ("mr", ["M", "Red"])],
)


def test_what_stays_by_name_keeps_its_ids_in_the_new_order() -> None:
    edited = tree(SHIRT)
    assert put_options(edited, wanted(Size="M S"), OptionStrategy.REFUSE) == []
    assert [(value.name, value.id) for value in edited.groups[0].values] == [("M", 12), ("S", 11)]
    assert edited.groups[0].id == 10
    assert variants(edited) == [(101, "s", "S"), (102, "m", "M")]


def test_ids_rename_groups_and_values() -> None:
    edited = tree(SHIRT)
    renamed = WantedOption(
        "Größe", [WantedValue("Klein", 11), WantedValue("Mittel", 12), WantedValue("L")], 10
    )
    assert put_options(edited, [renamed], OptionStrategy.REFUSE) == []
    assert options(edited) == {"Größe": ["Klein", "Mittel", "L"]}
    assert variants(edited) == [(101, "s", "Klein"), (102, "m", "Mittel")]
    writes = written(SHIRT, edited)
    assert [row["title"] for row in writes.variants.changed] == ["Klein", "Mittel"]
    assert writes.variants.added == []


def test_names_can_be_exchanged_by_id() -> None:
    edited = tree(SHIRT)
    swapped = WantedOption("Size", [WantedValue("M", 11), WantedValue("S", 12), WantedValue("L")])
    assert put_options(edited, [swapped], OptionStrategy.REFUSE) == []
    assert variants(edited) == [(101, "s", "M"), (102, "m", "S")]


def test_a_name_that_a_rename_leaves_can_be_given_to_a_new_group() -> None:
    edited = tree(SHIRT)
    both = [
        WantedOption("Size", [WantedValue("EU")]),
        WantedOption("Fit", [WantedValue(name) for name in "SML"], 10),
    ]
    assert put_options(edited, both, OptionStrategy.REFUSE) == []
    assert [(group.name, group.id) for group in edited.groups] == [("Size", None), ("Fit", 10)]
    assert variants(edited) == [(101, "s", "EU/S"), (102, "m", "EU/M")]


def test_variants_get_the_first_value_of_a_new_group() -> None:
    edited = tree(SHIRT)
    both = wanted(Size="S M L", Colour="Red Blue")
    assert put_options(edited, both, OptionStrategy.REFUSE) == []
    assert variants(edited) == [(101, "s", "S/Red"), (102, "m", "M/Red")]


def test_a_value_that_no_variant_has_is_removed() -> None:
    edited = tree(SHIRT)
    assert put_options(edited, wanted(Size="S M"), OptionStrategy.REFUSE) == []
    assert written(SHIRT, edited).values.removed == [13]


@pytest.mark.parametrize(
    ("groups", "named"),
    [
        ({"Size": "S L"}, "M of Size"),
        ({}, "S of Size"),
        ({"Fit": "S M L"}, "S of Size"),
    ],
)
def test_what_variants_use_is_not_removed_unless_asked_for(
    groups: dict[str, str], named: str
) -> None:
    problems = put_options(tree(SHIRT), wanted(**groups), OptionStrategy.REFUSE)
    assert problems == [OptionInUse(f"Variants still use {named}.", ("options",))]


def test_variants_of_a_removed_value_are_archived_when_asked_for() -> None:
    edited = tree(GRID)
    both = wanted(Size="S", Colour="Red Blue")
    assert put_options(edited, both, OptionStrategy.ARCHIVE) == []
    assert variants(edited) == [(101, "sr", "S/Red"), (102, "sb", "S/Blue")]


def test_of_variants_that_a_removed_group_told_apart_the_first_stays() -> None:
    edited = tree(GRID)
    assert put_options(edited, wanted(Size="S M"), OptionStrategy.ARCHIVE) == []
    assert variants(edited) == [(101, "sr", "S"), (103, "mr", "M")]


def test_a_product_whose_variants_all_go_gets_one_of_the_first_values() -> None:
    edited = tree(SHIRT)
    assert put_options(edited, wanted(Size="XL L"), OptionStrategy.ARCHIVE) == []
    assert variants(edited) == [(None, None, "XL")]


def test_without_options_one_variant_is_left() -> None:
    edited = tree(GRID)
    assert put_options(edited, [], OptionStrategy.ARCHIVE) == []
    assert variants(edited) == [(101, "sr", "")]


def test_ids_of_other_products_are_not_found() -> None:
    group = WantedOption("Size", [WantedValue("S")], 77)
    value = WantedOption("Size", [WantedValue("S", 77)])
    missing = "The product has no such option."
    assert put_options(tree(SHIRT), [group], OptionStrategy.ARCHIVE) == [
        NotFound(missing, ("options", "0", "id"))
    ]
    assert put_options(tree(SHIRT), [value], OptionStrategy.ARCHIVE) == [
        NotFound(missing, ("options", "0", "values", "0", "id"))
    ]


def test_more_is_added_and_nothing_taken_away() -> None:
    edited = tree(SHIRT)
    assert add_options(edited, wanted(Size="XL M", Colour="Red")) == []
    assert options(edited) == {"Size": ["S", "M", "L", "XL"], "Colour": ["Red"]}
    assert variants(edited) == [(101, "s", "S/Red"), (102, "m", "M/Red")]


def test_a_group_that_is_added_needs_a_value() -> None:
    problems = add_options(tree(SHIRT), [WantedOption("Colour")])
    assert problems == [Invalid("An option needs at least one value.", ("options", "1", "values"))]


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ([WantedOption(" ")], ("options", "0", "name")),
        ([WantedOption("Size"), WantedOption(" Size ")], ("options", "1", "name")),
        ([WantedOption("Size", [WantedValue("")])], ("options", "0", "values", "0", "name")),
        (
            [WantedOption("Size", [WantedValue("S"), WantedValue("S ")])],
            ("options", "0", "values", "1", "name"),
        ),
        ([WantedOption("Size", [WantedValue("x" * 256)])], ("options", "0", "values", "0", "name")),
        ([WantedOption("Si\x00ze")], ("options", "0", "name")),
    ],
)
def test_names_are_there_short_and_different(
    given: list[WantedOption], path: tuple[str, ...]
) -> None:
    assert [flaw.path for flaw in option_flaws(given, with_values=False)] == [path]


def test_options_need_values_when_no_variants_bring_them() -> None:
    given = [WantedOption("Size")]
    assert option_flaws(given, with_values=False) == []
    assert [flaw.path for flaw in option_flaws(given, with_values=True)] == [
        ("options", "0", "values")
    ]


def test_the_limits_are_reached_and_not_passed() -> None:
    most = [WantedOption(f"Group {n}", [WantedValue("x")]) for n in range(MAX_GROUPS)]
    assert put_options(tree(stored_product()), most, OptionStrategy.REFUSE) == []
    one_more = [*most, WantedOption("Too much", [WantedValue("x")])]
    problems = put_options(tree(stored_product()), one_more, OptionStrategy.REFUSE)
    assert [problem.path for problem in problems] == [("options",)]
    values = [WantedValue(str(n)) for n in range(MAX_VALUES + 1)]
    full, over = WantedOption("Size", values[1:]), WantedOption("Size", values)
    assert put_options(tree(stored_product()), [full], OptionStrategy.REFUSE) == []
    problems = put_options(tree(stored_product()), [over], OptionStrategy.REFUSE)
    assert [problem.path for problem in problems] == [("options", "0", "values")]
