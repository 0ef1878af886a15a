"""Messages as Standard Webhooks say: https://www.standardwebhooks.com, version 1."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from commerce.core.events import EventType
from commerce.core.exact_json import write_json
from commerce.core.happened import Happened
from commerce.core.ids import global_id

TEST: Final = "webhook.test"
# The waits of the standard's own schedule; a day after the first try it ends here.
WAITS: Final = (5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400)


class StandardFormat:
    """What the log tells, which is nothing about a person."""

    event_types: Collection[EventType] = frozenset(EventType)
    waits: Sequence[float] = WAITS
    jitter = 0.2
    answer_within = 15.0
    suspends = False
    personal = False

    async def body(self, happened: Happened) -> bytes | None:
        return write_json(
            {
                "type": TEST if happened.type is None else happened.type.value,
                "timestamp": happened.occurred_at.isoformat().replace("+00:00", "Z"),
                "data": self._data(happened),
            }
        )

    def headers(self, happened: Happened, body: bytes, secret: str) -> Mapping[str, str]:
        return {}

    def _data(self, happened: Happened) -> dict[str, Any]:
        return {
            "eventId": happened.name,
            "resourceType": happened.resource_type,
            "resourceId": global_id(happened.resource_type, happened.resource_id),
            "resourceDatabaseId": happened.resource_id,
            "resourceSequence": happened.resource_sequence,
            "changes": dict(happened.data),
        }
