"""The manual page: complete, and roff without warnings."""

import shutil
import subprocess

import pytest

from hottui.cli.command_group import COMMANDS, VALUED
from hottui.cli.manual import manual


def test_it_names_every_command_and_option() -> None:
    page = manual().replace("\\-", "-")
    for name in COMMANDS:
        assert f'\n.SS "hottui {name}' in page
    assert '.SS "hottui config validate' in page
    for option in VALUED:
        assert option in page
    assert '\n.B "HOTTUI_REGION"\nDefault of --region.\n' in page
    assert "\b" not in page


def test_examples_keep_their_lines() -> None:
    examples = manual().partition('.SS "hottui wait')[2].partition(".SS")[0]
    assert "\n.nf\nExamples:\n" in examples
    assert "\n  hottui wait 98fe2c01 \\-\\-effect \\-o json\n" in examples


@pytest.mark.slow
def test_groff_has_no_complaints() -> None:
    if shutil.which("groff") is None:
        pytest.skip("there is no groff here")
    command = ["groff", "-man", "-Kutf8", "-Tutf8", "-ww"]
    done = subprocess.run(command, input=manual().encode(), capture_output=True, check=True, timeout=120)
    assert done.stderr.decode() == ""
    assert b"HOTTUI(1)" in done.stdout
