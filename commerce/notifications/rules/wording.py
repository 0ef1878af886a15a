"""The store's own words: which templates are taken. What is refused here is never run."""

from collections.abc import Collection
from typing import Final

from jinja2 import TemplateSyntaxError, nodes
from jinja2.meta import find_undeclared_variables
from jinja2.sandbox import ImmutableSandboxedEnvironment

from commerce.core.problems import Invalid
from commerce.notifications.text import one_line

MAX_SUBJECT: Final = 300
MAX_BODY: Final = 20_000
FILTERS: Final = frozenset(
    (
        *("capitalize", "default", "e", "escape", "first", "join", "last", "length", "lower"),
        *("one_line", "title", "trim", "upper", "urlencode"),
    )
)
CALLED: Final = "link"
ITSELF: Final = "self"  # what Jinja calls the template, whatever it is given
GIVEN: Final = frozenset((CALLED, "store", "language", "direction"))
# Neither arithmetic, assignments nor macros: a template takes no longer than its text is long.
TAKEN: Final = (
    nodes.Output, nodes.TemplateData, nodes.Name, nodes.Const, nodes.Getattr, nodes.Getitem,
    nodes.If, nodes.CondExpr, nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not,
    nodes.Concat, nodes.Filter, nodes.Keyword, nodes.For, nodes.Call, nodes.Test,
)  # fmt: skip
READER: Final = ImmutableSandboxedEnvironment()
READER.filters["one_line"] = one_line


def wording_flaw(subject: str, body: str, known: Collection[str]) -> Invalid | None:
    """What is wrong with a template that may use the names in `known`."""
    for name, text, limit in (("subject", subject, MAX_SUBJECT), ("body", body, MAX_BODY)):
        if len(text) > limit:
            return Invalid(f"This must have at most {limit} characters.", (name,))
        told = _flaw(text, known)
        if told is not None:
            return Invalid(told, (name,))
    return None if body.strip() else Invalid("This must not be empty.", ("body",))


def _flaw(text: str, known: Collection[str]) -> str | None:
    try:
        tree = READER.parse(text)
    except TemplateSyntaxError as error:
        return f"Line {error.lineno}: {error.message}"
    except RecursionError:
        return "This is nested too deeply."
    for node in tree.find_all(nodes.Node):
        told = _refused(node)
        if told is not None:
            return f"Line {node.lineno}: {told}"
    unknown = sorted(find_undeclared_variables(tree) - set(known) - GIVEN)
    return f"There is no {unknown[0]} here." if unknown else None


def _refused(node: nodes.Node) -> str | None:
    if not isinstance(node, TAKEN):
        return f"{type(node).__name__} cannot be used here."
    if isinstance(node, nodes.Filter):
        return None if node.name in FILTERS else f"There is no filter {node.name}."
    if isinstance(node, nodes.Test):
        return None if node.name == "defined" else f"There is no test {node.name}."
    if isinstance(node, nodes.Call):
        return None if _is_link(node) else f"Nothing but {CALLED}(…) can be called."
    if isinstance(node, nodes.For):
        return _loop_flaw(node)
    if isinstance(node, nodes.Name) and node.name == ITSELF:
        return f"There is no {ITSELF} here."
    named = getattr(node, "attr", "")
    return "Names do not begin with _." if str(named).startswith("_") else None


def _is_link(call: nodes.Call) -> bool:
    named = isinstance(call.node, nodes.Name) and call.node.name == CALLED
    return named and call.dyn_args is None and call.dyn_kwargs is None


def _loop_flaw(loop: nodes.For) -> str | None:
    if not isinstance(loop.iter, nodes.Name) or loop.recursive:
        return "A loop goes over a list that is given."
    inner = any(part.find(nodes.For) is not None for part in loop.body)
    inner = inner or any(isinstance(part, nodes.For) for part in loop.body)
    return "A loop has no loop in it." if inner else None
