import pytest

from commerce.staff.rules.networks import admits, networks_flaw, spelled, within


@pytest.mark.parametrize(
    ("networks", "address", "admitted"),
    [
        ((), "192.0.2.7", True),
        ((), "", True),
        (("192.0.2.0/24",), "192.0.2.255", True),
        (("192.0.2.0/24",), "192.0.3.0", False),
        (("192.0.2.0/24", "2001:db8::/32"), "2001:db8:ffff::1", True),
        (("2001:db8::/32",), "2001:db9::1", False),
        (("192.0.2.7/32",), "::ffff:192.0.2.7", True),
        (("0.0.0.0/0",), "::1", False),
        (("fe80::/10",), "fe80::1%eth0", True),
        (("0.0.0.0/0", "::/0"), "", False),
        (("0.0.0.0/0", "::/0"), "unix:", False),
    ],
)
def test_networks_admit_their_addresses_alone(
    networks: tuple[str, ...], address: str, admitted: bool
) -> None:
    assert admits(networks, address) is admitted


@pytest.mark.parametrize(
    ("inner", "outer", "is_within"),
    [
        ((), (), True),
        (("10.0.0.0/8",), (), True),
        ((), ("10.0.0.0/8",), False),
        (("10.1.0.0/16", "10.2.3.4"), ("10.0.0.0/8",), True),
        (("10.1.0.0/16", "11.0.0.0/8"), ("10.0.0.0/8",), False),
        (("0.0.0.0/0",), ("10.0.0.0/8",), False),
        (("2001:db8::/48",), ("10.0.0.0/8", "2001:db8::/32"), True),
        (("2001:db8::/48",), ("10.0.0.0/8",), False),
    ],
)
def test_networks_lie_within_others(
    inner: tuple[str, ...], outer: tuple[str, ...], is_within: bool
) -> None:
    assert within(inner, outer) is is_within


@pytest.mark.parametrize("text", ["", "shop", "10.0.0.1/8", "10.0.0.0/33", "1.2.3", "::1/129", "*"])
def test_what_is_no_network_is_told_with_its_place(text: str) -> None:
    flaw = networks_flaw(["::1", text])
    assert flaw is not None
    assert flaw.path == ("allowed_ips", "1")


def test_networks_are_spelled_one_way() -> None:
    assert spelled([" 10.0.0.1", "10.0.0.1/32", "2001:DB8:0::/32"]) == [
        "10.0.0.1/32",
        "2001:db8::/32",
    ]
