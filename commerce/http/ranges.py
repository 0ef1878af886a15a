"""Parts of files that clients ask for (RFC 9110, section 14). Pure."""

import re
from dataclasses import dataclass
from typing import Final

ONE: Final = re.compile(r"bytes=([0-9]{0,15})-([0-9]{0,15})")


@dataclass(frozen=True, slots=True)
class Part:
    """From `start` up to `end`, which is the first byte that is left out."""

    start: int
    end: int

    def of(self, size: int) -> str:
        return f"bytes {self.start}-{self.end - 1}/{size}"


class OutOfRangeError(Exception):
    """There are no such bytes."""


def asked_part(text: str | None, size: int) -> Part | None:
    """None stands for the whole: also for several parts at once, which nobody has to serve.

    Raises `OutOfRangeError`.
    """
    found = ONE.fullmatch(text.strip()) if text else None
    if found is None or found[1] == found[2] == "":
        return None
    if found[1] == "":
        part = Part(max(0, size - int(found[2])), size)
    else:
        part = Part(int(found[1]), min(size, int(found[2]) + 1 if found[2] else size))
        if found[2] and int(found[2]) < int(found[1]):
            return None
    if part.start >= part.end:
        raise OutOfRangeError
    return part
