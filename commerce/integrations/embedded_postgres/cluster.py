"""The database files: made once, checked and configured at each start."""

import os
import secrets
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from commerce.integrations.embedded_postgres.account import Account
from commerce.integrations.embedded_postgres.endpoint import Endpoint
from commerce.integrations.embedded_postgres.errors import EmbeddedPostgresError
from commerce.integrations.embedded_postgres.home import Home, write_whole
from commerce.integrations.embedded_postgres.programs import Outcome, Programs

CONFIGURATION = "storegraph.conf"
_ACCESS = "pg_hba.conf"
# Sorting and upper case are PostgreSQL's own, the same everywhere. What counts as a letter in
# pg_trgm is the system's: under plain C it would drop every accented one. macOS has no C.UTF-8.
_LETTERS = ("C.UTF-8", "en_US.UTF-8", "C")

_SETTINGS = {
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
    "max_connections": "100",
    "shared_buffers": "128MB",
    "random_page_cost": "1.1",  # no spinning disks
    "max_wal_size": "512MB",  # bounds what is replayed after a crash: back within seconds
    "timezone": "UTC",
    "log_timezone": "UTC",
    # Errors go to the client, who logs them. Written here as well they would put customers' data
    # (values of keys, statements) into a file that nobody watches.
    "log_min_messages": "log",
    "log_checkpoints": "off",
}


@dataclass(frozen=True, slots=True)
class Cluster:
    home: Home
    programs: Programs
    account: Account

    def prepare(self, endpoint: Endpoint, hold: tuple[int, ...]) -> None:
        """Make it if there is none, refuse a foreign one, write its configuration."""
        major = self.programs.major(self.account)
        if not self.home.password.exists():
            write_whole(self.home.password, secrets.token_urlsafe(32), self.account)
        if not (self.home.data / "PG_VERSION").exists():
            self._make(hold)
        self._check(major)
        self._configure(endpoint)

    def _check(self, major: int) -> None:
        found = (self.home.data / "PG_VERSION").read_text().strip()
        if found != str(major):
            raise EmbeddedPostgresError(
                f"{self.home.data} was written by PostgreSQL {found} and this is PostgreSQL "
                f"{major}: move its contents over with pg_dump, or choose another data folder."
            )
        if self.account.uid is not None and self.home.data.stat().st_uid == 0:
            self.account.take_tree(self.home.data)  # a copy that root made

    def _make(self, hold: tuple[int, ...]) -> None:
        """Aside and then renamed, so that a crash half-way leaves nothing that looks whole."""
        fresh = self.home.unfinished
        if fresh.exists():
            shutil.rmtree(fresh)
        outcome = self._initdb(fresh, hold)
        if not outcome.succeeded:
            shutil.rmtree(fresh, ignore_errors=True)
            raise EmbeddedPostgresError(
                f"No database could be made in {self.home.data}: {outcome.reason}"
            )
        fresh.rename(self.home.data)
        _settle_on_disk(self.home.path)

    def _initdb(self, fresh: Path, hold: tuple[int, ...]) -> Outcome:
        outcome = Outcome(succeeded=False, output="")
        for letters in _LETTERS:
            fresh.mkdir(mode=0o700, exist_ok=True)
            self.account.take(fresh)
            options = _initdb_options(fresh.name, letters, self.home.password.name)
            outcome = self.programs.run(
                "initdb", *options, account=self.account, cwd=self.home.path, hold=hold
            )
            if "invalid locale name" not in outcome.output:
                break
        return outcome

    def _configure(self, endpoint: Endpoint) -> None:
        access = self.home.path / _ACCESS
        settings = _SETTINGS | endpoint.settings | {"hba_file": str(access)}
        if self.programs.has_statement_statistics:
            settings["shared_preload_libraries"] = "pg_stat_statements"
        lines = ["include 'data/postgresql.conf'"]
        lines += [f"{name} = {_quoted(value)}" for name, value in settings.items()]
        write_whole(access, endpoint.access_rules, self.account)
        write_whole(self.home.path / CONFIGURATION, "\n".join(lines) + "\n", self.account)


def _initdb_options(folder: str, letters: str, password_file: str) -> list[str]:
    return [
        f"--pgdata={folder}",
        "--username=postgres",
        "--auth=scram-sha-256",
        f"--pwfile={password_file}",
        "--data-checksums",
        "--encoding=UTF8",
        "--locale=C",
        f"--lc-ctype={letters}",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
    ]


def _quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"


def _settle_on_disk(folder: Path) -> None:
    """A rename survives a power cut once its folder is written."""
    if sys.platform == "win32":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
