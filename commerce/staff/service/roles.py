"""Reading and changing roles."""

from typing import Any

from commerce.core.paging import Count, Page, PageArgs
from commerce.core.problems import Invalid, NotFound, Problem, version_conflict
from commerce.core.viewer import Scope, Viewer
from commerce.staff.kinds import BuiltInRole
from commerce.staff.repository.roles import RoleRepository, RoleRow
from commerce.staff.rules.roles import names_of, overreach, role_flaw, scopes_of_role


class RoleService:
    """Nobody hands out scopes, or changes a role with scopes, that they do not hold."""

    def __init__(self, roles: RoleRepository, viewer: Viewer) -> None:
        self._roles = roles
        self._viewer = viewer

    async def page(self, args: PageArgs) -> Page[RoleRow]:
        return await self._roles.page(args)

    async def count(self, limit: int | None) -> Count:
        return await self._roles.count(limit)

    async def ensure_built_in(self) -> None:
        """Add the built-in roles that are missing; safe to call from several processes at once."""
        await self._roles.ensure_built_in()

    async def owner(self) -> RoleRow:
        found = await self._roles.built_in(BuiltInRole.OWNER)
        if found is None:
            raise RuntimeError("the store has no owner's role; start the server once")
        return found

    async def upsert(
        self, id_: int | None, values: dict[str, Any], expected_version: int | None = None
    ) -> RoleRow | Problem:
        """Change the role with this id, or add one without. Only the given values are written."""
        flaw = role_flaw(values) or overreach(self._viewer, _wanted(values), "scopes")
        if flaw is not None:
            return flaw
        if id_ is None:
            return await self._add(values)
        stored = await self._roles.to_change(id_)
        if stored is None:
            return _missing()
        conflict = version_conflict("role", stored.version, expected_version)
        if conflict is not None:
            return conflict
        return await self._change(stored, _stored(values))

    async def remove(self, id_: int) -> int | Problem:
        """The id of the role that is gone."""
        stored = await self._roles.to_change(id_)
        if stored is None:
            return _missing()
        if stored.built_in is not None:
            return Invalid("Built-in roles cannot be deleted.", ("id",))
        flaw = overreach(self._viewer, scopes_of_role(None, stored.scopes), "id")
        return flaw or await self._roles.remove(id_) or id_

    async def _add(self, values: dict[str, Any]) -> RoleRow | Problem:
        if "name" not in values:
            return Invalid("A new role needs a name.", ("name",))
        return await self._roles.add({"scopes": [], **_stored(values)})

    async def _change(self, stored: RoleRow, values: dict[str, Any]) -> RoleRow | Problem:
        changes = {name: new for name, new in values.items() if new != getattr(stored, name)}
        if not changes:
            return stored
        if stored.built_in == BuiltInRole.OWNER.value:
            return Invalid("The owner's role has every scope and cannot be changed.", ("id",))
        flaw = overreach(self._viewer, scopes_of_role(None, stored.scopes), "id")
        return flaw or await self._roles.change(stored.id, changes)


def _wanted(values: dict[str, Any]) -> frozenset[Scope]:
    return frozenset(values.get("scopes", ()))


def _stored(values: dict[str, Any]) -> dict[str, Any]:
    stored = dict(values)
    if "scopes" in values:
        stored["scopes"] = names_of(_wanted(values))
    if "name" in values:
        stored["name"] = values["name"].strip()
    return stored


def _missing() -> NotFound:
    return NotFound("There is no role with this id.", ("id",))
