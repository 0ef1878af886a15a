from pathlib import Path

import pytest

from commerce.integrations.smtp import SmtpServer, SmtpUrlError


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://mail.example.com", SmtpServer("mail.example.com", 587, "required")),
        ("smtp://mail.example.com:2525", SmtpServer("mail.example.com", 2525, "required")),
        ("smtps://mail.example.com", SmtpServer("mail.example.com", 465, "implicit")),
        ("smtp://127.0.0.1", SmtpServer("127.0.0.1", 25, "never")),
        ("smtp://localhost:1025/", SmtpServer("localhost", 1025, "never")),
        ("smtp://[::1]:1025", SmtpServer("::1", 1025, "never")),
        ("smtp://localhost?tls=required", SmtpServer("localhost", 587, "required")),
        ("smtp://relay.internal?tls=never", SmtpServer("relay.internal", 25, "never")),
        ("smtp://m.example?timeout=3.5", SmtpServer("m.example", 587, "required", timeout=3.5)),
        (
            "smtps://shop%40example.com:p%2Fw%3A1@m.example",
            SmtpServer("m.example", 465, "implicit", "shop@example.com", "p/w:1"),
        ),
    ],
)
def test_an_address_says_all_about_the_server(url: str, server: SmtpServer) -> None:
    assert SmtpServer.from_url(url) == server


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("mail.example.com", "smtp://"),
        ("http://mail.example.com", "smtp://"),
        ("smtp://", "smtp://"),
        ("smtp://user:canary@mail.example.com:port", "not a URL"),
        ("smtp://user:canary@mail.example.com:99999", "not a URL"),
        ("smtp://[::1", "not a URL"),
        ("smtp://user:canary@m.example?tls=maybe", "tls must be"),
        ("smtps://user:canary@m.example?tls=never", "no tls option"),
        ("smtp://user:canary@m.example?starttls=1", "options ca, timeout, tls"),
        ("smtp://m.example?timeout=soon", "number of seconds"),
        ("smtp://m.example?timeout=0", "at most 30"),
        ("smtp://m.example?timeout=31", "at most 30"),
        ("smtp://m.example?timeout=nan", "at most 30"),
        ("smtp://m.example?ca=/no/such/file", "file of certificates"),
    ],
)
def test_a_bad_one_is_refused_without_being_repeated(url: str, told: str) -> None:
    with pytest.raises(SmtpUrlError, match=told) as raised:
        SmtpServer.from_url(url)
    assert "canary" not in str(raised.value)


def test_a_file_of_certificates_is_taken(tmp_path: Path) -> None:
    file = tmp_path / "own.pem"
    file.touch()
    assert SmtpServer.from_url(f"smtp://m.example?ca={file}").ca == str(file)
