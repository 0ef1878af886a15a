"""The house keeps its shape."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("commerce", "resolvers", "loaders", "migrations")
SOURCES = sorted(
    path
    for package in PACKAGES
    for path in (ROOT / package).rglob("*.py")
    if "node_modules" not in path.parts
)
MAX_FILE = 400
MAX_FUNCTION = 50


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_files_and_functions_stay_small(path: Path) -> None:
    if "versions" in path.parts:
        return  # migrations are written once and read as a list
    text = path.read_text()
    assert text.count("\n") <= MAX_FILE
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            assert length <= MAX_FUNCTION, f"{node.name} has {length} lines"


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_ignore_names_its_rule_and_its_reason(path: Path) -> None:
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if re.search(r"# (noqa|type: ignore)", line):
            assert re.search(r"# (noqa: [A-Z0-9, ]+|type: ignore\[[a-z-, ]+\])  # \S", line), (
                f"line {number}: {line.strip()}"
            )


def test_no_file_names_a_registry() -> None:
    hosts = ("pypi" + ".org", "registry.npmjs" + ".org", "files.python" + "hosted.org")
    listed = [*ROOT.glob("requirements*.lock"), *ROOT.rglob("package-lock.json")]
    for path in [*listed, ROOT / "pyproject.toml", ROOT / "Makefile"]:
        if "node_modules" in path.parts:
            continue
        text = path.read_text()
        assert not any(host in text for host in hosts), path
