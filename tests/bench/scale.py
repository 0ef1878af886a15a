"""P1 to P4 as the catalogue grows: what each costs, beside what it costs with the smallest one.

P3 finds as many products at every size, as somebody does who looks for a name. A common word is
found the more often the more there is, and what that costs has no bound: it is shown beside them.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.table import Table

from tests.bench.chart import chart
from tests.bench.multiply import BASE

SIZES: Final = (BASE, 20_000, 200_000)
NAMES: Final = {"P3C": "P3 common word"}
PART: Final = 5  # of each operation's requests one in so many is sent
BOUND: Final = 1.5  # the aim for P1 to P4: no size costs more than so many times the smallest
CHART: Final = Path(__file__).parents[2] / "docs" / "scale.svg"
TITLE: Final = "CPU per request, server and database, beside the smallest catalogue (products)"

Costs = Mapping[str, float]


async def scale(costs: Callable[[int], Awaitable[Costs]]) -> None:
    """`costs` are CPU milliseconds by operation, for a number of products. Writes the chart."""
    found = [await costs(size) for size in SIZES]
    lines = {
        NAMES.get(name, name): [each[name] / found[0][name] for each in found] for name in found[0]
    }
    CHART.write_text(chart(TITLE, SIZES, lines, BOUND))
    Console().print(_table(found, lines))


def _table(found: Sequence[Costs], lines: Mapping[str, Sequence[float]]) -> Table:
    table = Table("CPU ms", *(f"{size:,}" for size in SIZES), "largest / smallest")
    for name, title in zip(found[0], lines, strict=True):
        costs = (f"{each[name]:.2f}" for each in found)
        table.add_row(title, *costs, f"{lines[title][-1]:.2f}")
    return table
