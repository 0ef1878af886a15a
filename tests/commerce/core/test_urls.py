import pytest

from commerce.core.urls import url_flaw


@pytest.mark.parametrize(
    "url",
    [
        "https://cdn.example/a.jpg",
        "http://cdn.example:8080/a%20b.jpg?w=2#x",
        "HTTPS://CDN.EXAMPLE/A.JPG",
        "/media/a.jpg",
        "a.jpg",
        "./a/b.jpg",
        " /a.jpg ",
    ],
)
def test_addresses_and_plain_paths_are_taken(url: str) -> None:
    assert url_flaw(url, "url") is None


@pytest.mark.parametrize(
    "url",
    [
        "",
        " ",
        "javascript:alert(1)",
        "JAVASCRIPT:alert(1)",
        "java\tscript:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "file:///etc/passwd",
        "ftp://example/a",
        "//evil.example/a.jpg",
        "/\\evil.example/a.jpg",
        "\\\\evil.example",
        "https://",
        "https:///a.jpg",
        "http://[::1/a",
        "https://a b/c",
        'https://a/"x',
        "https://a/<x>",
        "https://a/\x00",
        "x" * 2001,
    ],
)
def test_everything_else_is_refused(url: str) -> None:
    assert url_flaw(url, "url") is not None
