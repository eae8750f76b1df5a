"""What the form of the first run does: one call to the served demo, and a profile in config.toml."""

import asyncio

import pytest

from hottui import paths
from hottui.cli.first_run import Restart, check, first_run, save
from hottui.cli.wiring import load_settings
from hottui.config import config_file
from hottui.config.settings import Flags
from hottui.demo.service import ACCESS_KEY_ID, ACCESS_KEY_SECRET
from hottui.demo.simulation import SimulatedUpdate
from hottui.errors import HottuiError
from hottui.tui.dashboard_options import ConnectionProfile

from .conftest import Home


def test_a_profile_is_tried_with_one_call(
    endpoint: str, member: SimulatedUpdate, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = member.spec.job.namespace
    good = ConnectionProfile("p", endpoint, "public", place.workspace, place.name, "environment")
    with pytest.raises(HottuiError, match="ALIBABA_CLOUD_ACCESS_KEY_ID and"):
        asyncio.run(check(good))
    monkeypatch.setenv("ALIBABA_CLOUD_ACCESS_KEY_ID", ACCESS_KEY_ID)
    monkeypatch.setenv("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "wrong")
    with pytest.raises(HottuiError, match="signature"):
        asyncio.run(check(good))
    monkeypatch.setenv("ALIBABA_CLOUD_ACCESS_KEY_SECRET", ACCESS_KEY_SECRET)
    asyncio.run(check(good))
    for wrong, message in (
        (ConnectionProfile("p", "", "public", "", "n", "default"), "no region and no workspace"),
        (ConnectionProfile("p", "cn-hangzou", "public", "w", "n", "default"), "Unknown region"),
        (ConnectionProfile("p", "cn-hangzhou", "lan", "w", "n", "default"), "network must be"),
    ):
        with pytest.raises(HottuiError, match=message):
            asyncio.run(check(wrong))
    assert not paths.config_path().exists()


def test_the_form_begins_with_what_is_known_and_saves_without_losing_anything(home: Home) -> None:
    home.configure('# mine\n[profiles.prod]\nregion = "cn-beijing"  # no workspace yet\n')
    offer = first_run(load_settings(Flags(namespace="team")), Restart(Flags(), ascii_only=False))
    assert offer.profile == ConnectionProfile("prod-2", "cn-beijing", "public", "", "team", "default")
    assert paths.readme_path().is_file()
    save(ConnectionProfile("prod-2", "cn-beijing", "vpc", "w", "team", "default"))
    text = paths.config_path().read_text()
    assert '# mine\n[profiles.prod]\nregion = "cn-beijing"  # no workspace yet\n' in text
    assert config_file.load(paths.config_path()).default_profile == "prod-2"
