"""The npm package graphql-http asks the server what the GraphQL over HTTP specification demands."""

import os
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.support.npm import installed, node

HERE = Path(__file__).parent
Audit = Callable[[str], subprocess.CompletedProcess[str]]

pytestmark = pytest.mark.timeout(600)  # the first run installs the package


@pytest.fixture(scope="module")
def audit() -> Audit:
    folder = installed(HERE)
    # The script must lie beside node_modules, and be the current one.
    with tempfile.NamedTemporaryFile(dir=folder, suffix=".mjs", delete=False) as copy:
        copy.write((HERE / "audit.mjs").read_bytes())
    os.replace(copy.name, folder / "audit.mjs")
    return lambda url: node("audit.mjs", url, cwd=folder)


class AlwaysFine(BaseHTTPRequestHandler):
    """Says 200 and no data, whatever it is asked."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("content-length", 0)))
        self.do_GET()

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def careless_server() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), AlwaysFine) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/graphql"
        server.shutdown()
        thread.join()


def test_all_audits_pass(audit: Audit, live_server: str) -> None:
    told = audit(f"{live_server}/graphql")
    assert told.stdout + told.stderr == "61 of 61 audits passed\n"
    assert told.returncode == 0


def test_a_careless_server_fails_and_each_failure_is_named(
    audit: Audit, careless_server: str
) -> None:
    told = audit(careless_server)
    assert told.returncode == 1
    assert (
        "warn   86EE SHOULD use a status code of 400 on variable coercion failure "
        "when accepting application/graphql-response+json\n"
        "       Response status code is not 400\n"
        "       200 {}\n"
        "31 of 61 audits passed\n"
    ) in told.stdout


def test_a_server_that_is_not_there_fails(audit: Audit) -> None:
    told = audit("http://127.0.0.1:9/graphql")
    assert told.returncode == 1
    assert told.stdout.endswith("\n0 of 61 audits passed\n")
