"""Which messages are sent, and to whom of the staff."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from commerce.core.clock import Clock
from commerce.core.emails import email_of
from commerce.core.problems import Invalid, NotFound, Problem, version_conflict
from commerce.notifications.repository.settings import NotificationSettingRepository, SettingRow
from commerce.notifications.rules.topics import BY_WAY, STAFF, Topic, Way

MAX_RECIPIENTS: Final = 20
NO_WAY: Final = NotFound("Nothing is sent that way: `notificationSettings` lists what is.")
KnownStaff = Callable[[Collection[int]], Awaitable[Collection[int]]]


@dataclass(frozen=True, slots=True)
class Setting:
    """A switch as it stands, whether or not somebody has moved it. `version` 1 is untouched."""

    way: Way
    enabled: bool
    emails: Sequence[str] = ()
    staff_ids: Sequence[int] = ()
    version: int = 1


class NotificationSettingService:
    def __init__(
        self, settings: NotificationSettingRepository, known_staff: KnownStaff, clock: Clock
    ) -> None:
        self._settings = settings
        self._known_staff = known_staff
        self._clock = clock

    async def all(self) -> Mapping[Way, Setting]:
        moved = await self._settings.by_way()
        return {way: _setting(topic, moved.get(way)) for way, topic in BY_WAY.items()}

    async def change(
        self, way: Way, values: dict[str, Any], expected: int | None
    ) -> Setting | Problem:
        """`values`: `enabled`, `emails`, `staff_ids`, whichever of them are to change."""
        topic = BY_WAY.get(way)
        if topic is None:
            return NO_WAY
        cleaned = await self._cleaned(way, values)
        if isinstance(cleaned, Problem):
            return cleaned
        stored = await self._settings.to_change(way, topic.enabled)
        conflict = version_conflict("notification setting", stored.version, expected)
        if conflict is not None:
            return conflict
        row = await self._settings.change(stored.id, cleaned, self._clock()) if cleaned else stored
        return _setting(topic, row)

    async def _cleaned(self, way: Way, values: dict[str, Any]) -> dict[str, Any] | Problem:
        recipients = [name for name in ("emails", "staff_ids") if values.get(name)]
        if recipients and way.audience is not STAFF:
            return Invalid("Customers are written to where they are.", (recipients[0],))
        for name in recipients:
            if len(values[name]) > MAX_RECIPIENTS:
                return Invalid(f"There can be at most {MAX_RECIPIENTS}.", (name,))
        emails = [
            email_of(text, "emails", str(place))
            for place, text in enumerate(values.get("emails", ()))
        ]
        flaw = next((found for found in emails if isinstance(found, Problem)), None)
        if flaw is not None:
            return flaw
        unknown = await self._unknown(values.get("staff_ids", ()))
        if unknown is not None:
            return unknown
        return {**values, "emails": emails} if "emails" in values else values

    async def _unknown(self, ids: Sequence[int]) -> Problem | None:
        known = await self._known_staff(ids) if ids else ()
        for place, id_ in enumerate(ids):
            if id_ not in known:
                told = "There is no StaffMember with this id."
                return NotFound(told, ("staffMemberIds", str(place)))
        return None


def is_enabled(topic: Topic, row: SettingRow | None) -> bool:
    return topic.enabled if row is None else bool(row.enabled)


def _setting(topic: Topic, row: SettingRow | None) -> Setting:
    if row is None:
        return Setting(topic.way, topic.enabled)
    return Setting(topic.way, row.enabled, row.emails, row.staff_ids, row.version)
