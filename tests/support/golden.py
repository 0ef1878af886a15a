"""Comparing answers with the documents' samples, number by number."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx


def sample(file: Path) -> Any:
    return exact(file.read_text("utf-8"))


def exact(text: str) -> Any:
    """JSON with its fractions as they are written."""
    return json.loads(text, parse_float=Decimal)


def body(response: httpx.Response) -> Any:
    return exact(response.text)


def differences(shown: Any, expected: Any, where: str = "") -> list[str]:
    """Where `shown` lacks something of `expected`, or says it otherwise or in another type.

    Further keys are allowed: clients ignore them.
    """
    if isinstance(expected, dict) and isinstance(shown, dict):
        return [
            flaw
            for key, value in expected.items()
            for flaw in differences(shown.get(key, "is missing"), value, f"{where}.{key}")
        ]
    if isinstance(expected, list) and isinstance(shown, list) and len(shown) == len(expected):
        pairs = enumerate(zip(shown, expected, strict=True))
        return [flaw for i, pair in pairs for flaw in differences(*pair, f"{where}.{i}")]
    same = _kind(shown) is _kind(expected) and shown == expected
    return [] if same else [where.lstrip(".")]


def _kind(value: Any) -> type:
    """JSON has one kind of number."""
    return Decimal if isinstance(value, int) and not isinstance(value, bool) else type(value)
