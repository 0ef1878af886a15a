"""Taking up an invitation, and how owners come into a new store."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from commerce.core.clock import Clock
from commerce.core.db import UnitOfWork
from commerce.core.emails import email_of
from commerce.core.problems import Problem, Taken
from commerce.identity.kinds import Audience, Holder, Purpose
from commerce.identity.passwords import Passwords
from commerce.identity.problems import invalid_token
from commerce.identity.rules.passwords import password_flaw
from commerce.identity.service.purpose_tokens import PurposeTokenService
from commerce.identity.service.sessions import IssuedSession, SessionService
from commerce.notifications.messages import Mail
from commerce.staff.repository.members import MemberRow, StaffMemberRepository
from commerce.staff.rules.members import member_flaw
from commerce.staff.service.members import INVITATION, is_open
from commerce.staff.service.roles import RoleService

INVITATION_LIFETIME: Final = timedelta(days=7)


class InvitationService:
    def __init__(
        self,
        uow: UnitOfWork,
        members: StaffMemberRepository,
        roles: RoleService,
        purpose_tokens: PurposeTokenService,
        sessions: SessionService,
        passwords: Passwords,
        clock: Clock,
    ) -> None:
        self._uow = uow
        self._members = members
        self._roles = roles
        self._purpose_tokens = purpose_tokens
        self._sessions = sessions
        self._passwords = passwords
        self._clock = clock

    async def accept(
        self, token: str, password: str, name: str | None = None
    ) -> IssuedSession | Problem:
        """Choose a password by the link in the mail, and be signed in.

        Call it outside of transactions. A token that is good is used up only with a good password.
        """
        values = {} if name is None else {"name": name}
        flaw = member_flaw(values) or password_flaw(password, ("password",))
        if flaw is not None:
            return flaw
        seen = await self._purpose_tokens.peek(Purpose.ACCEPT_INVITATION, token)
        if isinstance(seen, Problem):
            return seen
        await self._uow.release()
        values["password_hash"] = await self._passwords.hash(password)
        return await self._uow.transact(
            lambda: self._accept(token, values),
            keep=lambda answer: not isinstance(answer, Problem),
        )

    async def create_owner(
        self, email: str, name: str, password: str | None = None
    ) -> MemberRow | Problem:
        """An owner: with a password at once, else by a link (`link_token`).

        One who has not accepted yet can be made again. For the command line alone; whoever runs
        it holds the database. Call it outside of transactions.
        """
        address = email_of(email, "email")
        if isinstance(address, Problem):
            return address
        flaw = member_flaw({"name": name})
        if flaw is None and password is not None:
            flaw = password_flaw(password, ("password",))
        if flaw is not None:
            return flaw
        await self._uow.release()
        values: dict[str, Any] = {"email": address, "name": name.strip()}
        if password is not None:
            hashed = await self._passwords.hash(password)
            values |= {"password_hash": hashed, "accepted_at": self._clock()}
        return await self._uow.transact(lambda: self._create_owner(values))

    async def mail(self, data: Mapping[str, Any]) -> Mail | None:
        """The invitation; None when it was withdrawn or accepted meanwhile."""
        member = (await self._members.by_ids([data["id"]])).get(data["id"])
        if member is None or not is_open(member):
            return None
        token = await self.link_token(member)
        context = {"inviter": data["inviter"], "token": token, "valid_for": INVITATION_LIFETIME}
        return Mail(INVITATION, member.email, member.locale, context)

    async def link_token(self, member: MemberRow) -> str:
        """What the link of an open invitation proves; older links are worthless from now on."""
        holder = Holder(Audience.STAFF, member.id)
        return await self._purpose_tokens.issue(
            Purpose.ACCEPT_INVITATION, holder, member.email, INVITATION_LIFETIME
        )

    async def _accept(self, token: str, values: dict[str, Any]) -> IssuedSession | Problem:
        redeemed = await self._purpose_tokens.redeem(Purpose.ACCEPT_INVITATION, token)
        if isinstance(redeemed, Problem):
            return redeemed
        member = await self._members.accept(redeemed.holder.id, values, self._clock())
        if member is None or not redeemed.matches(member.email):
            return invalid_token("token")
        return await self._sessions.open(redeemed.holder)

    async def _create_owner(self, values: dict[str, Any]) -> MemberRow | Problem:
        role = await self._roles.owner()
        added = await self._members.add({**values, "role_id": role.id})
        if added is not None:
            return added
        member = await self._members.to_change_by_email(values["email"])
        if member is None or member.role_id != role.id or not is_open(member):
            return Taken("There is a staff member with this address.", ("email",))
        return await self._members.change(member.id, values)
