"""The documents name every scope, and where OAuth is served."""

from pathlib import Path

import pytest

from commerce.core.viewer import Scope
from commerce.http.oauth.endpoints import metadata_of
from commerce.oauth.rules.scopes import MEANINGS, NEVER_GRANTED

DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize("scope", Scope)
def test_every_scope_is_documented(scope: Scope) -> None:
    assert f"| `{scope.value}` |" in (DOCS / "api-keys.md").read_text()


@pytest.mark.parametrize("name", [name for name in MEANINGS if ":" in name])
def test_every_name_of_another_api_is_documented(name: str) -> None:
    assert f"`{name}`" in (DOCS / "oauth.md").read_text()


def test_every_scope_can_be_asked_for_but_those_that_outlive_a_token() -> None:
    assert {scope.value for scope in Scope if scope not in NEVER_GRANTED} <= set(MEANINGS)
    assert not {scope.value for scope in NEVER_GRANTED} & set(MEANINGS)
    assert not any(meant & NEVER_GRANTED for meant in MEANINGS.values())


def test_every_endpoint_is_documented() -> None:
    page = (DOCS / "oauth.md").read_text()
    urls = [value for value in metadata_of("").values() if str(value).startswith("/oauth/")]
    assert len(urls) == 3
    assert all(f"`{url}`" in page for url in urls)
