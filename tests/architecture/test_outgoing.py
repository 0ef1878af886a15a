"""Who may call others: the services that the operator named, and one client for everything else."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.test_tree import SOURCES

ROOT = Path(__file__).parents[2]
CALLERS = ("httpx", "httpcore", "aiohttp", "requests", "urllib3", "urllib.request", "http.client",
           "ftplib", "smtplib", "telnetlib", "socket")  # fmt: skip
CONNECTING = ("open_connection", "create_connection", "sock_connect", "connect_tcp")

# Who calls what the operator named in settings, and the client that looks at addresses.
MAY: dict[str, set[str]] = {
    "commerce/integrations/json_service.py": {"httpx"},
    "commerce/integrations/sms_gateway.py": {"httpx"},
    "commerce/integrations/stripe/api.py": {"httpx"},
    "commerce/integrations/safe_http.py": {"httpcore", "connect_tcp"},
    "commerce/integrations/name_lookup.py": {"socket"},
    # These open none but their own: where the server listens, where its own database does.
    "commerce/http/server.py": {"socket"},
    "commerce/integrations/embedded_postgres/endpoint.py": {"socket"},
}


def imported(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (name.name for name in node.names)
    elif isinstance(node, ast.ImportFrom) and node.module is not None:
        yield node.module
        yield from (f"{node.module}.{name.name}" for name in node.names)


def ways_out(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        for name in imported(node):
            yield from (out for out in CALLERS if name == out or name.startswith(f"{out}."))
        if isinstance(node, ast.Attribute) and node.attr in CONNECTING:
            yield node.attr


def test_only_named_files_call_others() -> None:
    found = {str(path.relative_to(ROOT)): set(ways_out(path.read_text())) for path in SOURCES}
    assert {path: ways for path, ways in found.items() if ways} == MAY


def test_ways_out_are_seen() -> None:
    seen = (
        "import httpx", "import urllib.request as r", "from urllib import request",
        "from urllib.request import urlopen", "from http import client", "import aiohttp.client",
        "asyncio.open_connection('a', 1)", "loop.create_connection(x)",
    )  # fmt: skip
    assert all(list(ways_out(source)) for source in seen)
    for source in ("from urllib.parse import quote", "import http", "from commerce import http"):
        assert not list(ways_out(source))
