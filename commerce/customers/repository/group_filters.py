"""A filter of customer groups as SQL conditions."""

from sqlalchemy import ColumnElement
from sqlmodel import col

from commerce.core.comparisons import text_is
from commerce.core.db import among
from commerce.customers.criteria import GroupWhere
from commerce.customers.models import CustomerGroup


def conditions(where: GroupWhere) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if where.ids is not None:
        found.append(among(col(CustomerGroup.id), where.ids))
    if where.name is not None:
        found.append(text_is(col(CustomerGroup.name), where.name))
    if where.external_id is not None:
        found.append(text_is(col(CustomerGroup.external_id), where.external_id))
    return found
