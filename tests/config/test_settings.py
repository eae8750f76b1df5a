"""Where options and profiles lead, and what is said when they lead nowhere."""

from pathlib import Path
from typing import Any

import pytest

from hottui.config.settings import Context, Flags, Profile, Settings, SettingsError, credentials_for, resolve
from hottui.model.ref import InvalidName, Ref

CONFIG = Path("/home/li/.config/hottui/config.toml")
PROD = Profile("prod", region="cn-hangzhou", network="vpc", workspace="ws-prod", credentials="aliyun:prod")
EDGE = Profile("edge", endpoint="https://edge.example:8443", workspace="ws-edge", namespace="team-ns")
HANGZHOU = "https://ververica.cn-hangzhou.aliyuncs.com"
HANGZHOU_VPC = "https://ververica-vpc.cn-hangzhou.aliyuncs.com"


def settings(*profiles: Profile, **more: Any) -> Settings:
    return Settings(CONFIG, {profile.name: profile for profile in profiles}, **more)


@pytest.mark.parametrize(
    ("given", "flags", "expected"),
    [
        (
            settings(),
            Flags(region="cn-hangzhou", workspace="w"),
            Context(HANGZHOU, "w", "default-namespace", "default"),
        ),
        (settings(PROD), Flags(), Context(HANGZHOU_VPC, "ws-prod", "default-namespace", "aliyun:prod", "prod")),
        (
            settings(PROD, EDGE, default_profile="edge"),
            Flags(),
            Context("https://edge.example:8443", "ws-edge", "team-ns", "default", "edge"),
        ),
        (
            settings(PROD, EDGE, default_profile="edge"),
            Flags(profile="prod", namespace="other", workspace="w"),
            Context(HANGZHOU_VPC, "w", "other", "aliyun:prod", "prod"),
        ),
        (
            settings(PROD),
            Flags(network="public"),
            Context(HANGZHOU, "ws-prod", "default-namespace", "aliyun:prod", "prod"),
        ),
        (
            settings(PROD),
            Flags(region="eu-central-1"),
            Context(
                "https://ververica-vpc.eu-central-1.aliyuncs.com", "ws-prod", "default-namespace", "aliyun:prod", "prod"
            ),
        ),
        (
            settings(EDGE),
            Flags(region="cn-hangzhou"),
            Context(HANGZHOU, "ws-edge", "team-ns", "default", "edge"),
        ),
        (
            settings(EDGE),
            Flags(endpoint="http://127.0.0.1:8080/", region="cn-hangzhou"),
            Context("http://127.0.0.1:8080", "ws-edge", "team-ns", "default", "edge"),
        ),
    ],
    ids=["flags", "only", "default", "named", "network", "region", "region-over-endpoint", "endpoint"],
)
def test_options_win_over_the_profile(given: Settings, flags: Flags, expected: Context) -> None:
    assert resolve(given, flags) == expected


@pytest.mark.parametrize(
    ("given", "flags", "sentence", "hint"),
    [
        (settings(), Flags(workspace="w"), "No region is given.", "--region (for example cn-hangzhou) or --endpoint"),
        (settings(), Flags(region="cn-hangzhou"), "No workspace is given.", "HOTTUI_WORKSPACE"),
        (settings(PROD, EDGE), Flags(region="cn-hangzhou"), "No workspace is given.", str(CONFIG)),
        (settings(PROD), Flags(profile="prdo"), 'no profile "prdo"', 'nearest one is "prod"'),
        (settings(), Flags(profile="prod"), 'no profile "prod"', "[profiles.prod]"),
        (settings(PROD), Flags(region="cn-hangzou"), "'cn-hangzou' is not known", ""),
        (settings(PROD), Flags(network="vcp"), "'vcp' is not known", ""),
        (settings(PROD), Flags(endpoint="http://example.com"), "plain http to another machine", ""),
        (settings(PROD), Flags(namespace="a/b"), "The namespace 'a/b' holds a slash", ""),
        (settings(PROD), Flags(workspace="a b"), "The workspace 'a b' holds a space", ""),
        (settings(EDGE), Flags(network="vpc"), '--network vpc says nothing: profile "edge" gives an endpoint', ""),
    ],
)
def test_what_leads_nowhere_is_said(given: Settings, flags: Flags, sentence: str, hint: str) -> None:
    with pytest.raises(SettingsError) as refused:
        resolve(given, flags)
    assert sentence in refused.value.sentence
    assert hint in refused.value.hint


def test_a_context_makes_refs_of_ids() -> None:
    context = resolve(settings(PROD), Flags())
    assert context.ref("hu-1") == Ref(HANGZHOU_VPC, "ws-prod", "default-namespace", "hu-1")
    with pytest.raises(InvalidName):
        context.ref("../x")


PLAIN = Profile("plain", region="cn-hangzhou", network="vpc", workspace="ws-plain")
OTHER_NAMESPACE = Profile(
    "other", region="cn-hangzhou", network="vpc", workspace="ws-prod", namespace="n2", credentials="aliyun:other"
)
LOCAL = Context("http://127.0.0.1:9", "x", "n", "environment")
HERE = Context(HANGZHOU_VPC, "ws-prod", "default-namespace", "environment")


def test_an_endpoint_named_without_a_workspace_is_led_to() -> None:
    ref = Ref("http://127.0.0.1:9", "w", "n", "i")
    assert credentials_for(ref, settings(PROD), None, "http://127.0.0.1:9/") == "default"
    assert credentials_for(ref, settings(PROD), None, "http://127.0.0.1:10") is None
    assert credentials_for(ref, settings(PROD), HERE, "http://127.0.0.1:9") == HERE.credentials


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
            Context("http://127.0.0.1:9", "x", "n", "environment"),
            "environment",
        ),
    ],
)
def test_credentials_go_where_profile_or_vendor_is(ref: Ref, chosen: Context | None, expected: str | None) -> None:
    broken = Profile("broken", region="nowhere", workspace="ws-prod")
    assert credentials_for(ref, settings(broken, PROD, OTHER_NAMESPACE, PLAIN, EDGE), chosen) == expected
