"""npm projects of the test suite, installed once for each state of their lock file."""

import hashlib
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

from commerce.http.bundles import BuildError, Toolchain, find_toolchain, npm_ci

REPOSITORY = Path(__file__).parents[2]
CACHE = REPOSITORY / ".pytest_cache" / "npm"


def toolchain() -> Toolchain:
    try:
        return find_toolchain()
    except BuildError as error:
        pytest.skip(str(error))


def installed(project: Path) -> Path:
    """A folder with the node_modules of `project`; processes may ask for it at the same time."""
    key = hashlib.sha256((project / "package-lock.json").read_bytes()).hexdigest()[:16]
    folder = CACHE / f"{project.name}-{key}"
    if not folder.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(dir=CACHE))
        for name in ("package.json", "package-lock.json", ".npmrc"):
            shutil.copy(project / name, fresh)
        npm_ci(toolchain(), fresh)
        _publish(fresh, folder)
    return folder


def _publish(fresh: Path, folder: Path) -> None:
    try:
        fresh.rename(folder)
    except OSError:  # another process was first
        shutil.rmtree(fresh)


def node(*arguments: str | os.PathLike[str], cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [toolchain().node, *arguments],
        check=False,
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=120,
    )
