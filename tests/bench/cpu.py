"""CPU time of processes, from /proc."""

import os
from pathlib import Path

TICK_MS = 1000 / os.sysconf("SC_CLK_TCK")


def tree_ms(root: int) -> float:
    """Milliseconds of user and system time of a process and all its descendants so far.

    Descendants that have ended count too, once their parent has waited for them.
    """
    children: dict[int, list[int]] = {}
    stats: dict[int, list[str]] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            fields = _stat(folder)
            if fields is not None:
                pid = int(folder.name)
                stats[pid] = fields
                children.setdefault(int(fields[1]), []).append(pid)
    pending, ticks = [root], 0
    while pending:
        pid = pending.pop()
        pending += children.get(pid, [])
        if pid in stats:
            own = stats[pid]
            ticks += sum(int(value) for value in own[11:15])
    return ticks * TICK_MS


def _stat(folder: Path) -> list[str] | None:
    """The fields after the command's name: state, parent, …; 11 to 14 are the times."""
    try:
        return (folder / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
