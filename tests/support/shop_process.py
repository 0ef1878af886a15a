"""Serves the test application in a process of its own: `python -m ... PORT WORKERS TARGET`."""

import sys

from starlette.types import ASGIApp

from commerce.http.server import ServerError, serve
from commerce.settings import Settings
from tests.support.shop_app import shop_app


def build(settings: Settings) -> ASGIApp:
    return shop_app(settings)


def fail(_settings: Settings) -> ASGIApp:
    raise RuntimeError("this store cannot open")


if __name__ == "__main__":
    _, port, workers, target = sys.argv
    settings = Settings(port=int(port), workers=int(workers), log_format="json")
    try:
        sys.exit(serve(settings, f"tests.support.shop_process:{target}"))
    except ServerError as error:
        sys.exit(str(error))
