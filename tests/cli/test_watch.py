"""The listing that `hottui` prints where there is no terminal."""

import pytest

from hottui.demo.world import Member
from tests.cli.conftest import Command


def test_bookmarks_at_the_endpoint_given_are_read_with_no_workspace_given(
    hottui: Command, place: str, member: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert hottui("add", member.id, "--label", "here").code == 0
    monkeypatch.delenv("HOTTUI_WORKSPACE")
    listing = hottui("watch")
    assert "UPDATED" in listing.out
    assert place not in listing.err
