"""The demo on a loopback port, for other programs: `hottui demo --serve PORT`."""

import errno
import socket
from collections.abc import Callable
from contextlib import closing
from typing import Final

from hottui.demo.service import ACCESS_KEY_ID, ACCESS_KEY_SECRET, DemoService
from hottui.demo.world import World

LOOPBACK: Final = "127.0.0.1"


class CannotServe(Exception):
    """The demo cannot be served; `sentence` says why and `hint` what to do next."""

    def __init__(self, sentence: str, hint: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.hint = hint


def serve(port: int, say: Callable[[str], None], service: DemoService | None = None) -> None:
    """Serve the demo on `port` of the loopback address (0: any free one) until interrupted.

    `say` is given the lines that tell how to reach it, once it accepts connections. Raises CannotServe, and
    KeyboardInterrupt after a clean end by ctrl-c.
    """
    try:
        import uvicorn  # noqa: PLC0415 - an extra that most never need
    except ImportError:
        raise CannotServe(
            "Serving the demo needs uvicorn, which is not installed.",
            "Install the extra: pip install 'hottui[serve]'.",
        ) from None
    service = service or DemoService(World())
    with closing(_listen(port)) as listening:
        actual: int = listening.getsockname()[1]
        config = uvicorn.Config(
            service,
            lifespan="off",
            access_log=False,
            log_config=None,
            date_header=False,  # the service's own clock writes it
            server_header=False,
            timeout_graceful_shutdown=1,
        )
        say(how_to_reach(service.world, f"http://{LOOPBACK}:{actual}"))
        uvicorn.Server(config).run(sockets=[listening])


def _listen(port: int) -> socket.socket:
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((LOOPBACK, port))
        listening.listen(128)
    except (OSError, OverflowError) as error:
        listening.close()
        raise CannotServe(f"Port {port} of {LOOPBACK} cannot be used: {_why(error)}.", "Choose another port.") from None
    return listening


def _why(error: OSError | OverflowError) -> str:
    if isinstance(error, OverflowError):
        return "a port is a number from 0 to 65535"
    match error.errno:
        case errno.EADDRINUSE:
            return "another program is using it"
        case errno.EACCES:
            return "ports below 1024 are reserved"
    return (error.strerror or str(error)).lower()


def how_to_reach(world: World, endpoint: str) -> str:
    """The environment variables that lead to a served world, and a few IDs to try."""
    first = world.members[0].about.job.place
    same_place = [member for member in world.members if member.about.job.place == first][:4]
    lines = [
        f"The demo service answers at {endpoint}. To reach it from another shell:",
        "",
        f"export ALIBABA_CLOUD_ACCESS_KEY_ID={ACCESS_KEY_ID}",
        f"export ALIBABA_CLOUD_ACCESS_KEY_SECRET={ACCESS_KEY_SECRET}",
        f"export HOTTUI_ENDPOINT={endpoint}",
        f"export HOTTUI_WORKSPACE={first.workspace}",
        f"export HOTTUI_NAMESPACE={first.namespace}",
        "",
        "Some IDs to try, for example with: hottui get ID",
        *(f"  {member.id}  {member.about.label}" for member in same_place),
        "",
        "Press ctrl-c to end.",
    ]
    return "\n".join(lines)
