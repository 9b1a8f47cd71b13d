"""Chooses the SQLite library, before anything connects.

SQLite 3.7.0 to 3.51.2 can lose committed writes or damage the file when two connections write in WAL mode. Debian's and
many other systems' Python is linked to such a version, so a sound one from `pysqlite3` takes its place where needed.
"""

from __future__ import annotations

import importlib
import sys
from types import ModuleType

_BACKPORTS: dict[tuple[int, ...], int] = {(3, 44): 6, (3, 50): 7}  # the first sound patch of an older line
_WITHDRAWN = {(3, 52, 0)}


def is_affected(version: tuple[int, ...]) -> bool:
    """Whether this version of the library has the fault."""
    if version in _WITHDRAWN:
        return True
    sound_patch = _BACKPORTS.get(version[:2])
    if sound_patch is not None and version[2] >= sound_patch:
        return False
    return (3, 7, 0) <= version < (3, 51, 3)


def prefer_safe_sqlite() -> None:
    """Put `pysqlite3` in the place of an affected `sqlite3`, if there is a sound one; call it before Django loads."""
    if not is_affected(_version(importlib.import_module("sqlite3"))):
        return
    try:
        other = importlib.import_module("pysqlite3")
    except ImportError:
        return
    if not is_affected(_version(other)):
        sys.modules["sqlite3"] = other
        sys.modules["sqlite3.dbapi2"] = importlib.import_module("pysqlite3.dbapi2")


def sqlite_problem() -> str | None:
    """What to tell the person at start-up when the SQLite in use cannot be trusted with the school's records."""
    version = _version(importlib.import_module("sqlite3"))
    if not is_affected(version):
        return None
    return (
        f"这台机器上的 SQLite {'.'.join(map(str, version))} 有已知缺陷，多人同时写入时可能丢失已保存的记录。"
        "请换用 3.51.3 及以上版本的 SQLite（3.52.0 除外），或者用 --database 改用 PostgreSQL。"
    )


def _version(library: ModuleType) -> tuple[int, ...]:
    return tuple(library.sqlite_version_info)
