"""`hottui add`, `rm` and `ls`, on the real store."""

import json
import os
from pathlib import Path

import pytest

from hottui import paths
from hottui.model.ref import Ref
from hottui.model.tracking import Bookmark

from .conftest import Command, Home

HANGZHOU = "https://ververica.cn-hangzhou.aliyuncs.com"
HANGZHOU_VPC = "https://ververica-vpc.cn-hangzhou.aliyuncs.com"
BERLIN = "https://ververica.eu-central-1.aliyuncs.com"
HERE = ("-r", "cn-hangzhou", "-w", "w1")


def bookmarks_in(home: Home) -> dict[str, Bookmark]:
    with home.store() as store:
        return {each.ref.id: each.bookmark for each in store.tracked() if each.bookmark}


def test_add_stores_ref_label_and_note(hottui: Command, home: Home) -> None:
    outcome = hottui("add", "hu-1", "hu-2", "hu-1", "--label", "订单", "--note", "before lunch", *HERE)
    assert (outcome.code, outcome.out, outcome.err) == (0, "", "hottui: Bookmarked hu-1.\nhottui: Bookmarked hu-2.\n")
    kept = bookmarks_in(home)
    assert [mark.ref for mark in kept.values()] == [
        Ref(HANGZHOU, "w1", "default-namespace", "hu-1"),
        Ref(HANGZHOU, "w1", "default-namespace", "hu-2"),
    ]
    assert {(mark.label, mark.note) for mark in kept.values()} == {("订单", "before lunch")}


def test_add_replaces_label_or_note_of_an_existing_bookmark(hottui: Command, home: Home) -> None:
    hottui("add", "hu-1", "--label", "one", "--note", "old", *HERE)
    outcome = hottui("add", "hu-1", "--note", "new", *HERE)
    assert (outcome.code, outcome.err) == (0, "hottui: hu-1 is already bookmarked.\n")
    assert (bookmarks_in(home)["hu-1"].label, bookmarks_in(home)["hu-1"].note) == ("one", "new")


@pytest.mark.parametrize(
    ("given", "found"),
    [
        (b"hu-1\nhu-2 hu-3\n", ["hu-1", "hu-2", "hu-3"]),
        (b"\xef\xbb\xbfhu-1 # the first\r\n", ["hu-1"]),
        (b'{"requestId": "r", "success": true, "data": {"jobHotUpdateId": "hu-9"}}', ["hu-9"]),
        (b'{"body": {"data": {"jobHotUpdateId": "hu-9"}}}\n{"data": {"jobHotUpdateId": "hu-8"}}', ["hu-9", "hu-8"]),
        (b'"hu-9"\n', ["hu-9"]),
    ],
    ids=["words", "bom", "answer", "answers", "string"],
)
def test_add_reads_standard_input(hottui: Command, home: Home, given: bytes, found: list[str]) -> None:
    assert hottui("add", "-", *HERE, given=given).code == 0
    assert list(bookmarks_in(home)) == found


def test_add_accepts_ids_in_json_quotes(hottui: Command, home: Home) -> None:
    assert hottui("add", '"hu-1"', "hu-1", *HERE).code == 0
    assert list(bookmarks_in(home)) == ["hu-1"]


def test_text_around_an_id_is_rejected(hottui: Command, home: Home) -> None:
    outcome = hottui("add", "jobHotUpdateId:", "9999", *HERE)
    assert outcome.code == 2
    assert "'jobHotUpdateId:' is not an ID" in outcome.err
    assert not bookmarks_in(home)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (b"", "No ID on standard input."),
        (b"# nothing\n", "No ID on standard input."),
        (b"hu-1 \xff", "Standard input is not UTF-8 text (byte 6)."),
        (b"hu-1 a/b", "The ID 'a/b' contains a slash"),
        (b'{"success": false, "data": null}', "No jobHotUpdateId in the JSON"),
        (b'{"data": {"jobHotUpdateId"', "Cannot read the JSON"),
    ],
)
@pytest.mark.parametrize("command", ["add", "rm", "get"])
def test_standard_input_without_ids_is_reported(hottui: Command, command: str, given: bytes, message: str) -> None:
    outcome = hottui(command, "-", *HERE, given=given)
    assert (outcome.code, outcome.out) == (2, "")
    assert message in outcome.err
    assert not paths.store_path().exists()


def test_nothing_is_stored_when_one_id_is_invalid(hottui: Command, home: Home) -> None:
    assert hottui("add", "hu-1", "a b", *HERE).code == 2
    assert bookmarks_in(home) == {}


def test_options_take_precedence_over_variables(hottui: Command, home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOTTUI_REGION", "eu-central-1")
    monkeypatch.setenv("HOTTUI_NETWORK", "vpc")
    monkeypatch.setenv("HOTTUI_WORKSPACE", "of-env")
    monkeypatch.setenv("HOTTUI_NAMESPACE", "ns-env")
    hottui("-w", "given", "--network", "public", "add", "hu-1")
    assert bookmarks_in(home)["hu-1"].ref == Ref(BERLIN, "given", "ns-env", "hu-1")


@pytest.mark.parametrize(
    ("options", "endpoint"),
    [
        (["-r", "cn-hangzhou"], HANGZHOU),
        (["-r", "cn-hangzhou", "--network", "vpc"], HANGZHOU_VPC),
        ([], "https://x.example"),
        (["--endpoint", BERLIN], BERLIN),
    ],
    ids=" ".join,
)
def test_a_region_option_takes_precedence_over_the_endpoint_variable(
    hottui: Command, home: Home, monkeypatch: pytest.MonkeyPatch, options: list[str], endpoint: str
) -> None:
    monkeypatch.setenv("HOTTUI_ENDPOINT", "https://x.example")
    assert hottui("add", "hu-1", "-w", "w", *options).code == 0
    assert bookmarks_in(home)["hu-1"].ref.endpoint == endpoint


@pytest.mark.parametrize(
    ("options", "place"),
    [
        (["-p", "prod"], (HANGZHOU, "w-prod", "ns-env")),
        (["-p", "prod", "-w", "given"], (HANGZHOU, "given", "ns-env")),
        (["-p", "keys"], ("https://x.example", "w-env", "ns-env")),
        ([], ("https://x.example", "w-env", "ns-env")),
    ],
    ids=" ".join,
)
def test_a_profile_option_takes_precedence_over_variables(
    hottui: Command, home: Home, monkeypatch: pytest.MonkeyPatch, options: list[str], place: tuple[str, str, str]
) -> None:
    home.configure(
        'profile = "prod"\n[profiles.prod]\nregion = "cn-hangzhou"\nworkspace = "w-prod"\n'
        '[profiles.keys]\ncredentials = "aliyun:prod"\n'
    )
    for name, value in {"ENDPOINT": "https://x.example", "WORKSPACE": "w-env", "NAMESPACE": "ns-env"}.items():
        monkeypatch.setenv(f"HOTTUI_{name}", value)
    assert hottui("add", "hu-1", *options).code == 0
    assert bookmarks_in(home)["hu-1"].ref == Ref(*place, "hu-1")


def test_a_profile_sets_the_location(hottui: Command, home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    home.configure(
        '[profiles.a]\nregion = "cn-hangzhou"\nnetwork = "vpc"\nworkspace = "wa"\n'
        '[profiles.b]\nregion = "eu-central-1"\nworkspace = "wb"\nnamespace = "nb"\n'
    )
    monkeypatch.setenv("HOTTUI_PROFILE", "a")
    hottui("add", "hu-1")
    hottui("add", "hu-2", "-p", "b")
    refs = [mark.ref for mark in bookmarks_in(home).values()]
    assert refs == [Ref(HANGZHOU_VPC, "wa", "default-namespace", "hu-1"), Ref(BERLIN, "wb", "nb", "hu-2")]


def test_rm_removes_bookmarks_and_reports_unknown_ids(hottui: Command, home: Home) -> None:
    hottui("add", "hu-1", "hu-2", *HERE)
    outcome = hottui("rm", "hu-1", "hu-7")
    assert (outcome.code, outcome.out, outcome.err) == (
        4,
        "",
        "hottui: Removed hu-1.\nhottui: No bookmark with ID hu-7.\n",
    )
    assert list(bookmarks_in(home)) == ["hu-2"]
    assert hottui("rm", "hu-2").code == 0


PROFILES = '[profiles.a]\nregion = "cn-hangzhou"\nworkspace = "w1"\n[profiles.b]\nendpoint = "https://x.example"\n'


@pytest.mark.parametrize(
    ("options", "left"),
    [
        (["-w", "w2"], "w1 w1"),
        (["-n", "n2"], "w1 w2"),
        (["--endpoint", f"{HANGZHOU}/", "-n", "n2"], "w1 w2"),
        (["-r", "cn-hangzhou", "-w", "w2"], "w1 w1"),
        (["-p", "a", "-n", "n2"], "w1 w2"),
    ],
    ids=" ".join,
)
def test_rm_removes_the_bookmark_that_options_select(
    hottui: Command, home: Home, options: list[str], left: str
) -> None:
    home.configure(PROFILES)
    for more in (["-w", "w1"], ["-w", "w2"], ["-w", "w1", "-n", "n2"]):
        hottui("add", "hu-1", "-r", "cn-hangzhou", *more)
    outcome = hottui("rm", "hu-1", *options)
    assert outcome.code == 0, outcome.err
    with home.store() as store:
        assert " ".join(sorted(each.ref.workspace for each in store.tracked())) == left


def test_rm_rejects_an_ambiguous_id(hottui: Command, home: Home) -> None:
    hottui("add", "hu-1", "hu-2", "-r", "cn-hangzhou", "-w", "w1")
    hottui("add", "hu-1", "-r", "cn-hangzhou", "-w", "w2")
    outcome = hottui("rm", "hu-2", "hu-1")
    assert outcome.code == 2
    assert f"w1/default-namespace at {HANGZHOU}, w2/default-namespace at {HANGZHOU}" in outcome.err
    with home.store() as store:
        assert len(store.tracked()) == 3


@pytest.mark.parametrize(
    "options", [["-w", "w9"], ["-r", "eu-central-1"], ["-p", "b"], ["-r", "cn-hangzhou", "--network", "vpc"]]
)
def test_rm_in_another_location_reports_where_the_bookmark_is(hottui: Command, home: Home, options: list[str]) -> None:
    home.configure(PROFILES)
    hottui("add", "hu-1", *HERE)
    outcome = hottui("rm", "hu-1", *options)
    assert outcome.code == 4
    assert (
        f"No bookmark with ID hu-1 in this location; there is one in w1/default-namespace at {HANGZHOU}." in outcome.err
    )
    assert list(bookmarks_in(home)) == ["hu-1"]


def test_ls_without_bookmarks_prints_how_to_add_one(hottui: Command) -> None:
    assert (hottui("ls", "-o", "json").code, hottui("ls", "-o", "json").out) == (0, "")
    outcome = hottui("ls")
    assert (outcome.code, outcome.out) == (0, "")
    assert "hottui add ID" in outcome.err


def listed(hottui: Command, *options: str) -> str:
    outcome = hottui(*options, "ls", "-o", "json")
    assert (outcome.code, outcome.err) == (0, "")
    return " ".join(json.loads(line)["label"] for line in outcome.out.splitlines())


@pytest.mark.parametrize(
    ("options", "found"),
    [
        ([], "a b c d e"),
        (["-w", "w1"], "a b d"),
        (["-w", "w1", "-n", "n2"], "b"),
        (["-r", "cn-hangzhou"], "a b c d"),
        (["--region=cn-hangzhou", "--network", "vpc"], "d"),
        (["--network", "public"], "a b c"),
        (["--network", "vpc"], "d"),
        (["--endpoint", "https://x.example"], "e"),
        (["-p", "a"], "a b d"),
        (["-p", "a", "-n", "default-namespace"], "a d"),
        (["-p", "a", "--network", "vpc"], "d"),
        (["-p", "b"], "e"),
        (["-p", "b", "-r", "cn-hangzhou"], "a b c d"),
    ],
    ids=" ".join,
)
def test_ls_filters_by_location(
    hottui: Command, home: Home, monkeypatch: pytest.MonkeyPatch, options: list[str], found: str
) -> None:
    home.configure(PROFILES)
    for label, *more in (
        ("a", "-r", "cn-hangzhou", "-w", "w1"),
        ("b", "-r", "cn-hangzhou", "-w", "w1", "-n", "n2"),
        ("c", "-r", "cn-hangzhou", "-w", "w2"),
        ("d", "-r", "cn-hangzhou", "--network", "vpc", "-w", "w1"),
        ("e", "--endpoint", "https://x.example", "-w", "w5"),
    ):
        assert hottui("add", f"hu-{label}", "--label", label, *more).code == 0
    assert sorted(listed(hottui, *options).split()) == found.split()
    for name, value in (("PROFILE", "b"), ("REGION", "eu-central-1"), ("WORKSPACE", "w9"), ("NAMESPACE", "n9")):
        monkeypatch.setenv(f"HOTTUI_{name}", value)
    assert sorted(listed(hottui, *options).split()) == found.split(), "variables do not filter"


def test_a_default_profile_does_not_filter_the_list(hottui: Command, home: Home) -> None:
    home.configure(f'profile = "b"\n{PROFILES}')
    hottui("add", "hu-1", "--label", "there", *HERE)
    assert listed(hottui) == "there"


def test_ls_filters_as_the_dashboard_does(hottui: Command, home: Home) -> None:
    hottui("add", "hu-1", "--label", "orders noon", *HERE)
    hottui("add", "hu-2", "--label", "orders night", "-r", "eu-central-1", "-w", "w1")
    only_ids = ("-o", "csv", "--columns", "id", "--no-headers")
    for text, found in (("orders !night", "hu-1"), ("label:/^o.*t$/", "hu-2"), ("state:waiting id:hu-2", "hu-2")):
        assert hottui("ls", "--filter", text, *only_ids).out.split() == [found], text
    home.configure(PROFILES)
    profiles = {hottui("ls", "--filter", f"profile:{name}", *only_ids).out.strip() for name in ("a", "b")}
    assert "hu-1" in profiles
    outcome = hottui("ls", "--filter", "color:red")
    assert (outcome.code, outcome.out) == (2, "")
    assert "No field color. Fields: state label job id profile effect is." in outcome.err


@pytest.mark.parametrize("output", ["json", "table"])
def test_ls_reports_when_no_bookmark_matches(hottui: Command, output: str) -> None:
    hottui("add", "hu-1", "hu-2", *HERE)
    outcome = hottui("-w", "w2", "ls", "-o", output)
    assert (outcome.code, outcome.out) == (0, "")
    assert (
        outcome.err
        == "hottui: None of 2 bookmarks matches.\n        Run `hottui ls` without options to list them all.\n"
    )


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["-p", "prdo"], 'No profile "prdo" in '),
        (["-r", "cn-hangzouh"], "Unknown region 'cn-hangzouh'."),
        (["-w", "a b"], "The workspace 'a b' contains a space"),
        (["-n", "a/b"], "The namespace 'a/b' contains a slash"),
        (["--endpoint", "http://example.com"], "uses plain http to another machine. Use https."),
    ],
    ids=" ".join,
)
@pytest.mark.parametrize("command", [["ls"], ["rm", "hu-1"]], ids=" ".join)
def test_an_invalid_location_is_rejected(
    hottui: Command, home: Home, command: list[str], options: list[str], message: str
) -> None:
    home.configure(PROFILES)
    outcome = hottui(*command, *options)
    assert (outcome.code, outcome.out) == (2, "")
    assert message in outcome.err


def test_ls_rm_and_export_need_no_region(hottui: Command, home: Home) -> None:
    hottui("add", "hu-1", "hu-2", "--region", "cn-hangzhou", "--network", "vpc", "--workspace", "w1")
    hottui("add", "hu-3", "--endpoint", "https://flink.example", "--workspace", "w1")
    home.configure('[profiles.b]\nendpoint = "https://flink.example"\n')
    for narrowing, count in ((["--network", "vpc"], 2), (["-p", "b"], 1), (["-p", "b", "--network", "vpc"], 2)):
        outcome = hottui("ls", "-o", "json", *narrowing)
        assert (outcome.code, len(outcome.out.splitlines())) == (0, count), narrowing
    assert hottui("rm", "hu-1", "-p", "b", "--network", "vpc").code == 0
    assert [hottui("rm", name).code for name in ("hu-2", "hu-3")] == [0, 0]
    assert hottui("export").code == 0


def test_placeholders_for_a_missing_id_are_rejected(hottui: Command, home: Home) -> None:
    for nothing in ("null", "<nil>", "|", "---", '"null"', "None"):
        for outcome in (hottui("add", "-", *HERE, given=f"{nothing}\n".encode()), hottui("add", *HERE, "--", nothing)):
            assert (outcome.code, outcome.out) == (2, "")
            assert "is not an ID but another tool's output for a missing value" in outcome.err
    with home.store() as store:
        assert store.tracked() == ()
        store.add(Bookmark(Ref("https://flink.example", "w1", "n", "null")))
        store.add(Bookmark(Ref("https://flink.example", "w1", "n", "---")))
    assert hottui("rm", "null", "--", "---").code == 0, "IDs accepted by an older version can be removed"


def test_ls_as_json_prints_one_object_per_line(hottui: Command) -> None:
    hottui("add", "hu-1", "--label", "a\nb\x1b[31m", "--note", "订单", *HERE)
    outcome = hottui("ls", "-o", "json")
    assert (outcome.code, outcome.err) == (0, "")
    (line,) = outcome.out.splitlines()
    document = json.loads(line)
    assert document["ref"] == {
        "endpoint": HANGZHOU,
        "workspace": "w1",
        "namespace": "default-namespace",
        "id": "hu-1",
    }
    assert (document["state"], document["freshness"], document["seen"]) == (None, "waiting", None)
    assert document["note"] == "订单"
    assert "\x1b" not in outcome.out


def test_ls_as_a_table_prints_one_row_per_bookmark(hottui: Command) -> None:
    hottui("add", "hu-1", "--label", "a\nb\x1b[31m\u202e", *HERE)
    outcome = hottui("ls")
    titles, row = outcome.out.splitlines()
    assert titles.split() == ["STATE", "LABEL", "ID"]
    assert row.split()[0] == "waiting"
    assert row.rstrip().endswith("hu-1")
    assert not {"\x1b", "\u202e"} & set(outcome.out)


def test_repairs_of_the_store_are_reported(hottui: Command, home: Home) -> None:
    hottui("add", "hu-1", *HERE)
    paths.store_path().chmod(0o644)
    outcome = hottui("ls")
    assert outcome.code == 0
    assert "was accessible to other users (mode 0644); its mode is now 0600." in outcome.err
    assert paths.store_path().stat().st_mode & 0o777 == 0o600


def test_files_are_not_readable_by_other_users(hottui: Command, home: Home) -> None:
    before = os.umask(0)
    try:
        hottui("add", "hu-1", *HERE)
    finally:
        os.umask(before)
    store: Path = paths.store_path()
    assert (store.parent.stat().st_mode & 0o777, store.stat().st_mode & 0o777) == (0o700, 0o600)
