"""Staff members and roles."""

from functools import cached_property

from commerce.staff.repository.accounts import StaffAccounts
from commerce.staff.repository.members import StaffMemberRepository
from commerce.staff.repository.roles import RoleRepository
from commerce.staff.service.invitations import InvitationService
from commerce.staff.service.members import StaffMemberService
from commerce.staff.service.roles import RoleService
from commerce.wiring.identity import IdentityRepositories, IdentityServices
from commerce.wiring.notifications import NotificationsRepositories, NotificationsServices
from commerce.wiring.staff import StaffRepositories


class MembersRepositories(StaffRepositories, IdentityRepositories, NotificationsRepositories):
    @cached_property
    def staff_accounts(self) -> StaffAccounts:
        return StaffAccounts(self._uow)

    @cached_property
    def staff_members(self) -> StaffMemberRepository:
        return StaffMemberRepository(self._uow, self.viewer)

    @cached_property
    def roles(self) -> RoleRepository:
        return RoleRepository(self._uow, self.viewer)


class MembersServices(IdentityServices, NotificationsServices):
    repositories: MembersRepositories

    @cached_property
    def roles(self) -> RoleService:
        return RoleService(self.repositories.roles, self.viewer)

    @cached_property
    def staff_members(self) -> StaffMemberService:
        return StaffMemberService(
            self.repositories.staff_members,
            self.repositories.roles,
            self.repositories.api_keys,
            self.sessions,
            self.purpose_tokens,
            self.notifications,
            self.clock,
            self.viewer,
        )

    @cached_property
    def invitations(self) -> InvitationService:
        return InvitationService(
            self.uow,
            self.repositories.staff_members,
            self.roles,
            self.purpose_tokens,
            self.sessions,
            self.ports.passwords,
            self.clock,
        )
