"""The precedence of settings, their origins, and errors in the location."""

from pathlib import Path
from typing import Any

import pytest

from hottui.config.resolve import resolve
from hottui.config.settings import Config, Context, Flags, LocationMissing, Profile, SettingsError
from hottui.model.ref import InvalidName, Ref

CONFIG = Path("/home/li/.config/hottui/config.toml")
PROD = Profile("prod", region="cn-hangzhou", network="vpc", workspace="ws-prod", credentials="aliyun:prod")
EDGE = Profile("edge", endpoint="https://edge.example:8443", workspace="ws-edge", namespace="team-ns")
HANGZHOU = "https://ververica.cn-hangzhou.aliyuncs.com"
HANGZHOU_VPC = "https://ververica-vpc.cn-hangzhou.aliyuncs.com"


def config(*profiles: Profile, **more: Any) -> Config:
    return Config(CONFIG, {profile.name: profile for profile in profiles}, **more)


@pytest.mark.parametrize(
    ("given", "flags", "expected"),
    [
        (
            config(),
            Flags(region="cn-hangzhou", workspace="w"),
            Context(HANGZHOU, "w", "default-namespace", "default"),
        ),
        (config(PROD), Flags(), Context(HANGZHOU_VPC, "ws-prod", "default-namespace", "aliyun:prod", "prod")),
        (
            config(PROD, EDGE, default_profile="edge"),
            Flags(),
            Context("https://edge.example:8443", "ws-edge", "team-ns", "default", "edge"),
        ),
        (
            config(PROD, EDGE, default_profile="edge"),
            Flags(profile="prod", namespace="other", workspace="w"),
            Context(HANGZHOU_VPC, "w", "other", "aliyun:prod", "prod"),
        ),
        (
            config(PROD),
            Flags(network="public"),
            Context(HANGZHOU, "ws-prod", "default-namespace", "aliyun:prod", "prod"),
        ),
        (
            config(PROD),
            Flags(region="eu-central-1"),
            Context(
                "https://ververica-vpc.eu-central-1.aliyuncs.com", "ws-prod", "default-namespace", "aliyun:prod", "prod"
            ),
        ),
        (
            config(EDGE),
            Flags(region="cn-hangzhou"),
            Context(HANGZHOU, "ws-edge", "team-ns", "default", "edge"),
        ),
        (
            config(EDGE),
            Flags(endpoint="http://127.0.0.1:8080/", region="cn-hangzhou"),
            Context("http://127.0.0.1:8080", "ws-edge", "team-ns", "default", "edge"),
        ),
    ],
    ids=["flags", "only", "default", "named", "network", "region", "region-over-endpoint", "endpoint"],
)
def test_options_take_precedence_over_the_profile(given: Config, flags: Flags, expected: Context) -> None:
    assert resolve(given, flags).context() == expected


@pytest.mark.parametrize(
    ("given", "flags", "message", "hint"),
    [
        (config(), Flags(workspace="w"), "No region configured.", "--region cn-hangzhou (or --endpoint)"),
        (
            config(),
            Flags(),
            "No region and no workspace configured.",
            "--region cn-hangzhou (or --endpoint) and --workspace ID, set",
        ),
        (
            config(),
            Flags(),
            "No region and no workspace",
            "hottui config init. To try hottui without an account: hottui demo.",
        ),
        (config(), Flags(region="cn-hangzhou"), "No workspace configured.", "HOTTUI_WORKSPACE"),
        (config(PROD, EDGE), Flags(region="cn-hangzhou"), "No workspace configured.", str(CONFIG)),
        (config(PROD), Flags(profile="prdo"), 'No profile "prdo"', 'Did you mean "prod"?'),
        (config(), Flags(profile="prod"), 'No profile "prod"', "[profiles.prod]"),
        (config(PROD), Flags(region="cn-hangzou"), "Unknown region 'cn-hangzou'", ""),
        (config(PROD), Flags(network="vcp"), "Unknown network 'vcp'", ""),
        (config(PROD), Flags(endpoint="http://example.com"), "plain http to another machine", ""),
        (config(PROD), Flags(namespace="a/b"), "The namespace 'a/b' contains a slash", ""),
        (config(PROD), Flags(workspace="a b"), "The workspace 'a b' contains a space", ""),
        (config(EDGE), Flags(network="vpc"), '--network vpc has no effect: profile "edge" sets an endpoint', ""),
    ],
)
def test_errors_in_the_location_are_reported(given: Config, flags: Flags, message: str, hint: str) -> None:
    with pytest.raises(SettingsError) as raised:
        resolve(given, flags).context()
    assert message in raised.value.message
    assert hint in raised.value.hint


def test_a_context_returns_refs() -> None:
    context = resolve(config(PROD), Flags()).context()
    assert context.ref("hu-1") == Ref(HANGZHOU_VPC, "ws-prod", "default-namespace", "hu-1")
    with pytest.raises(InvalidName):
        context.ref("../x")


@pytest.mark.parametrize(
    ("flags", "value", "origin"),
    [
        (Flags(profile="prod", workspace="w"), "w", "option --workspace"),
        (Flags(profile="prod", workspace="w", variables={"workspace"}), "ws-prod", "profile prod"),
        (Flags(profile="prod", workspace="w", variables={"workspace", "profile"}), "w", "variable HOTTUI_WORKSPACE"),
        (Flags(workspace="w", variables={"workspace"}), "w", "variable HOTTUI_WORKSPACE"),
        (Flags(), "ws-edge", "profile edge"),
    ],
    ids=["option", "profile chosen with -p", "profile of a variable", "variable", "default profile"],
)
def test_a_value_has_the_origin_of_highest_precedence(flags: Flags, value: str, origin: str) -> None:
    workspace = resolve(config(PROD, EDGE, default_profile="edge"), flags).workspace
    assert (workspace.value, workspace.origin) == (value, origin)


def test_without_anything_set_the_defaults_apply() -> None:
    settings = resolve(config(), Flags())
    assert (settings.interval.value, settings.history_days.value, settings.history_transitions.value) == (
        2.0,
        90,
        10_000,
    )
    assert {settings.interval.origin, settings.theme.origin, settings.namespace.origin} == {"default"}
    assert (settings.region.value, settings.region.origin) == ("", "not set")
    with pytest.raises(LocationMissing):
        settings.context()


@pytest.mark.parametrize(
    ("flags", "origin"),
    [
        (Flags(interval=9.0), "option --interval"),
        (Flags(interval=9.0, variables={"interval"}), "variable HOTTUI_INTERVAL"),
        (Flags(), "config.toml"),
    ],
)
def test_a_preference_has_an_origin(flags: Flags, origin: str) -> None:
    interval = resolve(config(interval=9.0), flags).interval
    assert (interval.value, interval.origin) == (9.0, origin)


def test_a_filter_ignores_the_default_profile() -> None:
    settings = resolve(config(PROD, default_profile="prod"), Flags(), default_profile=False)
    assert not any(each.chosen for each in (settings.profile, settings.region, settings.workspace, settings.endpoint))
