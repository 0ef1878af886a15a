"""A bar with rate and remaining time; silent where there is no terminal."""

from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Final

from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from commerce.cli.output import notes

COLUMNS: Final = (
    BarColumn(),
    TextColumn("{task.percentage:>3.0f}%"),
    TextColumn("{task.fields[products]} products, {task.fields[rate]}/s"),
    TimeRemainingColumn(),
)


class Meter:
    """How far a command is: `done` in the units of its total, and products for the rate."""

    def __init__(self, progress: Progress, task: TaskID) -> None:
        self._progress = progress
        self._task = task
        self._start = monotonic()

    def show(self, done: int, products: int) -> None:
        rate = round(products / max(monotonic() - self._start, 0.001))
        self._progress.update(self._task, completed=done, products=products, rate=rate)


@contextmanager
def meter(total: int | None) -> Iterator[Meter]:
    """`total` None moves the bar without an end."""
    with Progress(*COLUMNS, console=notes, transient=True) as progress:
        yield Meter(progress, progress.add_task("", total=total, products=0, rate=0))
