"""Locks between processes that die with their holder, however it dies."""

import os
import sys
from pathlib import Path

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

_READ_WRITE = os.O_RDWR | os.O_CREAT


class FileLock:
    """A lock file: one process holds it alone, or many share it, until they close it or end."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor: int | None = None

    def try_alone(self) -> bool:
        return self._try(alone=True)

    def try_shared(self) -> bool:
        return self._try(alone=False)

    def close(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def _opened(self) -> int:
        if self._descriptor is None:
            self._descriptor = os.open(self._path, _READ_WRITE, 0o600)
        return self._descriptor

    if sys.platform == "win32":
        # Windows locks ranges of bytes: who shares holds one byte, who is alone holds them all.
        _BYTES = 1024

        def inherited(self) -> tuple[int, ...]:
            """No child can inherit a lock there; PostgreSQL's own interlock must do."""
            return ()

        def _try(self, *, alone: bool) -> bool:
            self.close()
            if alone:
                return self._try_bytes(0, self._BYTES)
            return any(self._try_bytes(place, 1) for place in range(self._BYTES))

        def _try_bytes(self, start: int, count: int) -> bool:
            descriptor = self._opened()
            os.lseek(descriptor, start, os.SEEK_SET)
            try:
                msvcrt.locking(descriptor, msvcrt.LK_NBLCK, count)
            except OSError:
                return False
            return True

    else:
        # `flock`, not `lockf`: it belongs to the open file, so that a child can inherit it and
        # closing some other descriptor of the file does not drop it.

        def inherited(self) -> tuple[int, ...]:
            """What a child must inherit to go on holding the lock when this process closes it."""
            return () if self._descriptor is None else (self._descriptor,)

        def _try(self, *, alone: bool) -> bool:
            kind = fcntl.LOCK_EX if alone else fcntl.LOCK_SH
            try:
                fcntl.flock(self._opened(), kind | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
            return True
