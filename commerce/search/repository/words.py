"""Full-text search of products.

Words are looked up in the index of `products.search` and, as they are, among skus and barcodes.
Only when they are found nowhere do words that look alike count, in the same statement.
"""

from typing import Any

from sqlalchemy import (
    ARRAY,
    CTE,
    BigInteger,
    ColumnElement,
    Numeric,
    Select,
    any_,
    case,
    cast,
    exists,
    func,
    literal_column,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlmodel import col

from commerce.catalog.models import Product, Variant
from commerce.catalog.visibility import visible_products, visible_variants
from commerce.core.viewer import Viewer

# What a word weighs in no, a description's, a name's and a title's place.
WEIGHTS: Any = literal_column("'{0, 0.05, 0.4, 1}'::real[]")
ENGLISH: Any = literal_column("'pg_catalog.english'::regconfig")
NAMED_EXACTLY: Any = literal_column("1000")
SAME_TITLE: Any = literal_column("2")
TITLE_STARTS: Any = literal_column("1")
LOOKS_ALIKE: Any = literal_column("-10")
TWICE: Any = literal_column("2")
NOTHING: Any = literal_column("0")
ANY_WEIGHT: Any = literal_column("""'A'::"char\"""")
NO_WORDS: Any = literal_column("'{}'::text[]")


class Words:
    """A search for `text`, which is not empty, among what the viewer may find."""

    def __init__(self, text: str, viewer: Viewer) -> None:
        self._text = text
        self._viewer = viewer
        self._query = func.storegraph_query(text)
        self._plain = func.storegraph_plain(text)
        self._named = _ids_in(self._named_exactly().cte("named"))
        self._alike = _ids_in(self._looking_alike().cte("alike"))
        self.unpacked = _unpacked()

    def match(self) -> ColumnElement[bool]:
        """Whether a product is found."""
        return or_(self._found(), col(Product.id) == any_(self._alike))

    def relevance(self) -> Any:
        """How well a product fits: above 1000 by sku or barcode, below 0 if it only looks alike.

        Whole words count twice more than the starts of words; then, how much of the title it is.
        The statement must have `unpacked` beside the products.
        """
        words, plain = self.unpacked.c.words, _once(self._plain)
        whole = _rank(words, _once(func.websearch_to_tsquery(ENGLISH, self._plain)))
        starts = _rank(words, _once(self._query))
        title = case(
            (col(Product.plain_title) == plain, SAME_TITLE),
            (func.starts_with(col(Product.plain_title), plain), TITLE_STARTS),
            else_=NOTHING,
        )
        named = case((col(Product.id) == any_(self._named), NAMED_EXACTLY), else_=NOTHING)
        alike = case(
            (col(Product.id) == any_(self._alike), self._likeness() + LOOKS_ALIKE), else_=NOTHING
        )
        return whole * TWICE + starts + title + named + alike

    def _found(self) -> ColumnElement[bool]:
        words = col(Product.search).op("@@", is_comparison=True)(self._query)
        return or_(words, col(Product.id) == any_(self._named))

    def _likeness(self) -> Any:
        return cast(func.word_similarity(self._plain, col(Product.plain_words)), Numeric)

    def _named_exactly(self) -> Select[Any]:
        """Products with a variant of this very sku or barcode."""
        sku = func.lower(col(Variant.sku)) == func.lower(self._text)
        return (
            select(col(Product.id))
            .join(Variant, col(Variant.product_id) == col(Product.id))
            .where(or_(sku, col(Variant.barcode) == self._text), visible_variants(self._viewer))
        )

    def _looking_alike(self) -> Select[Any]:
        """Products with words like these, unless some have the words.

        That is looked up as if all of them were wanted, and ends at the first: for EXISTS alone
        the planner hopes to meet one early in the whole table.
        """
        similar = func.storegraph_similar(self._text).table_valued("id", name="similar")
        found = select(col(Product.id)).where(visible_products(self._viewer), self._found())
        known = found.cte("found").prefix_with("MATERIALIZED")
        return select(similar.render_derived().c.id).where(~exists().select_from(known))


def _once(value: Any) -> Any:
    """Worked out once for all that is found. A plan that is kept does not know the words, and would
    read them anew for each product."""
    return select(value).scalar_subquery()


def _unpacked() -> Any:
    """A product's words in memory: out of line and packed, as the table has them, they would be
    fetched anew for each rank. No word is given another weight, and the copy is made once."""
    words = func.setweight(col(Product.search), ANY_WEIGHT, NO_WORDS, type_=TSVECTOR)
    return select(words.label("words")).correlate(Product).offset(NOTHING).lateral("unpacked")


def _rank(words: Any, query: Any) -> Any:
    """As a number that can be a cursor's: a single float does not equal itself in a double."""
    return cast(func.ts_rank_cd(WEIGHTS, words, query), Numeric)


def _ids_in(rows: CTE) -> Any:
    """An array, filled once, with which an index on ids can be asked."""
    return func.array(select(rows.c.id).scalar_subquery(), type_=ARRAY(BigInteger))
