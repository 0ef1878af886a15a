"""A plan as text, for people."""

from collections.abc import Iterator

from commerce.http.graphql.compiled.plan import FieldPlan, ObjectPlan
from commerce.http.graphql.compiled.source import attribute_of, is_async


def outline(plan: ObjectPlan, depth: int = 0) -> Iterator[str]:
    """A line for each key, with its type and how it is found out."""
    for key, asked in plan.fields.items():
        if asked is None:
            yield f"{'  ' * depth}{key}: {plan.type.name}, known"
            continue
        yield f"{'  ' * depth}{key}: {asked.definition.type}, {_way(asked)}"
        several = len(asked.objects) > 1
        for name, below in asked.objects.items():
            if several:
                yield f"{'  ' * (depth + 1)}on {name}"
            yield from outline(below, depth + 1 + several)


def _way(asked: FieldPlan) -> str:
    attribute = attribute_of(asked.definition)
    if attribute is not None:
        holder, _, column = attribute.rpartition(".")
        return f"column {column}" if holder else f"attribute {attribute}"
    return "awaited" if is_async(asked.definition) else "called"
