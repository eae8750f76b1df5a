"""Print tables of measurements."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One measurement; `met` is None where there is no goal."""

    what: str
    measured: str
    goal: str = ""
    met: bool | None = None


def show(title: str, rows: list[Row]) -> None:
    """Print measurements with their goals, as a Markdown table."""
    cells = [("measured", title, "goal", "")]
    cells += [(row.measured, row.what, row.goal, {True: "met", False: "NOT MET", None: ""}[row.met]) for row in rows]
    widths = [max(len(line[n]) for line in cells) for n in range(4)]
    print(f"\n| {cells[0][1]:{widths[1]}} | {'measured':>{widths[0]}} | {'goal':{widths[2]}} | {'':{widths[3]}} |")
    print(f"|{'-' * (widths[1] + 2)}|{'-' * (widths[0] + 1)}:|{'-' * (widths[2] + 2)}|{'-' * (widths[3] + 2)}|")
    for measured, what, goal, met in cells[1:]:
        print(f"| {what:{widths[1]}} | {measured:>{widths[0]}} | {goal:{widths[2]}} | {met:{widths[3]}} |")
