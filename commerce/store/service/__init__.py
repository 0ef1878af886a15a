"""Reading and changing how the store is set up."""

from asyncio import Lock
from typing import Any, Final
from zoneinfo import ZoneInfo

from commerce.core.problems import Invalid, NotFound, Problem, version_conflict
from commerce.core.setup import UNKNOWN, Setup
from commerce.store.repository import StoreRepository, StoreRow
from commerce.store.rules.settings import checked_settings

UNPREPARED: Final = NotFound("The store has no settings yet: it was not prepared.")


class StoreService:
    """Keeps what it has read: settings are asked for many times in one request."""

    def __init__(self, store: StoreRepository) -> None:
        self._store = store
        self._read: StoreRow | None = None
        self._reading = Lock()  # fields of one request ask side by side

    async def ensure(self, name: str, currency: str) -> None:
        """The settings of a new store; safe to call at any time."""
        await self._store.ensure(name, currency)

    async def settings(self, setup: Setup = UNKNOWN) -> StoreRow:
        """Raises `RuntimeError` before the store was prepared."""
        async with self._reading:
            if self._read is None:
                self._read = await setup.of("store", self._store.settings)
        if self._read is None:
            raise RuntimeError("the store has no settings yet: it was not prepared")
        return self._read

    async def change(
        self, values: dict[str, Any], expected_version: int | None = None
    ) -> StoreRow | Problem:
        """Only the given values are written."""
        cleaned = checked_settings(values)
        if isinstance(cleaned, Invalid):
            return cleaned
        stored = await self._store.to_change()
        if stored is None:
            return UNPREPARED
        conflict = version_conflict("store", stored.version, expected_version)
        if conflict is not None:
            return conflict
        changes = {name: new for name, new in cleaned.items() if new != getattr(stored, name)}
        self._read = await self._store.change(changes) if changes else stored
        return self._read

    async def zone(self) -> ZoneInfo:
        """Whose days and hours the store's are."""
        return ZoneInfo((await self.settings()).timezone)
