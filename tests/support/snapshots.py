"""Lists that are kept as files, so that every change of them is reviewed."""

import os
from collections.abc import Iterable
from pathlib import Path


def assert_kept(file: Path, lines: Iterable[str]) -> None:
    """Fails when `lines` are not those of `file`; with COMMERCE_TEST_ACCEPT=1 writes them there."""
    now = list(lines)
    if os.environ.get("COMMERCE_TEST_ACCEPT"):  # noqa: TID251  # the suite's own switch
        file.write_text("".join(f"{line}\n" for line in now))
    kept = file.read_text().splitlines()
    added, gone = set(now) - set(kept), set(kept) - set(now)
    assert not added, f"not in {file.name}: {sorted(added)}"
    assert not gone, f"no longer so, but in {file.name}: {sorted(gone)}"
    assert kept == now
