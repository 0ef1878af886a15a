"""P1 to P4 as the catalogue grows: what each costs, beside what it costs with the smallest one."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.table import Table

from tests.bench.chart import chart
from tests.bench.multiply import BASE

SIZES: Final = (BASE, 20_000, 200_000)
PART: Final = 5  # of each operation's requests one in so many is sent
BOUND: Final = 1.5  # the aim: no size costs more than so many times the smallest
CHART: Final = Path(__file__).parents[2] / "docs" / "scale.svg"
TITLE: Final = "CPU per request, server and database, beside the smallest catalogue (products)"

Costs = Mapping[str, float]


async def scale(costs: Callable[[int], Awaitable[Costs]]) -> None:
    """`costs` are CPU milliseconds by operation, for a number of products. Writes the chart."""
    found = [await costs(size) for size in SIZES]
    lines = {name: [each[name] / found[0][name] for each in found] for name in found[0]}
    CHART.write_text(chart(TITLE, SIZES, lines, BOUND))
    Console().print(_table(found, lines))


def _table(found: Sequence[Costs], lines: Mapping[str, Sequence[float]]) -> Table:
    table = Table("CPU ms", *(f"{size:,}" for size in SIZES), "largest / smallest")
    for name, values in lines.items():
        table.add_row(name, *(f"{each[name]:.2f}" for each in found), f"{values[-1]:.2f}")
    return table
