"""Which credentials a ref is read with, and which endpoints receive none."""

import pytest

from hottui.config.resolve import location_of
from hottui.config.settings import Profile
from hottui.model.ref import Ref
from hottui.service.credentials_policy import CredentialsPolicy, CredentialsScope
from hottui.service.errors import CredentialsMissing

PROD = Profile("prod", region="cn-hangzhou", network="vpc", workspace="ws-prod", credentials="aliyun:prod")
EDGE = Profile("edge", endpoint="https://edge.example:8443", workspace="ws-edge", namespace="team-ns")
HANGZHOU = "https://ververica.cn-hangzhou.aliyuncs.com"
HANGZHOU_VPC = "https://ververica-vpc.cn-hangzhou.aliyuncs.com"
PLAIN = Profile("plain", region="cn-hangzhou", network="vpc", workspace="ws-plain")
OTHER_NAMESPACE = Profile(
    "other", region="cn-hangzhou", network="vpc", workspace="ws-prod", namespace="n2", credentials="aliyun:other"
)
HERE = CredentialsScope(HANGZHOU_VPC, "ws-prod", "default-namespace", "environment")


def policy(profiles: list[Profile], chosen: CredentialsScope | None, endpoint: str = "") -> CredentialsPolicy:
    return CredentialsPolicy([CredentialsScope(*location_of(each)) for each in profiles], chosen, endpoint, "default")


def credentials_for(
    ref: Ref, profiles: list[Profile], chosen: CredentialsScope | None, endpoint: str = ""
) -> str | None:
    return policy(profiles, chosen, endpoint).credentials_for(ref)


def test_an_endpoint_given_without_a_workspace_may_receive_credentials() -> None:
    ref = Ref("http://127.0.0.1:9", "w", "n", "i")
    assert credentials_for(ref, [PROD], None, "http://127.0.0.1:9") == "default"
    assert credentials_for(ref, [PROD], None, "http://127.0.0.1:10") is None
    assert credentials_for(ref, [PROD], HERE, "http://127.0.0.1:9") == HERE.credentials


@pytest.mark.parametrize(
    ("ref", "chosen", "expected"),
    [
        (Ref(HANGZHOU_VPC, "ws-prod", "n", "i"), HERE, "environment"),
        (Ref(HANGZHOU_VPC, "ws-prod", "default-namespace", "i"), None, "aliyun:prod"),
        (Ref(HANGZHOU_VPC, "ws-prod", "n2", "i"), None, "aliyun:other"),
        (Ref(HANGZHOU_VPC, "ws-plain", "n", "i"), HERE, "default"),
        (Ref(HANGZHOU_VPC, "ws-unknown", "n", "i"), HERE, "environment"),
        (Ref(HANGZHOU, "ws-unknown", "n", "i"), None, "default"),
        (Ref("https://edge.example:8443", "ws-edge", "n", "i"), HERE, "default"),
        (Ref("https://elsewhere.example", "ws-prod", "n", "i"), HERE, None),
        (Ref("https://ververica.cn-hangzhou.aliyuncs.com.example", "ws-prod", "n", "i"), HERE, None),
        (Ref("http://127.0.0.1:9", "w", "n", "i"), None, None),
        (Ref("https://ververica.me-central-1.aliyuncs.com", "w", "n", "i"), None, "default"),
        *(
            (Ref(f"https://{host}", "ws-prod", "default-namespace", "i"), HERE, None)
            for host in (
                "evil.oss-cn-hangzhou.aliyuncs.com",
                "ververica.oss-cn-hangzhou.aliyuncs.com",
                "ververica-vpc.oss-cn-hangzhou.aliyuncs.com",
                "ververica.cn-hangzhou.fc.aliyuncs.com",
                "x.ververica.cn-hangzhou.aliyuncs.com",
                "ververica.aliyuncs.com",
                "ververicaxcn-hangzhou.aliyuncs.com",
                "ververica.cn-hangzhou.aliyuncs.com:8443",
                "ververica.cn-hangzhou.aliyuncs.com.",
                "sts.cn-hangzhou.aliyuncs.com",
            )
        ),
        (
            Ref("http://127.0.0.1:9", "w", "n", "i"),
            CredentialsScope("http://127.0.0.1:9", "x", "n", "environment"),
            "environment",
        ),
    ],
)
def test_credentials_go_to_configured_endpoints_and_alibaba_cloud_only(
    ref: Ref, chosen: CredentialsScope | None, expected: str | None
) -> None:
    broken = Profile("broken", region="nowhere", workspace="ws-prod")
    assert credentials_for(ref, [broken, PROD, OTHER_NAMESPACE, PLAIN, EDGE], chosen) == expected


async def test_the_source_of_another_endpoint_raises() -> None:
    source = policy([PROD], HERE).source_for(Ref("https://elsewhere.example", "ws-prod", "n", "i"))
    with pytest.raises(CredentialsMissing, match=r"No credentials are sent to https://elsewhere\.example:"):
        await source.get()
    source.forget()
    assert not source.changed()


def test_refs_with_the_same_credentials_share_a_source() -> None:
    found = policy([PROD], HERE)
    sources = {id(found.source_for(Ref(HANGZHOU_VPC, "ws-prod", namespace, "i"))) for namespace in ("a", "b")}
    assert len(sources) == 1
