"""Writing config.toml: comments, order and layout of an existing file stay."""

import os
import stat
import tomllib
from pathlib import Path

import pytest

from hottui.config import config_file, config_values, config_writer
from hottui.config.json_schema import json_schema
from hottui.config.settings import Config, Profile, SettingsError

NEW = Profile("prod", region="cn-hangzhou", network="vpc", workspace="w1", namespace="team", credentials="aliyun:a b")
TEXTS = (
    "",
    "# mine\ninterval = 5 # quick\n",
    "interval = 5 # no line end",
    'profile = "edge"\n[profiles.edge] # first\nendpoint = "https://e.example"\n\n# the end\n',
    '# one, no default\n\n[profiles.edge]\nregion = "cn-beijing"\nworkspace = "w"\n',
    '[profiles."with blank"]\nregion = """cn-beijing"""\n',
)


@pytest.mark.parametrize("text", TEXTS)
def test_a_profile_is_added_to_the_text_and_nothing_else_changes(text: str, tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    before = config_file.config_of(path, text)
    extended = config_writer.with_profile(path, text, NEW)
    after = config_file.config_of(path, extended)
    only = next(iter(before.profiles)) if len(before.profiles) == 1 and not before.default_profile else ""
    assert extended.startswith(f'profile = "{only}"\n{text}' if only else text)
    assert dict(after.profiles) == {**before.profiles, "prod": NEW}
    assert after.default == (before.default if before.profiles else "prod")
    assert after.interval == before.interval


def test_line_ends_stay(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    for text in (b"# mine\r\ninterval = 5\r\n", b"interval = 5\r\n[profiles.edge]\r\nregion = 'cn-beijing'"):
        path.write_bytes(text)
        config_writer.add_profile(path, NEW)
        written = path.read_bytes()
        assert text in written
        assert written.count(b"\n") == written.count(b"\r\n")
        assert config_file.load(path).profiles["prod"] == NEW


def test_profiles_in_an_inline_table_are_not_touched(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be extended"):
        config_writer.with_profile(tmp_path / "c", 'profiles = { edge = { region = "cn-beijing" } }\n', NEW)


def test_a_name_with_any_character_survives(tmp_path: Path) -> None:
    for name in ("ä b", 'q"uo\\te', "tab\t", "\x7f", "a.b", "日"):
        path = tmp_path / "config.toml"
        text = config_writer.with_profile(path, "", Profile(name, region="cn-hangzhou", workspace="w"))
        assert list(config_file.config_of(path, text).profiles) == [name]


def test_what_cannot_be_read_with_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text('[profiles.prod]\nregion = "cn-hangzhou"\n')
    for profile, message in (
        (Profile(""), "no name"),
        (Profile("p"), "no region and no workspace"),
        (Profile("p", region="cn-hangzou", workspace="w"), "Unknown region"),
        (Profile("p", region="cn-hangzhou", workspace="a b"), "workspace is invalid: .* contains a space"),
        (Profile("p", region="cn-hangzhou", workspace="w", credentials="LTAI"), "credentials must be"),
        (NEW, "already"),
    ):
        with pytest.raises(SettingsError, match=message):
            config_writer.add_profile(path, profile)
    assert path.read_text() == '[profiles.prod]\nregion = "cn-hangzhou"\n'


def test_a_link_and_the_mode_of_its_target_are_kept(tmp_path: Path) -> None:
    target, link = tmp_path / "dotfiles.toml", tmp_path / "config" / "config.toml"
    link.parent.mkdir()
    target.write_text("# kept\n")
    target.chmod(0o640)
    link.symlink_to(target)
    config_writer.add_profile(link, NEW)
    assert link.is_symlink()
    assert target.read_text().startswith("# kept\n")
    assert stat.S_IMODE(target.stat().st_mode) == 0o640
    assert sorted(os.listdir(tmp_path)) == ["config", "dotfiles.toml"]


def test_a_new_file_is_private_and_its_comments_are_valid_settings(tmp_path: Path) -> None:
    path = tmp_path / "new" / "config.toml"
    config_writer.add_profile(path, NEW)
    assert config_file.load(path).profiles == {"prod": NEW}
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    example = config_writer.new_file(None)
    assert config_file.config_of(path, example) == Config(path)
    lines = [line.removeprefix("# ") for line in example.splitlines()[3:]]
    uncommented = "\n".join(lines).replace('"NAME"', '"prod"')
    assert set(tomllib.loads(uncommented)) == set(json_schema()["properties"])
    assert config_file.config_of(path, uncommented).profiles["prod"].network == "public"


def test_the_schema_has_every_setting() -> None:
    schema = json_schema()["properties"]
    assert schema.keys() == {*config_values.TOP_LEVEL, *config_file._TABLES}
    assert schema["notify"]["properties"].keys() == config_values.NOTIFY.keys()
    assert schema["profiles"]["additionalProperties"]["properties"].keys() == config_values.PROFILE.keys()
