"""How much may be uploaded."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from commerce.core.problems import Invalid

LIFETIME: Final = timedelta(hours=1)  # of the leave to upload
GRACE: Final = timedelta(hours=1)  # until what came of it, and was not used, is removed
MOST_OPEN: Final = 1_000
MB: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class FileLimits:
    """In bytes: of one file, and of all that is kept."""

    upload: int = 20 * MB
    quota: int = 10 * 1024 * MB


def size_flaw(size: int, limits: FileLimits, *path: str) -> Invalid | None:
    if 0 < size <= limits.upload:
        return None
    return Invalid(f"A file has from 1 to {limits.upload} bytes.", path)


def quota_flaw(sizes: Sequence[int], kept: int, open_: int, limits: FileLimits) -> Invalid | None:
    """Why so much more cannot be taken beside what is kept or on its way."""
    if open_ + len(sizes) > MOST_OPEN:
        return Invalid(f"At most {MOST_OPEN} uploads can be on their way at once.")
    if kept + sum(sizes) > limits.quota:
        return Invalid(f"Files may take up {limits.quota} bytes in all.")
    return None
