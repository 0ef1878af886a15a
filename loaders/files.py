"""Edges to files."""

from functools import cached_property

from commerce.wiring import Repositories
from loaders.batch import ByKeyLoader


class FilesLoaders:
    def __init__(self, repositories: Repositories) -> None:
        self._repositories = repositories

    @cached_property
    def file_by_id(self) -> ByKeyLoader:
        return ByKeyLoader(self._repositories.files.by_ids)

    @cached_property
    def seen_file_by_id(self) -> ByKeyLoader:
        """For ids that anybody sends."""
        return ByKeyLoader(self._repositories.files.seen_by_ids)

    @cached_property
    def files_by_variant(self) -> ByKeyLoader:
        """variant id -> the files that come with it."""
        return ByKeyLoader(self._repositories.downloads.by_variants, ())

    @cached_property
    def downloads_by_line(self) -> ByKeyLoader:
        """line id -> what its buyer can download."""
        return ByKeyLoader(self._repositories.downloads.by_lines, ())
