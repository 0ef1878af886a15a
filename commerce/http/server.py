"""The web server itself: uvicorn, set up for strangers on the other end of the wire."""

import gc
import os
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Final

import structlog
import uvicorn
from starlette.types import ASGIApp
from uvicorn.config import STARTUP_FAILURE
from uvicorn.supervisors.multiprocess import Multiprocess
from uvicorn.supervisors.statreload import StatReload

from commerce.http.logs import configure_logging, standard_library
from commerce.http.protocol import PatientProtocol, PatientWebSocket
from commerce.settings import Settings

log: Final = structlog.get_logger("commerce.server")

BACKLOG: Final = 512
KEEP_ALIVE_SECONDS: Final = 5
MAX_MESSAGE: Final = 64 * 1024  # bytes, of a WebSocket
GRACEFUL_SECONDS: Final = 10
# A worker may be busy starting the embedded database before it answers its supervisor.
WORKER_SECONDS: Final = 30
ROOT: Final = Path(__file__).parents[2]
SOURCES: Final = ("commerce", "resolvers", "loaders")
FOREIGN: Final = frozenset({"node_modules", "static", "__pycache__"})
# Requests leave few cycles behind; to look for them as often as Python does costs more than it
# frees.
COLLECT_AFTER: Final = (50_000, 20, 20)


class ServerError(Exception):
    """The server cannot start; the message says why."""


@dataclass(frozen=True, slots=True)
class AppFactory:
    """Builds the application in the process that serves it: `module:function`, taking settings.

    Picklable, so that worker processes get the settings of the command line, not those of the
    environment.
    """

    target: str
    settings: Settings

    def __call__(self) -> ASGIApp:
        configure_logging(self.settings)
        try:
            return self._build()
        except Exception as error:
            log.error("cannot_start", exc_info=error)
            # With any other code the supervisor of several workers would try again for ever.
            sys.exit(STARTUP_FAILURE)

    def _build(self) -> ASGIApp:
        module, _, name = self.target.partition(":")
        build: Callable[[Settings], ASGIApp] = getattr(import_module(module), name)
        return build(self.settings)


def spare_collector() -> None:
    """Called once all is built that stays: the collector need not look at it again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECT_AFTER)


def serve(settings: Settings, factory: str, *, reload: bool = False) -> int:
    """Serves until told to stop; the exit code. `factory` names a function: settings to app.

    Raises `ServerError` when the address cannot be listened on.
    """
    configure_logging(settings)
    _allow_many_connections()
    config = server_config(settings, factory, reload=reload)
    listener = listen(settings)
    url = url_of(settings, listener)
    with listener, suppress(KeyboardInterrupt):
        if config.workers == 1 and not reload:
            return _serve_alone(config, listener, url)
        log.info("starting", url=url, workers=config.workers)
        if reload:
            _SourceReload(config, uvicorn.Server(config).run, [listener]).run()
        else:
            return _serve_together(config, listener)
    return 0


def server_config(settings: Settings, factory: str, *, reload: bool = False) -> uvicorn.Config:
    return uvicorn.Config(
        AppFactory(factory, settings),
        factory=True,
        loop="asyncio" if sys.platform == "win32" else "uvloop",
        http=PatientProtocol,
        ws=PatientWebSocket,
        ws_max_size=MAX_MESSAGE,
        ws_per_message_deflate=False,  # costs memory per connection, and time
        lifespan="on",
        interface="asgi3",
        workers=1 if reload else settings.workers,
        log_config=standard_library(settings),
        access_log=False,
        server_header=False,
        proxy_headers=True,
        forwarded_allow_ips=list(settings.trusted_proxies),
        backlog=BACKLOG,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=GRACEFUL_SECONDS,
        timeout_worker_healthcheck=WORKER_SECONDS,
    )


def listen(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((settings.host, settings.port))
    except OSError as error:
        listener.close()
        address = f"{settings.host}:{settings.port}"
        raise ServerError(f"Cannot listen on {address}: {error.strerror or error}.") from error
    listener.set_inheritable(True)
    return listener


def url_of(settings: Settings, listener: socket.socket) -> str:
    """Where the server can be reached; tells the port when it was left to the system."""
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return f"http://{host}:{listener.getsockname()[1]}"


class _Server(uvicorn.Server):
    """Says where it listens once it does."""

    def __init__(self, config: uvicorn.Config, url: str) -> None:
        super().__init__(config)
        self._url = url

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            log.info("listening", url=self._url)


def _serve_alone(config: uvicorn.Config, listener: socket.socket, url: str) -> int:
    server = _Server(config, url)
    server.run([listener])
    return 0 if server.started else STARTUP_FAILURE


def _serve_together(config: uvicorn.Config, listener: socket.socket) -> int:
    workers = _Workers(config, [listener])
    workers.run()
    failed = any(process.exitcode == STARTUP_FAILURE for process in workers.processes)
    return STARTUP_FAILURE if failed else 0


class _Workers(Multiprocess):
    """Notices at once that a worker has died."""

    def keep_subprocess_alive(self) -> None:
        for process in self.processes:
            # A copy of the worker's end: while it is open, its death does not end the wait for it.
            process.child_conn.close()
        super().keep_subprocess_alive()


class _SourceReload(StatReload):
    """Starts the server anew when one of our files has changed."""

    def iter_py_files(self) -> Iterator[Path]:
        for source in SOURCES:
            for folder, inner, files in os.walk(ROOT / source):
                inner[:] = [name for name in inner if name not in FOREIGN]
                yield from (Path(folder, name) for name in files if name.endswith(".py"))


def _allow_many_connections() -> None:
    """Idle connections cost a file descriptor each, and 1,024 are soon used up."""
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
