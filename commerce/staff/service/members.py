"""Inviting, changing and deactivating staff."""

from typing import Any

from commerce.core.clock import Clock
from commerce.core.emails import email_of
from commerce.core.paging import Count, Page, PageArgs
from commerce.core.problems import Invalid, NotFound, Problem, Taken, version_conflict
from commerce.core.viewer import Viewer
from commerce.identity.kinds import Audience, Holder
from commerce.identity.service.purpose_tokens import PurposeTokenService
from commerce.identity.service.sessions import SessionService
from commerce.notifications.service import NotificationQueue
from commerce.staff.kinds import BuiltInRole
from commerce.staff.problems import LastOwner
from commerce.staff.repository.api_keys import ApiKeyRepository
from commerce.staff.repository.members import MemberRow, StaffMemberRepository
from commerce.staff.repository.roles import RoleRepository
from commerce.staff.rules.members import member_flaw
from commerce.staff.rules.roles import overreach, scopes_of_role

INVITATION = "staff_invitation"

Changes = dict[str, Any]


class StaffMemberService:
    """Nobody gives a member more than they hold, or changes a member who may do more than they.

    Whoever is refused for that learns nothing else: members are seen by all who manage staff.
    """

    def __init__(
        self,
        members: StaffMemberRepository,
        roles: RoleRepository,
        keys: ApiKeyRepository,
        sessions: SessionService,
        purpose_tokens: PurposeTokenService,
        notifications: NotificationQueue,
        clock: Clock,
        viewer: Viewer,
    ) -> None:
        self._members = members
        self._roles = roles
        self._keys = keys
        self._sessions = sessions
        self._purpose_tokens = purpose_tokens
        self._notifications = notifications
        self._clock = clock
        self._viewer = viewer

    async def page(self, args: PageArgs) -> Page[MemberRow]:
        return await self._members.page(args)

    async def count(self, limit: int | None) -> Count:
        return await self._members.count(limit)

    async def invite(self, email: str, values: Changes) -> MemberRow | Problem:
        """Add a member and mail them a link to choose a password.

        Inviting somebody again whose invitation is open writes the values anew and mails a new
        link, which voids the older one.
        """
        address = email_of(email, "email")
        if isinstance(address, Problem):
            return address
        flaw = member_flaw(values) or await self._role_flaw(values["role_id"])
        if flaw is not None:
            return flaw
        member = await self._invited(address, values)
        if not isinstance(member, Problem):
            inviter = await self._own_name()
            await self._notifications.add(INVITATION, {"id": member.id, "inviter": inviter})
        return member

    async def withdraw(self, id_: int) -> int | Problem:
        """Take back an invitation that was not accepted: its link is worthless at once."""
        member = await self._to_change(id_)
        if isinstance(member, Problem):
            return member
        if not await self._members.withdraw(id_):
            return Invalid("The invitation was accepted. Deactivate the member instead.", ("id",))
        return id_

    async def change(
        self, id_: int, values: Changes, expected_version: int | None = None
    ) -> MemberRow | Problem:
        """Write the given values; a new role counts on every process within a second."""
        member = await self._to_change(id_)
        if isinstance(member, Problem):
            return member
        conflict = version_conflict("member", member.version, expected_version)
        if conflict is not None:
            return conflict
        changes = {name: new for name, new in values.items() if new != getattr(member, name)}
        return await self._write(member, changes)

    async def deactivate(self, id_: int) -> MemberRow | Problem:
        """Sign a member out everywhere, for good. Doing it twice changes nothing more."""
        member = await self._to_change(id_)
        if isinstance(member, Problem) or not member.active:
            return member
        refused = await self._last_owner(member, "id")
        if refused is not None:
            return refused
        holder = Holder(Audience.STAFF, id_)
        await self._sessions.revoke_all(holder)
        await self._purpose_tokens.void(holder)
        return await self._members.change(id_, {"active": False})

    async def reactivate(self, id_: int) -> MemberRow | Problem:
        """Let a member sign in again, with the password they had."""
        member = await self._to_change(id_)
        if isinstance(member, Problem) or member.active:
            return member
        return await self._members.change(id_, {"active": True})

    async def _invited(self, address: str, values: Changes) -> MemberRow | Problem:
        added = await self._members.add({"email": address, **values, "invited_at": self._clock()})
        if added is not None:
            return added
        member = await self._members.to_change_by_email(address)
        if member is None or not is_open(member):
            return Taken("There is a staff member with this address.", ("email",))
        flaw = self._overreach(member, "email")
        changes = {**values, "invited_at": self._clock()}
        return flaw or await self._members.change(member.id, changes)

    async def _write(self, member: MemberRow, changes: Changes) -> MemberRow | Problem:
        flaw: Problem | None = member_flaw(changes)
        if flaw is None and "role_id" in changes:
            flaw = await self._role_flaw(changes["role_id"]) or await self._last_owner(
                member, "role_id"
            )
        if flaw is not None or not changes:
            return member if flaw is None else flaw
        return await self._members.change(member.id, changes)

    async def _to_change(self, id_: int) -> MemberRow | Problem:
        """The member, locked, if the viewer may change them."""
        member = await self._members.to_change(id_)
        if member is None:
            return NotFound("There is no staff member with this id.", ("id",))
        return self._overreach(member, "id") or member

    def _overreach(self, member: MemberRow, *path: str) -> Problem | None:
        return overreach(self._viewer, scopes_of_role(member.built_in, member.scopes), *path)

    async def _role_flaw(self, role_id: int) -> Problem | None:
        """Why the viewer cannot give this role. Members live on: a limited key makes none."""
        if (await self._keys.bounds()).narrow:
            return Invalid("A key that is itself limited cannot do this.")
        role = await self._roles.to_give(role_id)
        if role is None:
            return NotFound("There is no role with this id.", ("role_id",))
        return overreach(self._viewer, scopes_of_role(role.built_in, role.scopes), "role_id")

    async def _last_owner(self, member: MemberRow, *path: str) -> LastOwner | None:
        """Why this member must stay an owner who can sign in.

        Of several owners who are taken away at the same time, each waits for the one before.
        """
        counts = member.active and member.accepted_at is not None
        if member.built_in != BuiltInRole.OWNER.value or not counts:
            return None
        await self._roles.lock_owner()
        if await self._members.has_other_owner(member.id):
            return None
        return LastOwner("A store needs an owner. Make somebody else one first.", path)

    async def _own_name(self) -> str:
        """What the inviter is called in the mail; empty for keys and commands."""
        own = self._viewer.id if self._viewer.session_id is not None else None
        found = {} if own is None else await self._members.by_ids([own])
        return next((str(member.name) for member in found.values()), "")


def is_open(member: MemberRow) -> bool:
    """Whether the member's invitation can still be accepted."""
    return member.active and member.accepted_at is None
