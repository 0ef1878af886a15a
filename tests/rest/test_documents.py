"""The documents and operations of every row of every table."""

import ast
from pathlib import Path

import pytest

from commerce.rest.dialect_hooks import HOOKS
from commerce.rest.dialects import DIALECTS
from commerce.rest.hooks import hook_operation_file
from commerce.rest.operations import operation_file
from commerce.rest.paths import PARAMETER
from commerce.rest.route import Dialect, Route

ROOT = Path(__file__).parents[2]
ROWS = [(dialect, route) for dialect in DIALECTS for route in dialect.routes]
HOOK_FILES = {
    hook_operation_file(hooks, row.operation)
    for hooks in HOOKS
    for row in hooks.events
    if row.operation is not None
}
PAGE = (ROOT / "docs" / "rest.md").read_text("utf-8")


def documented(dialect: Dialect, route: Route) -> str:
    path = PARAMETER.sub(r"{\1}", route.path)
    paths = ", ".join(f"`{base}{path}`" for base in dialect.bases)
    if route.when:
        paths += " with " + " or ".join(f"`{name}`" for name in route.when)
    source = "original" if route.seed else "later"
    cells = (dialect.name, route.method, paths, f"`{route.operation}`", source)
    return f"| {' | '.join(cells)} |"


@pytest.mark.parametrize(("dialect", "route"), ROWS)
def test_every_row_is_documented(dialect: Dialect, route: Route) -> None:
    assert documented(dialect, route) in PAGE.splitlines()


def test_no_row_is_documented_that_is_not_served() -> None:
    names = tuple(f"| {dialect.name} | {{}} |" for dialect in DIALECTS)
    served = {documented(dialect, route) for dialect, route in ROWS}
    methods = ("GET", "POST", "PUT", "PATCH", "DELETE")
    starts = tuple(name.format(method) for name in names for method in methods)
    assert {line for line in PAGE.splitlines() if line.startswith(starts)} == served


def test_every_operation_has_a_row_and_is_named_as_its_file() -> None:
    used = {operation_file(dialect, route) for dialect, route in ROWS} | HOOK_FILES
    assert used == set((ROOT / "commerce" / "rest").rglob("*.graphql"))
    for file in used:
        assert file.read_text("utf-8").startswith(f"query {file.stem}(")


def test_operation_names_are_unique() -> None:
    """They tell requests apart in logs and metrics."""
    names = {operation_file(dialect, route) for dialect, route in ROWS} | HOOK_FILES
    assert len({file.stem for file in names}) == len(names)


@pytest.mark.parametrize("name", ["inputs", "shapes", "envelope"])
def test_inputs_and_shapes_import_nothing_that_acts(name: str) -> None:
    for file in (ROOT / "commerce" / "rest").glob(f"*/{name}.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom):
                assert node.module is not None
                assert not node.module.startswith(("starlette", "structlog", "asyncio"))
            assert not isinstance(node, ast.AsyncFunctionDef | ast.Await)
