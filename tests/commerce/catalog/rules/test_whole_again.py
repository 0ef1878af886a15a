"""Whatever a product is made, making it the same again changes nothing."""

from collections.abc import Sequence
from typing import Any

from hypothesis import event, given, settings
from hypothesis import strategies as st

from commerce.catalog.rules.difference import Writes, difference, ids_needed, number
from commerce.catalog.rules.products import new_product
from commerce.catalog.rules.tree import ProductTree, Stored
from commerce.catalog.rules.wanted import WantedMedia, WantedOption, WantedValue, WantedVariant
from commerce.catalog.rules.whole import part_flaws, put_parts
from commerce.core.absent import ABSENT
from tests.support.trees import NOW, tree

SIZES, COLOURS = ("S", "M", "L"), ("Red", "Blue")
URLS = ("/1.jpg", "/2.jpg", "/3.jpg")

choices = st.one_of(
    st.just(ABSENT),
    st.just(()),
    st.tuples(st.sampled_from(SIZES)).map(lambda one: (("Size", one[0]),)),
    st.tuples(st.sampled_from(SIZES), st.sampled_from(COLOURS)).map(
        lambda both: (("Size", both[0]), ("Colour", both[1]))
    ),
)
rows = st.builds(
    WantedVariant,
    options=choices,
    sku=st.sampled_from([ABSENT, None, "a", "b", "c"]),
    media_url=st.sampled_from([ABSENT, None, *URLS]),
)
size_option = st.permutations(SIZES).map(
    lambda names: WantedOption("Size", [WantedValue(name) for name in names])
)
colour_option = st.permutations(COLOURS).map(
    lambda names: WantedOption("Colour", [WantedValue(name) for name in names])
)
options = st.one_of(
    st.just(ABSENT),
    st.tuples(size_option),
    st.tuples(size_option, colour_option),
    st.tuples(colour_option, size_option),
    st.just((WantedOption("Size"), WantedOption("Colour"))),
)
media = st.one_of(
    st.just(ABSENT),
    st.lists(st.builds(WantedMedia, st.sampled_from(URLS), position=st.none() | st.integers(0, 3))),
)
Parts = tuple[Any, Any, Any, bool]
parts = st.tuples(options, st.just(ABSENT) | st.lists(rows, max_size=4), media, st.booleans())


class Shop:
    """One product, and what has been written of it."""

    def __init__(self) -> None:
        self.stored: Stored | None = None
        self._last = 0

    def put(self, wanted: Parts) -> Writes | None:
        """What had to be written, or None when the parts were refused."""
        edited = new_product(NOW) if self.stored is None else tree(self.stored)
        *given_parts, exhaustive = wanted
        problems: Sequence[Any] = part_flaws(*given_parts)
        if not problems:
            _, problems = put_parts(edited, *given_parts, exhaustive=exhaustive)
        if problems:
            return None
        self._number(edited)
        writes = difference([(self.stored, edited)])
        self.stored = _stored(edited)
        return writes

    def _number(self, edited: ProductTree) -> None:
        ids: dict[str, range] = {}
        for table, count in ids_needed([edited]).items():
            ids[table] = range(self._last + 1, self._last + 1 + count)
            self._last += count
        number([edited], ids)


def _stored(edited: ProductTree) -> Stored:
    """The rows of a tree as if all of it were new."""
    writes = difference([(None, edited)])
    return Stored(
        writes.products.added[0],
        groups={row["id"]: row for row in writes.groups.added},
        values={row["id"]: row for row in writes.values.added},
        variants={row["id"]: row for row in writes.variants.added},
        choices={(variant, group): value for variant, group, value in writes.choices},
        media={row["id"]: row for row in writes.media.added},
        category_ids=frozenset(),
        collection_ids=frozenset(),
    )


@settings(deadline=None, max_examples=400)
@given(st.lists(parts, min_size=1, max_size=5))
def test_the_same_again_changes_nothing_and_all_stays_in_order(sequence: list[Parts]) -> None:
    shop = Shop()
    for wanted in sequence:
        first = shop.put(wanted)
        event("refused" if first is None else "put")
        again = shop.put(wanted)
        if first is not None:
            assert again is not None
            assert again.product_ids == set()
        if shop.stored is not None:
            _check(shop.stored)


def _check(stored: Stored) -> None:
    variants = stored.variants or {}
    assert variants
    keys = [row["option_key"] for row in variants.values()]
    skus = [row["sku"] for row in variants.values() if row["sku"] is not None]
    assert len(set(keys)) == len(keys)
    assert len(set(skus)) == len(skus)
    assert all((id_, group) in stored.choices for id_ in variants for group in stored.groups or ())
    assert {row["media_id"] for row in variants.values()} <= {None, *(stored.media or ())}
    values = [(row["group_id"], row["name"]) for row in stored.values.values()]
    assert len(set(values)) == len(values)
