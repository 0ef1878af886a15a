"""From input objects to the values services take."""

from collections.abc import Collection
from dataclasses import fields
from typing import Any

import strawberry

from commerce.core.problems import BadInputError


def given(input_: Any, *left_out: str, nullable: Collection[str] = ()) -> dict[str, Any]:
    """The fields the caller sent, by name. `seo` becomes `seo_title` and the like.

    Null clears the `nullable` ones; for the others it is refused rather than ignored.
    """
    values: dict[str, Any] = {}
    for field in fields(input_):
        value = getattr(input_, field.name)
        if value is strawberry.UNSET or field.name in left_out:
            continue
        if value is None and field.name not in nullable:
            raise BadInputError(f"{field.name} must not be null; leave it out to keep it.")
        if field.name == "seo":
            values |= {f"seo_{name}": part for name, part in given(value).items()}
        else:
            values[field.name] = value
    return values
