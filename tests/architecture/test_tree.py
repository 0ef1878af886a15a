"""The house keeps its shape."""

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path

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
EXPLAINED = re.compile(r"# (noqa: [A-Z0-9, ]+|type: ignore\[[a-z-, ]+\])  # \S")


def flaws(check: Callable[[Path], Iterator[str]]) -> list[str]:
    """Of every file, each with its place."""
    return [f"{path.relative_to(ROOT)}: {flaw}" for path in SOURCES for flaw in check(path)]


def too_long(path: Path) -> Iterator[str]:
    if "versions" in path.parts:
        return  # migrations are written once and read as a list
    text = path.read_text()
    if text.count("\n") > MAX_FILE:
        yield f"has {text.count(chr(10))} lines"
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > MAX_FUNCTION:
                yield f"{node.name} has {length} lines"


def unexplained(path: Path) -> Iterator[str]:
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if re.search(r"# (noqa|type: ignore)", line) and not EXPLAINED.search(line):
            yield f"line {number}: {line.strip()}"


def test_files_and_functions_stay_small() -> None:
    assert len(SOURCES) > 100
    assert flaws(too_long) == []


def test_every_ignore_names_its_rule_and_its_reason() -> None:
    assert flaws(unexplained) == []


def test_no_file_names_a_registry() -> None:
    hosts = ("pypi" + ".org", "registry.npmjs" + ".org", "files.python" + "hosted.org")
    listed = [*ROOT.glob("requirements*.lock"), *ROOT.rglob("package-lock.json")]
    for path in [*listed, ROOT / "pyproject.toml", ROOT / "Makefile"]:
        if "node_modules" in path.parts:
            continue
        text = path.read_text()
        assert not any(host in text for host in hosts), path
