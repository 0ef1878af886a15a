"""Switches and templates in SQL. The server itself reads them for every message it sends."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from commerce.core.columns import columns_of
from commerce.core.db import UnitOfWork
from commerce.notifications.models import NotificationSetting, NotificationTemplate
from commerce.notifications.rules.topics import Way

SettingRow = Row[Any]
TemplateRow = Row[Any]
SETTING = tuple(columns_of(NotificationSetting))
TEMPLATE = tuple(columns_of(NotificationTemplate))


class NotificationSettingRepository:
    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def by_way(self) -> dict[Way, SettingRow]:
        """Only those that somebody has moved: a dozen at most."""
        rows = await self._uow.rows(select(*SETTING))
        return {Way(row.kind, row.channel, row.audience): row for row in rows}

    async def to_change(self, way: Way, enabled: bool) -> SettingRow:
        """The switch, locked; one that nobody has moved yet is written down as it stands."""
        adding = insert(NotificationSetting).values(**way._asdict(), enabled=enabled)
        await self._uow.change(adding.on_conflict_do_nothing())
        of_way = select(*SETTING).where(_is(NotificationSetting, way))
        return (await self._uow.rows(of_way.with_for_update()))[0]

    async def change(self, id_: int, values: Mapping[str, Any], at: datetime) -> SettingRow:
        """Of one that is locked."""
        changes = {
            **values,
            "version": col(NotificationSetting.version) + 1,
            "updated_at": at,
        }
        statement = update(NotificationSetting).where(col(NotificationSetting.id) == id_)
        return (await self._uow.rows(statement.values(changes).returning(*SETTING)))[0]


class NotificationTemplateRepository:
    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def all(self) -> Sequence[TemplateRow]:
        """In order. There are as many as ways and languages, at most."""
        names = (NotificationTemplate.kind, NotificationTemplate.channel)
        order = (*names, NotificationTemplate.audience, NotificationTemplate.language)
        return await self._uow.rows(select(*TEMPLATE).order_by(*(col(name) for name in order)))

    async def of_way(self, way: Way) -> dict[str, TemplateRow]:
        """By language."""
        rows = await self._uow.rows(select(*TEMPLATE).where(_is(NotificationTemplate, way)))
        return {row.language: row for row in rows}

    async def put(
        self, way: Way, language: str, values: Mapping[str, Any], at: datetime
    ) -> TemplateRow:
        """Instead of whatever was there."""
        named = {**way._asdict(), "language": language}
        changes = {
            **values,
            "version": col(NotificationTemplate.version) + 1,
            "updated_at": at,
        }
        statement = insert(NotificationTemplate).values({**named, **values})
        rows = await self._uow.rows(
            statement.on_conflict_do_update(index_elements=list(named), set_=changes).returning(
                *TEMPLATE
            )
        )
        return rows[0]

    async def remove(self, way: Way, language: str) -> int | None:
        """The id it had; None when there is none."""
        statement = delete(NotificationTemplate).where(
            _is(NotificationTemplate, way), col(NotificationTemplate.language) == language
        )
        rows = await self._uow.rows(statement.returning(col(NotificationTemplate.id)))
        return rows[0].id if rows else None


def _is(table: Any, way: Way) -> ColumnElement[bool]:
    return and_(*(col(getattr(table, name)) == value for name, value in way._asdict().items()))
