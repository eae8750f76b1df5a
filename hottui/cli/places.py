"""Where hot updates lie, in few words."""

from collections.abc import Sequence

from hottui.model.ref import Ref


def region_word(endpoint: str) -> str:
    """The region of a vendor's endpoint, ` vpc` behind it for that network; the host of any other."""
    host = endpoint.partition("://")[2].removesuffix(".aliyuncs.com").removeprefix("ververica.")
    return host.removeprefix("ververica-vpc.") + (" vpc" if host.startswith("ververica-vpc.") else "")


def told_apart(refs: Sequence[Ref]) -> list[tuple[str, str, str]]:
    """Region, workspace and namespace of each of `refs`; empty where all have the same."""
    columns = (
        [region_word(ref.endpoint) for ref in refs],
        [ref.workspace for ref in refs],
        [ref.namespace for ref in refs],
    )
    several = [column if len(set(column)) > 1 else [""] * len(column) for column in columns]
    return list(zip(*several, strict=True))
