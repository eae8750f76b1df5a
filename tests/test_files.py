"""Opening any kind of file takes at most the timeout for the other end of a pipe."""

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from hottui.files import open_input, open_output, read_regular


def test_a_regular_file_is_read_up_to_the_limit(tmp_path: Path) -> None:
    file, link = tmp_path / "file", tmp_path / "link"
    file.write_bytes(b"12345")
    link.symlink_to(file)
    assert read_regular(link, 5) == b"12345"
    with pytest.raises(OSError, match="it is larger than 4 bytes"):
        read_regular(file, 4)
    with pytest.raises(FileNotFoundError):
        read_regular(tmp_path / "none", 4)
    with open_input(file) as opened:
        assert opened.read() == b"12345"
    null = Path(os.devnull)
    assert read_regular(null, 4) == b""
    with open_input(null) as opened:
        assert opened.read() == b""


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (os.mkfifo, "it is a pipe, not a file"),
        (Path.mkdir, "Is a directory"),
        (lambda path: path.symlink_to("/dev/zero"), "it is a device, not a file"),
        (lambda path: path.symlink_to("/dev/tty"), "it is a device, not a file"),
        (lambda path: socket.socket(socket.AF_UNIX).bind(str(path)), "it is a socket, not a file"),
        (lambda path: path.symlink_to(path), "Too many levels of symbolic links"),
    ],
)
@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_other_kinds_of_files_are_rejected(
    make: Callable[[Path], object], reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)  # the address of a socket must be short
    path = Path("thing")
    make(path)
    with pytest.raises(OSError, match=reason):
        read_regular(path, 100)
    if not path.is_fifo():
        with pytest.raises(OSError, match=reason):
            open_input(path)


def test_a_named_pipe_with_a_writer_is_read(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    with pytest.raises(OSError, match="no process writes to this pipe"):
        open_input(path, timeout=0.1)
    writer = threading.Thread(target=path.write_bytes, args=(b"x" * 200_000,))
    writer.start()
    with open_input(path, timeout=60.0) as file:
        assert file.read() == b"x" * 200_000
    writer.join()


def test_a_slow_writer_is_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    writer = os.open(path, os.O_WRONLY)
    os.close(reader)

    def late() -> None:
        os.write(writer, b"late")
        os.close(writer)

    with open_input(path, timeout=0.0) as file:
        later = threading.Timer(0.2, late)
        later.start()
        assert file.read() == b"late"
    later.join()


def test_pipes_and_files_on_standard_input_are_read(tmp_path: Path) -> None:
    program = "import sys; from pathlib import Path; from hottui.files import open_input; "
    program += "print(open_input(Path(sys.argv[1])).read())"
    for path in ("/dev/stdin", "/dev/fd/0", "/proc/self/fd/0"):
        for given in (b"given", b""):
            done = subprocess.run(
                [sys.executable, "-c", program, path], input=given, capture_output=True, check=True, timeout=60
            )
            assert done.stdout == f"{given!r}\n".encode()
    substituted = 'exec "$0" -c "$1" <(sleep 0.2; printf given)'
    done = subprocess.run(
        ["bash", "-c", substituted, sys.executable, program], capture_output=True, check=True, timeout=60
    )
    assert done.stdout == b"b'given'\n"


def test_a_pipe_with_a_reader_is_written(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    with pytest.raises(OSError, match="no process reads from this pipe"):
        open_output(path, timeout=0.1)
    found: list[bytes] = []
    reader = threading.Thread(target=lambda: found.append(path.read_bytes()))
    reader.start()
    with open_output(path, timeout=60.0) as file:
        file.write(b"x" * 200_000)
    reader.join()
    assert found == [b"x" * 200_000]
    with pytest.raises(IsADirectoryError):
        open_output(tmp_path)
