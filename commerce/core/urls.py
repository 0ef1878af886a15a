"""Addresses of the web."""

import re
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

from commerce.core.problems import Invalid
from commerce.core.text import text_flaw

MAX_URL: Final = 2_000
NOT_IN_URL: Final = re.compile(r"[\x00-\x20\x7f\\<>\"]")


def url_flaw(url: str, *path: str) -> Invalid | None:
    """Why nothing can be at `url`, or None when it is an http(s) address or a plain path.

    A path has no scheme and no host: `//elsewhere/x.jpg` is neither, and browsers read a
    backslash as a slash.
    """
    flaw = text_flaw(url, MAX_URL, *path)
    if flaw is not None:
        return flaw
    try:
        parts = urlsplit(url.strip())
        absolute = parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        return Invalid("This is no address.", path)
    plain = not parts.scheme and not parts.netloc and not url.strip().startswith("//")
    if NOT_IN_URL.search(url.strip()) or not (absolute or plain):
        return Invalid("This must be an http or https address, or a plain path.", path)
    return None


def is_web_address(url: str) -> bool:
    """Whether `url` says where to call by http or https."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and not parts.fragment


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach `host`."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def is_in_the_clear(url: str) -> bool:
    """Whether what is sent to `url` can be read on its way."""
    parts = urlsplit(url)
    return parts.scheme == "http" and not is_loopback(parts.hostname or "")
