"""The one thing that goes wrong here, said in one line."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class EmbeddedPostgresError(Exception):
    """The embedded database cannot be used; the message is one line for a person."""


@contextmanager
def plain_errors(folder: Path) -> Iterator[None]:
    """Say what an `OSError` under `folder` means."""
    try:
        yield
    except OSError as error:
        raise EmbeddedPostgresError(_sentence(folder, error)) from error


def _sentence(folder: Path, error: OSError) -> str:
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return f"The data folder {folder} is not writable: {error}."
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"The disk of the data folder {folder} is full: {error}."
    return f"The data folder {folder} cannot be used: {error}."
