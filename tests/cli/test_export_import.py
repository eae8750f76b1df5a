"""`hottui export`, `import` and `vacuum`: move bookmarks from one store to another."""

import json
import os
from pathlib import Path

import pytest

from hottui import paths
from hottui.model.ref import Ref
from hottui.model.tracking import Bookmark, Observation, Summary, Transition

from .conftest import Command, Home

PLACE = ("https://ververica.cn-hangzhou.aliyuncs.com", "w1", "n1")
FIRST = Ref(*PLACE, "hu-1")
ANSWER = '{"success":true,"data":{"jobHotUpdateId":"hu-1","x.password":"hunter2","name":"订单"}}'


@pytest.fixture
def kept(home: Home) -> Ref:
    """Store a bookmark with a history and one without; return the first."""
    with home.store() as store:
        store.add_all([Bookmark(FIRST, "orders", "note", 1_790_000_000.0), Bookmark(Ref(*PLACE, "hu-2"))])
        for at, state, previous in ((1.0, "INIT", ""), (2.0, "HOT_UPDATED", "INIT")):
            seen = Observation(FIRST, 1_790_000_000.0 + at, Summary(state), "r", ANSWER)
            store.record(seen, Transition(FIRST, seen.at, state, previous))
    return FIRST


def use_an_empty_store(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """Use another, empty store from here on."""
    monkeypatch.setenv("XDG_DATA_HOME", str(home.folder / "elsewhere"))


def test_export_and_import_round_trip(hottui: Command, home: Home, kept: Ref, monkeypatch: pytest.MonkeyPatch) -> None:
    exported = hottui("export")
    assert (exported.code, exported.err) == (0, "hottui: Exported 2 bookmarks.\n")
    assert len(exported.out.splitlines()) == 1
    assert "hunter2" not in exported.out
    with home.store() as store:
        before = [(each.bookmark, each.summary, each.since) for each in store.tracked()]
        history = store.transitions(kept)

    use_an_empty_store(home, monkeypatch)
    outcome = hottui("import", "-", given=exported.out.encode())
    assert (outcome.code, outcome.out) == (0, "")
    assert outcome.err == "hottui: Imported: 2 new bookmarks, 0 existing, 2 new transitions.\n"
    with home.store() as store:
        assert [(each.bookmark, each.summary, each.since) for each in store.tracked()] == before
        assert store.transitions(kept) == history

    again = hottui("import", "-", given=exported.out.encode())
    assert again.err == "hottui: Imported: 0 new bookmarks, 2 existing, 0 new transitions.\n"
    with home.store() as store:
        assert store.transitions(kept) == history


def test_an_export_file_is_private_and_replaced_atomically(hottui: Command, home: Home, kept: Ref) -> None:
    file = home.folder / "订单 backup.json"
    file.write_text("the old one")
    file.chmod(0o644)
    before = os.umask(0)
    try:
        outcome = hottui("export", str(file))
    finally:
        os.umask(before)
    assert (outcome.code, outcome.out) == (0, "")
    assert file.stat().st_mode & 0o777 == 0o600
    assert json.loads(file.read_text())["format"] == "hottui"
    assert hottui("import", str(file)).code == 0
    assert [path.name for path in home.folder.glob("*backup*")] == [file.name]


def test_a_symbolic_link_is_followed(hottui: Command, home: Home, kept: Ref) -> None:
    link, file = home.folder / "link.json", home.folder / "file.json"
    link.symlink_to(file)
    assert hottui("export", str(link)).code == 0
    assert link.is_symlink()
    assert json.loads(file.read_text())["version"] == 1


def test_a_device_is_written_to(hottui: Command, kept: Ref) -> None:
    assert hottui("export", os.devnull).code == 0
    assert Path(os.devnull).is_char_device()


@pytest.mark.parametrize(
    ("target", "reason"),
    [("no/such/folder.json", "No such file or directory"), (".", "Is a directory"), ("/dev/full", "No space left")],
)
def test_an_export_that_cannot_be_written_is_reported(
    hottui: Command, home: Home, kept: Ref, target: str, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(home.folder)
    outcome = hottui("export", target)
    assert outcome.code == 5
    assert reason in outcome.err
    assert "Exported" not in outcome.err


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (b"", "Standard input is not a hottui export: it is not JSON"),
        (b"\xff\xfe", "Standard input is not a hottui export: it is not UTF-8 text: byte 1 cannot be read."),
        (b"[]", "Standard input is not a hottui export: it is not a JSON object."),
        (b'{"format": "hottui", "version": 1, "bookmarks": [', "it is not JSON: Expecting value at line 1."),
        (b'{"format": "hottui", "version": 1, "bookmarks": []}}', "it is not JSON: Extra data at line 1."),
        (b'{"format": "hottui", "bookmarks": [], "version": 1, "x": ' + b"[" * 100_000, "nested too deeply"),
        (
            b'{"format": "hottui", "version": 2, "bookmarks": []}',
            "Standard input has version 2; this hottui supports version 1",
        ),
        (b'{"format": "hottui", "version": 1}', "Standard input has no list of bookmarks."),
        (b"[" * 100_000, "Standard input is not a hottui export: it is nested too deeply"),
    ],
)
def test_an_invalid_export_is_rejected(hottui: Command, home: Home, given: bytes, message: str) -> None:
    outcome = hottui("import", "-", given=given)
    assert (outcome.code, outcome.out) == (2, "")
    assert message in outcome.err


def test_malformed_entries_are_reported_and_skipped(hottui: Command, home: Home) -> None:
    good = {"ref": {"endpoint": PLACE[0], "workspace": "w", "namespace": "n", "id": "hu-1"}, "added": 1.0}
    bad = [{"ref": {**good["ref"], "endpoint": "http://example.com"}, "added": 1.0}] * 12  # type: ignore[dict-item]
    document = {"format": "hottui", "version": 1, "bookmarks": [good, *bad]}
    outcome = hottui("import", "-", given=json.dumps(document).encode())
    assert outcome.code == 2
    assert "hottui: Bookmark 2: the endpoint" in outcome.err
    assert "hottui: 2 more entries are invalid.\n" in outcome.err
    assert "1 new bookmark, 0 existing, 0 new transitions." in outcome.err
    with home.store() as store:
        assert [each.ref.id for each in store.tracked()] == ["hu-1"]


def test_an_unreadable_file_is_reported(hottui: Command, home: Home) -> None:
    outcome = hottui("import", str(home.folder / "nothing\x1b[31m"))
    assert outcome.code == 2
    assert "cannot be read: No such file or directory." in outcome.err
    assert "\x1b" not in outcome.err


def test_vacuum_shrinks_the_store(hottui: Command, home: Home) -> None:
    with home.store() as store:
        refs = [Ref(*PLACE, f"hu-{n}") for n in range(200)]
        store.add_all([Bookmark(ref, note=os.urandom(2_000).hex()) for ref in refs])
        for ref in refs[1:]:
            store.remove(ref)
    outcome = hottui("vacuum")
    assert (outcome.code, outcome.out) == (0, "")
    assert "hottui: Store size: " in outcome.err
    assert paths.store_path().stat().st_size < 100_000
    assert [each["ref"]["id"] for each in map(json.loads, hottui("ls", "-o", "json").out.splitlines())] == ["hu-0"]


def test_vacuum_applies_the_configured_history_limits(hottui: Command, home: Home, kept: Ref) -> None:
    home.configure("history_transitions = 1\n")
    assert hottui("vacuum").code == 0
    with home.store() as store:
        assert [move.state for move in store.transitions(kept)] == ["HOT_UPDATED"]


def test_an_endless_import_is_rejected_after_its_first_entries(hottui: Command, home: Home) -> None:
    begun = b'{"format": "hottui", "version": 1, "bookmarks": ['
    outcome = hottui("import", "-", given=begun + b"0, " * 100_001)
    assert outcome.code == 2
    assert outcome.err.splitlines()[:2] == [
        "hottui: Bookmark 1: the entry is missing or not an object.",
        "hottui: Bookmark 2: the entry is missing or not an object.",
    ]
    assert "hottui: Standard input contains more than 100,000 bookmarks; nothing was imported.\n" in outcome.err
    assert len(outcome.err.splitlines()) == 12


def test_a_truncated_export_is_not_imported_in_part(hottui: Command, home: Home, kept: Ref) -> None:
    whole = hottui("export").out.encode()
    with home.store() as store:
        for each in store.tracked():
            store.remove(each.ref)
        store.vacuum()
    outcome = hottui("import", "-", given=whole[:-3])
    assert (outcome.code, outcome.out) == (2, "")
    assert "Nothing was imported." in outcome.err
    assert hottui("ls", "-o", "json").out == ""
    assert hottui("import", "-", given=whole).code == 0


def test_members_in_another_order_are_accepted(hottui: Command, home: Home, kept: Ref) -> None:
    document = json.loads(hottui("export").out)
    outcome = hottui("import", "-", given=json.dumps(document, sort_keys=True, indent=1).encode())
    assert outcome.err == "hottui: Imported: 0 new bookmarks, 2 existing, 0 new transitions.\n"
