"""One program serves a data folder at a time, and none while it is being restored."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from zongwu.kernel.errors import Refused

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]
    import msvcrt


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Hold the data folder; the system lets go of it however the process ends.

    :raises Refused: a program is serving it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "serving.lock").open("a+b") as handle:
        try:
            _lock(handle.fileno())
        except OSError as taken:
            raise Refused("这个数据目录正由一个运行中的总务在用，请先在那边按 Ctrl+C 停下，再来一次。") from taken
        yield


def _lock(file: int) -> None:
    if fcntl is not None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    else:
        msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
