"""What variants are in their product's options, as conditions."""

from typing import Any

from sqlalchemy import ColumnElement, exists, func
from sqlmodel import col

from commerce.catalog.models import OptionGroup, OptionValue, Variant, VariantOption
from commerce.search.criteria import OptionIs


def chosen(wanted: OptionIs) -> ColumnElement[bool]:
    """Whether a variant is one of the wanted values in that option."""
    value = exists().where(
        col(VariantOption.variant_id) == col(Variant.id),
        col(OptionGroup.id) == col(VariantOption.group_id),
        col(OptionValue.id) == col(VariantOption.value_id),
        same_text(col(OptionGroup.name), wanted.name),
        same_text(col(OptionValue.name), *wanted.values),
    )
    return value.correlate(Variant)


def same_text(column: Any, *texts: str) -> ColumnElement[bool]:
    """One of these, whatever the case; one by one, so that the planner sees how rare they are."""
    return func.lower(column).in_([func.lower(text) for text in texts])
