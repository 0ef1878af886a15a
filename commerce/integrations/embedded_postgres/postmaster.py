"""The server process: found, started, stopped, and its survivors cleared away."""

import contextlib
import time
from dataclasses import dataclass

import psutil

from commerce.integrations.embedded_postgres.account import Account
from commerce.integrations.embedded_postgres.cluster import CONFIGURATION
from commerce.integrations.embedded_postgres.errors import EmbeddedPostgresError
from commerce.integrations.embedded_postgres.home import Home
from commerce.integrations.embedded_postgres.programs import Outcome, Programs, complaint

_LOG_BYTES = 10_000_000
_STATUS = 7  # line of postmaster.pid


@dataclass(frozen=True, slots=True)
class Postmaster:
    home: Home
    programs: Programs
    account: Account

    def running(self) -> psutil.Process | None:
        """The live server of this folder, starting or stopping ones included."""
        lines = self._pid_file()
        return self._ours(int(lines[0])) if lines and lines[0].isdigit() else None

    def is_ready(self) -> bool:
        """Whether it takes connections: the last line of its file says so."""
        return self._pid_file()[_STATUS : _STATUS + 1] == ["ready"]

    def start(self, hold: tuple[int, ...]) -> psutil.Process:
        """Start it. It may still be recovering from a crash on return."""
        self._turn_log()
        before = self.home.log.stat().st_size if self.home.log.exists() else 0
        # Relative names: pg_ctl goes through a shell, which must not see the folder's name.
        options = f"--config_file={CONFIGURATION} --cluster_name={self.home.marker}"
        log = self.home.log.relative_to(self.home.path)
        outcome = self._pg_ctl("start", "--log", str(log), "--options", options, hold=hold)
        found = self.running()
        if found is None:
            raise EmbeddedPostgresError(
                f"PostgreSQL did not start in {self.home.path}: "
                f"{self._complaint_since(before) or outcome.reason}"
            )
        return found

    def stop(self) -> None:
        """Rolls back what is open and writes everything down; at once if that takes too long."""
        process = self.running()
        if not self._pg_ctl("stop", "--mode", "fast").succeeded and self.running():
            self._pg_ctl("stop", "--mode", "immediate")
        while process is not None and is_alive(process):  # its file is gone a moment before it
            time.sleep(0.005)

    def kill_survivors(self) -> None:
        """End the children of a dead server: it is not theirs to decide when the next starts."""
        for process in psutil.process_iter():
            if self._belongs(process):
                with contextlib.suppress(psutil.Error):
                    process.kill()

    def forget_dead(self) -> None:
        """Remove its file if another process got its number since.

        PostgreSQL would take that one for a running server. In any other case the file stays:
        PostgreSQL checks by it that the old shared memory is free.
        """
        lines = self._pid_file()
        if lines and lines[0].isdigit() and psutil.pid_exists(int(lines[0])):
            (self.home.data / "postmaster.pid").unlink(missing_ok=True)

    def _pid_file(self) -> list[str]:
        try:
            text = (self.home.data / "postmaster.pid").read_text(errors="replace")
        except FileNotFoundError:
            return []
        return [line.strip() for line in text.splitlines()]

    def _ours(self, pid: int) -> psutil.Process | None:
        try:
            process = psutil.Process(pid)
        except psutil.NoSuchProcess:
            return None
        return process if self._belongs(process) else None

    def _belongs(self, process: psutil.Process) -> bool:
        """By its command line, which anybody may read (and a zombie has none)."""
        try:
            return process.name().startswith("postgres") and any(
                self.home.marker in word for word in process.cmdline()
            )
        except psutil.Error:
            return False

    def _pg_ctl(self, action: str, *options: str, hold: tuple[int, ...] = ()) -> Outcome:
        return self.programs.run(
            "pg_ctl", action, "--pgdata", self.home.data.name, "--silent", "--wait", *options,
            account=self.account, cwd=self.home.path, hold=hold,
        )  # fmt: skip

    def _turn_log(self) -> None:
        log = self.home.log
        if log.exists() and log.stat().st_size > _LOG_BYTES:
            log.replace(log.with_suffix(".log.1"))

    def _complaint_since(self, start: int) -> str:
        """What the log complains about from byte `start` on; nothing if it is silent."""
        if not self.home.log.exists():
            return ""
        with self.home.log.open(errors="replace") as log:
            log.seek(start)
            text = log.read()
        return complaint(text) if text else ""


def is_alive(process: psutil.Process) -> bool:
    """False for a zombie too: in a container its parent may never ask for it."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
