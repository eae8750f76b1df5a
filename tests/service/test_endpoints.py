"""Endpoints of the service, and invalid ones."""

import pytest

from hottui.service.endpoints import REGIONS, InvalidEndpoint, check_endpoint, endpoint_for, host_of


@pytest.mark.parametrize(
    "url",
    ["https://u:hush3Word@h:99999", "ftp://u:hush3Word@h", "https://h?token=hush3Word", "https://u:hush3Word@[::"],
)
def test_secrets_in_an_endpoint_are_not_quoted(url: str) -> None:
    with pytest.raises(InvalidEndpoint) as caught:
        check_endpoint(url)
    assert "hush3Word" not in str(caught.value)


@pytest.mark.parametrize("region", REGIONS)
def test_endpoints_by_region_and_network(region: str) -> None:
    assert endpoint_for(region) == f"https://ververica.{region}.aliyuncs.com"
    assert endpoint_for(region, "vpc") == f"https://ververica-vpc.{region}.aliyuncs.com"
    assert check_endpoint(endpoint_for(region)) == endpoint_for(region)


def test_the_regions_match_the_official_sdk() -> None:
    import importlib.util
    import re
    from pathlib import Path

    found = importlib.util.find_spec("alibabacloud_ververica20220718")
    assert found
    assert found.origin
    source = (Path(found.origin).parent / "client.py").read_text(encoding="utf-8")
    assert set(re.findall(r"'ververica\.([a-z0-9-]+)\.aliyuncs\.com'", source)) == set(REGIONS)


@pytest.mark.parametrize(
    ("region", "words"),
    [
        ("cn-hangzou", "Did you mean cn-hangzhou"),
        ("CN_Shanghai", "Did you mean cn-shanghai"),
        ("hangzhou", "cn-hangzhou"),
        ("", "Known regions: cn-hangzhou"),
        ("x" * 10_000, "…"),
        ("cn-hangzhou/../evil", "Unknown region"),
    ],
)
def test_an_unknown_region_suggests_similar_ones(region: str, words: str) -> None:
    with pytest.raises(InvalidEndpoint) as caught:
        endpoint_for(region)
    assert words in str(caught.value)
    assert len(str(caught.value)) < 600


def test_an_unknown_network() -> None:
    with pytest.raises(InvalidEndpoint, match="public or vpc"):
        endpoint_for("cn-hangzhou", "internal")


@pytest.mark.parametrize(
    ("given", "origin"),
    [
        ("https://Example.COM", "https://example.com"),
        ("https://example.com/", "https://example.com"),
        ("https://example.com:443", "https://example.com"),
        ("https://example.com:8443/", "https://example.com:8443"),
        (" ververica.cn-hangzhou.aliyuncs.com ", "https://ververica.cn-hangzhou.aliyuncs.com"),
        ("example.com:8443", "https://example.com:8443"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("http://localhost:80", "http://localhost"),
        ("http://[::1]:8000/", "http://[::1]:8000"),
        ("HTTPS://[2001:DB8:0:0::1]", "https://[2001:db8::1]"),
        ("http://[0:0:0:0:0:0:0:1]", "http://[::1]"),
    ],
)
def test_endpoints_are_normalised(given: str, origin: str) -> None:
    assert check_endpoint(given) == origin
    assert check_endpoint(origin) == origin


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("http://example.com", "plain http to another machine"),
        ("http://127.0.0.1.example.com", "plain http"),
        ("http://0.0.0.0", "plain http"),
        ("http://localhost.evil.com", "plain http"),
        ("https://example.com/api", "remove the path or query"),
        ("https://example.com?x=1", "remove the path or query"),
        ("https://example.com/#", "remove the path or query"),
        ("https://me:secret@example.com", "contains a user name"),
        ("https://me@example.com", "contains a user name"),
        ("ftp://example.com", "must begin with https"),
        ("https://", "not a valid address"),
        ("", "not a valid address"),
        ("https://exa mple.com", "not a valid address"),
        ("https://example.com:99999", "not a valid address"),
        ("https://example.com:0", "not a valid address"),
        ("https://example.com:x", "not a valid address"),
        ("https://[::1", "not a valid address"),
        ("https://[::g]", "not a valid address"),
        ("https://münchen.example", "not a valid address"),
        ("https://-a.example", "not a valid address"),
        ("https://a..example", "not a valid address"),
        ("https://example.com\\@evil.com", "contains a user name"),
        ("https://example.com\\evil", "not a valid address"),
        ("https://" + "a" * 10_000, "not a valid address"),
    ],
)
def test_invalid_endpoints_are_rejected(given: str, words: str) -> None:
    with pytest.raises(InvalidEndpoint) as caught:
        check_endpoint(given)
    assert words in str(caught.value)
    assert "secret" not in str(caught.value)
    assert len(str(caught.value)) < 200


def test_host_of_an_endpoint() -> None:
    assert host_of("https://example.com:8443") == "example.com:8443"
