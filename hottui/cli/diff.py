"""`hottui diff`: compare two settings of a job."""

import click

from hottui.cli.completers import complete_id_or_file
from hottui.cli.options import ascii_option, location_options, text_output_option, timeout_option
from hottui.cli.output import CommandError, emit, emit_rendered, json_line, print_error, supports_glyphs, text_width
from hottui.config.settings import Flags
from hottui.errors import ExitCode


@click.command()
@click.argument("first", metavar="A", shell_complete=complete_id_or_file)
@click.argument("second", metavar="[B]", required=False, shell_complete=complete_id_or_file)
@click.option("--before", is_flag=True, help="Compare what the job ran with before A, with A (the default without B).")
@click.option("--running", is_flag=True, help="Compare A with what its job runs with now.")
@text_output_option
@location_options
@timeout_option
@ascii_option
def diff(
    *,
    first: str,
    second: str | None,
    before: bool,
    running: bool,
    output: str,
    flags: Flags,
    timeout: float,
    ascii_only: bool,
) -> int:
    """Compare conf, resources, plan and cost of two hot updates, or of one with its job.

    A and B are each an ID, a file with an answer of GetHotUpdateJobResult or a line of `hottui get -o json`, or `-`
    for standard input. Values are compared by meaning: 4 GiB is 4096m. Exit codes: 0 no differences, 1 differences,
    3 access denied, 4 not found or not known, 5 unreachable or unavailable, 6 invalid answer or nothing to compare.

    \b
    Examples:
      hottui diff 98fe2c01 --running
      hottui diff monday.json 98fe2c01 -o json | jq .differences
    """
    if sum((second is not None, before, running)) > 1:
        raise click.UsageError("Pass only one of B, --before and --running.", click.get_current_context())
    from hottui.analysis.result_diff import Section, diff_document  # noqa: PLC0415 - start-up time: pydantic
    from hottui.analysis.result_diff import diff as differences  # noqa: PLC0415 - as above
    from hottui.cli.diff_source import Against, two_updates, with_job  # noqa: PLC0415 - as above
    from hottui.render.diff_text import diff_lines  # noqa: PLC0415 - as above

    if second is not None:
        old, new, not_permitted = two_updates(first, second, flags, timeout)
    else:
        old, new, not_permitted = with_job(first, Against.RUNNING if running else Against.BEFORE, flags, timeout)
    if not_permitted:
        print_error(not_permitted)
    changed = differences(old.setting, new.setting)
    if changed.same and not any(_both(section, old.setting, new.setting) for section in Section):
        raise CommandError(
            f"Nothing to compare: {old.title} and {new.title} have no setting in common.",
            exit_code=ExitCode.UNREADABLE,
        )
    if output == "json":
        titles = {"old": {"title": old.title}, "new": {"title": new.title}}
        emit(json_line(titles | diff_document(old.setting, new.setting, changed)))
    else:
        emit_rendered(diff_lines(old, new, changed, text_width()), ascii_only or not supports_glyphs())
    return ExitCode.OK if changed.same else ExitCode.FAILED


def _both(section: str, old: object, new: object) -> bool:
    return getattr(old, section) is not None and getattr(new, section) is not None
