"""Keys of programs."""

from functools import cached_property

from commerce.wiring import Repositories
from loaders.batch import ByKeyLoader


class CredentialLoaders:
    def __init__(self, repositories: Repositories) -> None:
        self._repositories = repositories

    @cached_property
    def api_key_by_id(self) -> ByKeyLoader:
        return ByKeyLoader(self._repositories.api_keys.by_ids)

    @cached_property
    def oauth_client_by_id(self) -> ByKeyLoader:
        return ByKeyLoader(self._repositories.oauth_clients.by_ids)
