"""Edges to staff, roles and sessions."""

from functools import cached_property

from commerce.wiring import Repositories
from loaders.batch import ByKeyLoader


class StaffLoaders:
    def __init__(self, repositories: Repositories) -> None:
        self._repositories = repositories

    @cached_property
    def member_by_id(self) -> ByKeyLoader:
        return ByKeyLoader(self._repositories.staff_members.by_ids)

    @cached_property
    def role_by_id(self) -> ByKeyLoader:
        return ByKeyLoader(self._repositories.roles.by_ids)

    @cached_property
    def session_by_id(self) -> ByKeyLoader:
        return ByKeyLoader(self._repositories.sessions.by_ids)
