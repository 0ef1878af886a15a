import json
import re
from pathlib import Path

import pytest
from graphql import OperationDefinitionNode, build_schema, parse, validate

from commerce.http.bundles import GRAPHIQL as HERE

SCHEMA = Path(__file__).parents[4] / "schema.graphql"
EXAMPLES = sorted((HERE / "examples").glob("*.graphql"))
DOCUMENTS = [*EXAMPLES, HERE / "src" / "sample.graphql"]
SETTING = re.compile(r"^# (Variables|Headers): (.*)$", re.MULTILINE)


def named(path: Path) -> str:
    return path.stem


def test_the_examples_are_the_seven_that_the_side_bar_promises() -> None:
    titles = [path.read_text().splitlines()[0] for path in EXAMPLES]
    assert titles == [
        "# Storefront listing",
        "# Product detail by slug",
        "# Search with facets",
        "# Variants, page by page",
        "# Send an API key",
        "# Create a product",
        "# Listen to what happens",
    ]


@pytest.mark.parametrize("path", DOCUMENTS, ids=named)
def test_a_document_fits_the_schema(path: Path) -> None:
    schema = build_schema(SCHEMA.read_text())
    assert [error.message for error in validate(schema, parse(path.read_text()))] == []


@pytest.mark.parametrize("path", EXAMPLES, ids=named)
def test_an_example_is_one_named_operation(path: Path) -> None:
    (operation,) = parse(path.read_text()).definitions
    assert isinstance(operation, OperationDefinitionNode)
    assert operation.name is not None


@pytest.mark.parametrize("path", EXAMPLES, ids=named)
def test_an_example_gives_each_variable_that_has_no_default(path: Path) -> None:
    text = path.read_text()
    settings = {name: json.loads(value) for name, value in SETTING.findall(text)}
    (operation,) = parse(text).definitions
    assert isinstance(operation, OperationDefinitionNode)
    needed = {
        variable.variable.name.value
        for variable in operation.variable_definitions or ()
        if variable.type.kind == "non_null_type" and variable.default_value is None
    }
    assert set(settings.get("Variables", {})) == needed
