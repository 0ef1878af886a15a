"""Which addresses may be called, as tables. Over real sockets: tests/reliability/test_ssrf.py."""

from ipaddress import ip_address, ip_network

import pytest

from commerce.core.network import CallingRules, Target, address_flaw, connectable, target_of
from commerce.core.outgoing import UnsafeAddressError

RULES = CallingRules(plain_http=True)


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("https://example.com", Target("https", "example.com", 443, "/")),
        ("HTTPS://Example.COM:443/a?b=c#d", Target("https", "example.com", 443, "/a?b=c")),
        ("http://example.com:/x", Target("http", "example.com", 80, "/x")),
        ("https://example.com?q=1", Target("https", "example.com", 443, "/?q=1")),
        ("https://example.com:8443/ü%20", Target("https", "example.com", 8443, "/%C3%BC%20")),
        ("https://bücher.example/", Target("https", "xn--bcher-kva.example", 443, "/")),
        ("https://my_host.example/", Target("https", "my_host.example", 443, "/")),
        ("https://1.2.3.com/", Target("https", "1.2.3.com", 443, "/")),
        ("https://8.8.8.8/", Target("https", "8.8.8.8", 443, "/")),
        ("https://[2606:4700::1111]:8000/", Target("https", "2606:4700::1111", 8000, "/")),
        ("https://[::ffff:8.8.8.8]/", Target("https", "8.8.8.8", 443, "/")),
        ("https://example.com/?u=http://127.0.0.1/@x", Target(
            "https", "example.com", 443, "/?u=http://127.0.0.1/@x")),
    ],
)  # fmt: skip
def test_says_where_to_connect(url: str, target: Target) -> None:
    assert target_of(url, RULES) == target


@pytest.mark.parametrize(
    ("target", "authority"),
    [
        (Target("https", "a.example", 443, "/"), "a.example"),
        (Target("https", "a.example", 80, "/"), "a.example:80"),
        (Target("http", "2606:4700::1", 8000, "/"), "[2606:4700::1]:8000"),
    ],
)
def test_the_host_header_names_odd_ports(target: Target, authority: str) -> None:
    assert target.authority == authority


@pytest.mark.parametrize(
    "url",
    [
        "", "example.com", "//example.com/", "ftp://example.com/", "file:///etc/passwd",
        "https:/example.com", "https:example.com", "https:///example.com", "https://",
        "https://:443/", "javascript:alert(1)", " https://example.com/", "https://example.com/ x",
        "https://a\tb.example/", "https://example.com\n", "https://example.com\\@b.example/",
        "https://user@example.com/", "https://user:pass@example.com/", "https://@example.com/",
        "https://example.com./", "https://a..example/", "https://.example/",
        "https://-a.example/", "https://a-.example/", "https://%65xample.com/",
        "https://exa<mple.com/", "https://a,b.example/", "https://*.example/", "https://[v1.x]/",
        "https://[::1%25lo]/", "https://[fe80::1%eth0]/", "https://[8.8.8.8]/",
        "https://2606:4700::1111/", "https://[2606:4700::1111]x/", "https://example.com:x/",
        "https://example.com:0/", "https://example.com:22/", "https://example.com:25/",
        "https://example.com:65536/", "https://example.com:99999999/", "https://example.com:-1/",
        "https://example.com:\uff18\uff10/", "https://" + "a" * 64 + ".example/",
        "https://" + "a." * 127 + "com/", "https://example.com/" + "a" * 2000,
        "https://\uff18.\uff18.\uff18.\uff18/", "https://\u24d4xample.com/",
        "https://example\u3002com/", "https://\u212a.example/", "https://\udc80.example/",
        "https://a.example/\udc80", "https://134744072/", "https://0x8080808/",
        "https://0x8.0x8.0x8.0x8/", "https://010.8.8.8/", "https://8.8.8.010/", "https://8.8/",
        "https://8.8.8.8.8/", "https://8.8.8.256/", "https://0x/", "https://example.123/",
        "https://example.0x7f/",
    ],
)  # fmt: skip
def test_refuses_odd_spellings_even_of_public_places(url: str) -> None:
    with pytest.raises(UnsafeAddressError, match=r"^[A-Z].*\.$"):
        target_of(url, RULES)


def test_calls_in_the_clear_only_where_told() -> None:
    with pytest.raises(UnsafeAddressError, match=r"must start with https://\."):
        target_of("http://example.com/", CallingRules())


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0", "0.1.2.3", "10.0.0.1", "100.64.0.1", "100.100.100.200", "100.127.255.255",
        "127.0.0.1", "127.255.255.254", "168.63.129.16", "169.254.169.254", "172.16.0.1",
        "172.31.255.255", "192.0.0.8", "192.0.0.192", "192.0.2.1", "192.31.196.1", "192.52.193.1",
        "192.88.99.1", "192.168.1.1", "192.175.48.1", "198.18.0.1", "198.19.255.255",
        "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.255", "240.0.0.1",
        "255.255.255.255", "::", "::1", "::7f00:1", "::8.8.8.8", "::ffff:0:7f00:1",
        "64:ff9b::7f00:1", "64:ff9b::808:808", "64:ff9b:1::1", "100::1", "2001::1",
        "2001:0:53aa:64c:0:0:80ff:fffe", "2001:2::1", "2001:10::1", "2001:db8::1",
        "2002:7f00:1::", "2002:808:808::1", "2620:4f:8000::1", "3fff::1", "4000::1", "5f00::1",
        "fc00::1", "fd00:ec2::254", "fe80::1", "fec0::1", "ff02::1", "ff0e::1", "2606::1%lo",
    ],
)  # fmt: skip
def test_special_places_are_not_public(address: str) -> None:
    assert address_flaw(ip_address(address))
    with pytest.raises(UnsafeAddressError, match="leads to") as refused:
        connectable(ip_address(address))
    assert address not in str(refused.value)


@pytest.mark.parametrize(
    "address",
    [
        "1.1.1.1", "8.8.8.8", "100.63.255.255", "100.128.0.1", "172.15.0.1", "172.32.0.1",
        "192.0.1.1", "198.17.255.255", "198.20.0.1", "223.255.255.254", "2001:200::1",
        "2001:4860:4860::8888", "2606:4700::1111", "2a00:1450::1", "3ffe::1",
    ],
)  # fmt: skip
def test_public_places_are_called(address: str) -> None:
    assert address_flaw(ip_address(address)) is None
    assert connectable(ip_address(address)) == ip_address(address)


def test_mapped_addresses_are_the_ones_inside() -> None:
    assert connectable(ip_address("::ffff:8.8.8.8")) == ip_address("8.8.8.8")
    with pytest.raises(UnsafeAddressError):
        connectable(ip_address("::ffff:127.0.0.1"))
    with pytest.raises(UnsafeAddressError):
        connectable(ip_address("::ffff:127.0.0.1"), [ip_network("::/0")])
    allowed = [ip_network("127.0.0.0/8")]
    assert connectable(ip_address("::ffff:127.0.0.1"), allowed) == ip_address("127.0.0.1")


def test_allowed_networks_are_called_and_nothing_beside_them() -> None:
    rules = CallingRules.read(["1-1024", "9000"], ["10.1.0.0/16", "::1/128"], plain_http=True)
    assert target_of("http://10.1.2.3:25/", rules).host == "10.1.2.3"
    assert target_of("http://[::1]:9000/", rules).host == "::1"
    for url in ("http://10.2.0.1/", "http://[::2]/", "http://10.1.2.3:9001/"):
        with pytest.raises(UnsafeAddressError):
            target_of(url, rules)


@pytest.mark.parametrize("port", ["", "x", "0", "0-80", "80-79", "1-65536", "-1", "8²"])
def test_refuses_ports_that_are_none(port: str) -> None:
    with pytest.raises(ValueError, match="port"):
        CallingRules.read([port], [], plain_http=False)


@pytest.mark.parametrize("network", ["", "localhost", "10.0.0.1/8", "10.0.0.0/33", "::1/129"])
def test_refuses_networks_that_are_none(network: str) -> None:
    with pytest.raises(ValueError, match="network"):
        CallingRules.read([], [network], plain_http=False)
