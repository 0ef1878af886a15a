"""The documents and operations of every row of every table."""

import ast
import re
from dataclasses import replace
from pathlib import Path

from starlette.routing import Route as Path_

from commerce.app import create_app
from commerce.rest import operations
from commerce.rest.dialect_hooks import HOOKS
from commerce.rest.dialects import DIALECTS
from commerce.rest.entrances import plain
from commerce.rest.operations import operation_file, operation_text
from commerce.rest.paths import PARAMETER
from commerce.rest.route import Dialect, Route
from commerce.runtime import Resources
from tests.support.called import called, row_of
from tests.support.snapshots import assert_kept

# A table, and what documents how keys are sent, may look at headers.
ACTING = ("routes.py", "security.py")

HERE = Path(operations.__file__).parent
ROOT = HERE.parents[1]
ROWS = [(dialect, route) for dialect in DIALECTS for route in dialect.routes]
HOOKED = {
    operation_file(hooks.dialect, row.operation)
    for hooks in HOOKS
    for row in hooks.events
    if row.operation is not None
}
HEAD = """# REST endpoints

Written from the tables of `commerce/rest` by `make snapshots`; how to call them:
[REST dialects](rest.md). Whenever one of the named tests runs, it is checked that it calls the
endpoint and is answered well.

| dialect | method | path | what it does | operation | in the dialect's documents | tested by |
|-|-|-|-|-|-|-|"""

LEFT_OUT = """
## Left out

Documented by a dialect, and answered here as not found:

| dialect | method | path | why |
|-|-|-|-|"""
LISTED = ("shopkit", "cartino")


def files() -> set[Path]:
    rows = {
        operation_file(dialect.name, name) for dialect, route in ROWS for name in route.operations
    }
    return rows | HOOKED


def documented(dialect: Dialect, route: Route) -> str:
    path = PARAMETER.sub(r"{\1}", route.path)
    paths = ", ".join(f"`{base}{path}`" for base in dialect.bases)
    if route.when:
        paths += " with " + " or ".join(f"`{name}`" for name in route.when)
    names = ", ".join(f"`{name}`" for name in route.operations)
    source = "original" if route.seed else "later"
    test = called().get(row_of(dialect, route))
    by = f"`{test.rpartition('/')[2]}`" if test else ""
    return f"| {' | '.join((dialect.name, route.method, paths, route.about, names, source, by))} |"


def test_the_rows_are_documented() -> None:
    lines = HEAD.splitlines() + [documented(dialect, route) for dialect, route in ROWS]
    lines += LEFT_OUT.splitlines() + [
        f"| {dialect.name} | {each.method} | `{dialect.bases[0]}{each.path}` | {each.why} |"
        for dialect in DIALECTS
        for each in dialect.absent
    ]
    assert_kept(ROOT / "docs" / "endpoints.md", lines)


def test_what_is_documented_is_served_or_left_out(resources: Resources) -> None:
    app = create_app(replace(resources, settings=resources.settings.changed({"oauth": True})))
    beside = {plain(route.path) for route in app.routes if isinstance(route, Path_)}
    missing = [
        f"{dialect.name} {row}"
        for dialect in DIALECTS
        if dialect.name in LISTED
        for row in set(rows_of(dialect.name)) - known(dialect)
        if row.split()[1] not in beside
    ]
    assert sorted(missing) == []


def rows_of(dialect: str) -> list[str]:
    """`GET /v1/product/{}`, of every endpoint of its reference."""
    text = (Path(__file__).parent / dialect / "documented.txt").read_text()
    return [nameless(line) for line in text.splitlines()]


def known(dialect: Dialect) -> set[str]:
    """Those that are served or left out, in the same form."""
    every = [*dialect.routes, *dialect.absent]
    return {nameless(f"{each.method} {dialect.bases[0]}{each.path}") for each in every}


def nameless(row: str) -> str:
    return PARAMETER.sub("{}", row).removesuffix("/")


def test_every_test_that_calls_an_endpoint_is_there() -> None:
    rows = {row_of(dialect, route) for dialect, route in ROWS}
    for row, test in called().items():
        assert row in rows, f"{row} is gone: make snapshots"
        file, _, name = test.partition("::")
        assert f"def {name.partition('[')[0]}(" in (ROOT / file).read_text()


def test_what_is_left_out_is_not_served() -> None:
    served = {(dialect.name, route.method, route.path) for dialect, route in ROWS}
    for dialect in DIALECTS:
        for each in dialect.absent:
            assert (dialect.name, each.method, each.path) not in served


def test_every_operation_has_a_row_and_is_named_as_its_file() -> None:
    assert files() == set(HERE.rglob("operations/*.graphql"))
    for file in files():
        assert re.match(rf"(query|mutation) {file.stem}\b", file.read_text("utf-8"))


def test_every_fragment_is_spread_and_is_named_as_its_file() -> None:
    texts = [operation_text(file.parents[1].name, file.stem) for file in files()]
    for file in HERE.rglob("fragments/*.graphql"):
        text = file.read_text("utf-8")
        assert text.startswith(f"fragment {file.stem} on ")
        assert any(text in each for each in texts)


def test_operation_names_are_unique() -> None:
    """They tell requests apart in logs and metrics."""
    assert len({file.stem for file in files()}) == len(files())


def test_pure_files_import_nothing_that_acts() -> None:
    for file in HERE.glob("*/**/*.py"):
        if file.name in ACTING:
            continue
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom):
                assert node.module is not None
                if node.module != "starlette.datastructures":  # headers, as plain values
                    assert not node.module.startswith(("starlette", "structlog", "asyncio"))
            assert not isinstance(node, ast.AsyncFunctionDef | ast.Await)
