"""What variables may look like before anything tries to make sense of them."""

from collections.abc import Mapping
from typing import Any, Final

from commerce.core.problems import BadInputError
from commerce.http.graphql.limits import LimitExceededError, Limits

SURROGATES: Final = ("\ud800", "\udfff")


def check_variables(variables: Mapping[str, Any], limits: Limits) -> None:
    """Raises a `RequestError` for variables that are too large, or that no column can hold.

    PostgreSQL's text takes no NUL character, UTF-8 no lone surrogate.
    """
    for name, value in variables.items():
        _check_text(name, limits)
        _check(value, limits, 1)


def _check(value: Any, limits: Limits, depth: int) -> None:
    if isinstance(value, str):
        _check_text(value, limits)
    elif isinstance(value, dict | list):
        if depth >= limits.input_depth:
            raise LimitExceededError("input_depth", limits.input_depth)
        _check_inside(value, limits, depth + 1)


def _check_inside(value: dict[str, Any] | list[Any], limits: Limits, depth: int) -> None:
    if isinstance(value, list):
        if len(value) > limits.input_items:
            raise LimitExceededError("input_items", limits.input_items)
        items = value
    else:
        for name in value:
            _check_text(name, limits)
        items = list(value.values())
    for item in items:
        _check(item, limits, depth)


def _check_text(text: str, limits: Limits) -> None:
    if len(text) > limits.input_characters:
        raise LimitExceededError("input_characters", limits.input_characters)
    if text.isascii():
        if "\0" in text:
            raise BadInputError("NUL characters cannot be used.")
        return
    if "\0" in text or any(SURROGATES[0] <= character <= SURROGATES[1] for character in text):
        raise BadInputError("NUL characters and lone surrogates cannot be used.")
