"""Which test calls which endpoint of the dialects: `tests/rest/called.txt`.

A line cannot lie: whenever its test runs, it must have called the endpoint and been answered well.
With COMMERCE_TEST_ACCEPT=1 the tests that run write down what nobody else does.
"""

import os
from pathlib import Path

from commerce.rest.operations import name_of
from commerce.rest.route import Dialect, Route

ROOT = Path(__file__).parents[2]
FILE = ROOT / "tests" / "rest" / "called.txt"
# They call everything, and know nothing of what they call.
BLIND = frozenset({"test_malformed.py", "test_conformance.py", "test_fuzz.py"})


def row_of(dialect: Dialect, route: Route) -> str:
    """Rows on one path differ in their operation."""
    return f"{name_of(dialect, route)} {route.operation}"


def called() -> dict[str, str]:
    """The test of each endpoint."""
    return dict(line.split(": ", 1) for line in FILE.read_text().splitlines())


def check(test: str, found: set[str]) -> None:
    kept = called()
    if os.environ.get("COMMERCE_TEST_ACCEPT"):  # noqa: TID251  # the suite's own switch
        gone = {row for row, by in kept.items() if by == test and row not in found}
        news = {row: test for row in found if row not in kept}
        if gone or news:
            now = {row: by for row, by in (kept | news).items() if row not in gone}
            FILE.write_text("".join(f"{row}: {by}\n" for row, by in sorted(now.items())))
        return
    promised = {row for row, by in kept.items() if by == test}
    assert promised <= found, f"{FILE.name} says that {test} calls {sorted(promised - found)}"
