"""What texts, tags, numbers and times must be, as SQL."""

from decimal import Decimal
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, Numeric, Text, and_, func, literal, true

from commerce.core.criteria import Range, TagsAre, TextIs
from commerce.core.db import among


def text_is(column: Any, wanted: TextIs, plain: Any = None) -> ColumnElement[bool]:
    """`plain` is the column without case and accents, where the table has it."""
    if wanted.any_of is not None:
        return among(column, wanted.any_of, Text())
    compared = func.storegraph_plain(column) if plain is None else plain
    conditions: list[ColumnElement[bool]] = []
    if wanted.contains is not None:
        conditions.append(contains(compared, wanted.contains))
    if wanted.starts_with is not None:
        conditions.append(compared.like(_literally(wanted.starts_with).concat("%")))
    return and_(true(), *conditions)


def contains(plain: Any, part: str) -> ColumnElement[bool]:
    """Whether a text without case and accents has `part` somewhere."""
    found: ColumnElement[bool] = plain.like(literal("%").concat(_literally(part)).concat("%"))
    return found


def _literally(part: str) -> Any:
    """`part` as a plain text, without the meanings LIKE gives to some characters.

    It loses its accents first: the full-width percent sign, for one, becomes the usual one.
    """
    plain = func.storegraph_plain(part)
    return func.regexp_replace(plain, r"([\\%_])", r"\\\1", "g", type_=Text())


def range_is(column: Any, bounds: Range[Any]) -> ColumnElement[bool]:
    conditions: list[ColumnElement[bool]] = []
    if bounds.gt is not None:
        conditions.append(column > _bound(bounds.gt))
    if bounds.gte is not None:
        conditions.append(column >= _bound(bounds.gte))
    if bounds.lt is not None:
        conditions.append(column < _bound(bounds.lt))
    if bounds.lte is not None:
        conditions.append(column <= _bound(bounds.lte))
    return and_(true(), *conditions)


def _bound(value: Any) -> Any:
    """Exactly what was asked for: the column's own decimals would round it, or overflow."""
    return literal(value, Numeric()) if isinstance(value, Decimal) else value


def tags_are(tags: Any, wanted: TagsAre) -> ColumnElement[bool]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.all_of is not None:
        conditions.append(tags.op("@>", is_comparison=True)(_texts(wanted.all_of)))
    if wanted.any_of is not None:
        conditions.append(tags.op("&&", is_comparison=True)(_texts(wanted.any_of)))
    return and_(true(), *conditions)


def _texts(values: tuple[str, ...]) -> Any:
    return literal(list(values), ARRAY(Text()))
