"""Reading and changing how the store taxes shipping."""

from typing import Any

from commerce.core.problems import NotFound, Problem, version_conflict
from commerce.taxes.repository.classes import TaxClassRepository
from commerce.taxes.repository.settings import SettingsRow, TaxSettingsRepository


class TaxSettingsService:
    def __init__(self, settings: TaxSettingsRepository, classes: TaxClassRepository) -> None:
        self._settings = settings
        self._classes = classes

    async def ensure(self) -> None:
        """What every store has; safe to call at any time."""
        await self._classes.ensure_default()
        await self._settings.ensure()

    async def settings(self) -> SettingsRow:
        return await self._settings.settings()

    async def update(
        self, values: dict[str, Any], expected_version: int | None = None
    ) -> SettingsRow | Problem:
        """Only the given values are written."""
        class_ids = {row.id for row in await self._classes.held()}
        stored = await self._settings.settings()
        conflict = version_conflict("set-up of taxes", stored.version, expected_version)
        if conflict is not None:
            return conflict
        wanted = values.get("shipping_class_id")
        if wanted is not None and wanted not in class_ids:
            return NotFound("There is no tax class with this id.", ("shipping_class_id",))
        changes = {name: new for name, new in values.items() if new != getattr(stored, name)}
        return await self._settings.change(changes) if changes else stored
