"""Writing metafields."""

from collections import defaultdict
from collections.abc import Sequence

from commerce.catalog.kinds import MetafieldOwner
from commerce.catalog.repository.metafields import MetafieldRepository, MetafieldRow, Writing
from commerce.catalog.rules.metafields import (
    MetafieldKey,
    WantedMetafield,
    name_flaw,
    same_value,
    stored_value,
)
from commerce.catalog.rules.order import first_repeated
from commerce.core.problems import Invalid, NotFound, Problem

PATH = "metafields"


class MetafieldService:
    def __init__(self, metafields: MetafieldRepository) -> None:
        self._metafields = metafields

    async def set_all(self, wanted: Sequence[WantedMetafield]) -> list[MetafieldRow] | Problem:
        """The metafields as they are then, in the order given. All of them or none.

        What already says the same is not written.
        """
        keys = [item.key for item in wanted]
        flaw = _flaw(keys) or await self._ownerless(keys)
        if flaw is not None:
            return flaw
        stored = await self._metafields.locked(keys)
        writings: list[Writing] = []
        for place, item in enumerate(wanted):
            text = stored_value(item.type, item.value)
            if text is None:
                return Invalid(f"This is no {item.type.value} value.", (PATH, str(place), "value"))
            row = stored.get(item.key)
            if row is None or _differs(row, item, text):
                writings.append(_writing(row, item, text))
        if writings:
            stored |= await self._metafields.put(writings)
        return [stored[key] for key in keys]

    async def delete(self, keys: Sequence[MetafieldKey]) -> int | Problem:
        """How many were there; names without a metafield are no problem."""
        flaw = _flaw(keys) or await self._ownerless(keys)
        return await self._metafields.remove(keys) if flaw is None else flaw

    async def _ownerless(self, keys: Sequence[MetafieldKey]) -> NotFound | None:
        """Which name is one of a thing that is not there. A statement for each kind of owner."""
        ids_by_kind: defaultdict[MetafieldOwner, set[int]] = defaultdict(set)
        for key in keys:
            ids_by_kind[key.owner_kind].add(key.owner_id)
        found = {
            kind: await self._metafields.owners(kind, ids_by_kind[kind])
            for kind in MetafieldOwner
            if kind in ids_by_kind
        }
        for place, key in enumerate(keys):
            if key.owner_id not in found[key.owner_kind]:
                return NotFound("There is nothing with this id.", (PATH, str(place), "owner_id"))
        return None


def _flaw(keys: Sequence[MetafieldKey]) -> Problem | None:
    for place, key in enumerate(keys):
        flaw = name_flaw(key, PATH, str(place))
        if flaw is not None:
            return flaw
    repeated = first_repeated(keys)
    if repeated is None:
        return None
    return Invalid("This metafield was named before.", (PATH, str(repeated), "key"))


def _differs(row: MetafieldRow, item: WantedMetafield, text: str) -> bool:
    return (
        row.type is not item.type
        or item.public not in {None, row.public}
        or not same_value(text, row.value)
    )


def _writing(row: MetafieldRow | None, item: WantedMetafield, text: str) -> Writing:
    public = item.public if item.public is not None else row is not None and row.public
    return item.key, item.type.value, text, public
