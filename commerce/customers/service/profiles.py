"""What customers say about themselves."""

from collections.abc import Sequence
from typing import Any

from commerce.core.clock import Clock
from commerce.core.problems import Invalid, NotFound, Problem, version_conflict
from commerce.core.viewer import Viewer
from commerce.customers.repository.profiles import CustomerRow, ProfileRepository
from commerce.customers.rules.accounts import checked_profile
from commerce.customers.rules.extra_fields import ExtraValue, filled
from commerce.customers.service.extra_fields import ExtraFieldService


class ProfileService:
    def __init__(
        self,
        profiles: ProfileRepository,
        fields: ExtraFieldService,
        viewer: Viewer,
        clock: Clock,
    ) -> None:
        self._profiles = profiles
        self._fields = fields
        self._viewer = viewer
        self._clock = clock

    async def own(self) -> CustomerRow | None:
        """The viewer as a customer; None for everybody who is none."""
        own = self._viewer.customer_id
        return None if own is None else (await self._profiles.by_ids([own])).get(own)

    async def update(
        self,
        values: dict[str, Any],
        extra: Sequence[ExtraValue] = (),
        expected_version: int | None = None,
    ) -> CustomerRow | Problem:
        """Write the given values to the viewer's own customer; `extra` to the store's fields."""
        checked = checked_profile(values, self._clock().date())
        if isinstance(checked, Invalid):
            return checked
        stored = await self._profiles.own_to_change()
        if stored is None:
            return NotFound("You are not signed in as a customer.", ())
        conflict = version_conflict("customer", stored.version, expected_version)
        if conflict is not None:
            return conflict
        if extra:
            fields = await self._fields.by_key()
            held = filled(fields, stored.extra_fields, extra, storefront=True)
            if isinstance(held, Invalid):
                return held
            checked["extra_fields"] = held
        changes = {name: new for name, new in checked.items() if new != getattr(stored, name)}
        return await self._profiles.change(stored.id, changes) if changes else stored
