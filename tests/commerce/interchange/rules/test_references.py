import pytest

from commerce.core.problems import Invalid, NotFound
from commerce.core.text import slug_flaw
from commerce.interchange.rules.references import Names, Thing, named_in, wanted_slugs
from commerce.interchange.rules.sets import ProductSet


def names(*things: Thing) -> Names:
    found = Names("category")
    found.add(things)
    return found


SHIRTS = Thing(1, "shirts", "Shirts")
SALE = Thing(2, "summer-sale", "Summer Sale 2026")
TWINS = (Thing(3, "hats", "Hats"), Thing(4, "hats-2", "Hats"))


@pytest.mark.parametrize(
    ("name", "id_"),
    [
        ("shirts", 1),
        ("Shirts", 1),
        ("SHIRTS", 1),
        ("summer-sale", 2),
        ("summer-SALE 2026", 2),
        ("Summer Sale", None),
        ("Hats", None),
        ("hats", 3),
        ("Socks", None),
    ],
)
def test_things_are_found_by_slug_or_name(name: str, id_: int | None) -> None:
    assert names(SHIRTS, SALE, *TWINS).find(name) == id_


def test_a_name_that_several_have_says_nothing() -> None:
    known = names(*TWINS)
    assert known.problem("Hats", ("categories", "0"), create_missing=True) == Invalid(
        "Several have the name Hats; say the slug of one.", ("categories", "0")
    )
    assert known.problem("hats-2", (), create_missing=False) is None


def test_what_is_not_there_is_added_only_when_asked_for() -> None:
    known = names(SHIRTS)
    path = ("categories", "1")
    assert known.problem("Socks", path, create_missing=False) == NotFound(
        "There is no category Socks.", path
    )
    assert known.problem("Socks", path, create_missing=True) is None
    assert known.problem("x" * 201, path, create_missing=True) == Invalid(
        "This must have at most 200 characters.", path
    )


def test_one_thing_is_added_however_it_is_written() -> None:
    known = names(SHIRTS)
    missing = known.missing(["Shirts", "New In", "new-in", "NEW  IN"])
    assert missing == {"new-in": "New In"}
    known.added(missing, [Thing(9, "new-in", "Somebody was faster")])
    assert [known.find(name) for name in ("New In", "new-in", "NEW  IN")] == [9, 9, 9]


def test_different_things_get_different_slugs() -> None:
    known = names(Thing(1, "c", "C++"))
    assert known.missing(["C#", "日本", "中国", "B#", "B"]) == {
        "c-ad6e5be9": "C#",
        "category-c7b7cdcc": "日本",
        "category-2bedf491": "中国",
        "b": "B#",
        "b-71beeff9": "B",
    }
    assert all(slug_flaw(slug) is None for slug in known.missing(["x" * 200 + "日", "-", "#"]))


def test_names_are_trimmed_and_empty_ones_left_out() -> None:
    product = ProductSet(brand=" Acme ", categories=[" a ", "", "b"], collections=[])
    assert named_in(product, "brand") == ["Acme"]
    assert named_in(product, "categories") == ["a", "b"]
    assert list(named_in(product, "collections")) == []
    assert list(named_in(ProductSet(brand=None), "brand")) == []
    assert list(named_in(ProductSet(), "categories")) == []


def test_slugs_are_looked_for_as_given_and_as_made() -> None:
    assert wanted_slugs(["New In"]) == {"New In", "new-in"}
