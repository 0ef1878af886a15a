"""What variables may look like before anything tries to make sense of them."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from commerce.core.problems import BadInputError
from commerce.http.graphql.limits import LimitExceededError, Limits

SURROGATES: Final = ("\ud800", "\udfff")


def check_variables(variables: Mapping[str, Any], limits: Limits) -> None:
    """Raises a `RequestError` for variables that are too large, or that no column can hold.

    PostgreSQL's text takes no NUL character, UTF-8 no lone surrogate.
    """
    for name in variables:
        _check_text(name, limits)
    rest = [(value, 1) for value in variables.values()]
    seen = 0
    while rest:
        value, depth = rest.pop()
        seen += 1
        if seen + len(rest) > limits.input_values:
            raise LimitExceededError("input_values", limits.input_values)
        if isinstance(value, str):
            _check_text(value, limits)
        elif isinstance(value, dict | list):
            if depth >= limits.input_depth:
                raise LimitExceededError("input_depth", limits.input_depth)
            rest.extend((inner, depth + 1) for inner in _inside(value, limits))


def _inside(value: dict[str, Any] | list[Any], limits: Limits) -> Iterable[Any]:
    if isinstance(value, list):
        if len(value) > limits.input_items:
            raise LimitExceededError("input_items", limits.input_items)
        return value
    for name in value:
        _check_text(name, limits)
    return value.values()


def _check_text(text: str, limits: Limits) -> None:
    if len(text) > limits.input_characters:
        raise LimitExceededError("input_characters", limits.input_characters)
    if text.isascii():
        if "\0" in text:
            raise BadInputError("NUL characters cannot be used.")
        return
    if "\0" in text or any(SURROGATES[0] <= character <= SURROGATES[1] for character in text):
        raise BadInputError("NUL characters and lone surrogates cannot be used.")
