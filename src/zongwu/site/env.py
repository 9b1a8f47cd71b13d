"""What an installation is told from outside: the data folder, the database, the public address."""

from __future__ import annotations

import json
import os
import secrets
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit


def data_folder() -> Path:
    """`ZONGWU_DATA`, else the platform's own place for a program's data; made when missing."""
    named = os.environ.get("ZONGWU_DATA")
    if named:
        folder = Path(named).expanduser().resolve()
    elif sys.platform == "win32":
        folder = Path(os.environ.get("LOCALAPPDATA", Path.home())) / "zongwu"
    elif sys.platform == "darwin":
        folder = Path.home() / "Library" / "Application Support" / "zongwu"
    else:
        folder = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "zongwu"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def fixed_now(folder: Path, *, allowed: bool) -> Callable[[], str | None]:
    """Where the clock stands still: `ZONGWU_NOW` in tests and `demo`, the demonstration's end in its own data folder."""
    stopped = folder / "demo.json"

    def now() -> str | None:
        if allowed and (named := os.environ.get("ZONGWU_NOW")):
            return named
        return str(json.loads(stopped.read_text(encoding="utf-8"))["now"]) if stopped.exists() else None

    return now


def secret_key(folder: Path) -> str:
    """The installation's own key, drawn once and readable by its owner only."""
    file = folder / "secret.key"
    if not file.exists():
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as out:
            out.write(secrets.token_urlsafe(48))
    return file.read_text().strip()


def databases(folder: Path) -> dict[str, dict[str, Any]]:
    """SQLite in the data folder, with a read-only second alias; or PostgreSQL from `ZONGWU_DATABASE`."""
    url = os.environ.get("ZONGWU_DATABASE", "")
    if url and not url.startswith("sqlite"):
        return {"default": _postgresql(url)}
    path = str(folder / "zongwu.sqlite3")
    pragmas = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA mmap_size=1073741824; PRAGMA secure_delete=ON; PRAGMA recursive_triggers=ON;"
    common = {"ENGINE": "django.db.backends.sqlite3", "NAME": path}
    return {
        "default": common | {"OPTIONS": {"timeout": 20, "transaction_mode": "IMMEDIATE", "init_command": pragmas}},
        "ro": common
        | {
            "OPTIONS": {"timeout": 20, "init_command": "PRAGMA query_only=ON; PRAGMA mmap_size=1073741824;"},
            "TEST": {"MIRROR": "default"},
        },
    }


def _postgresql(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    query = {key: values[0] for key, values in parse_qs(parts.query).items()}
    host = query.pop("host", parts.hostname or "")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "OPTIONS": {"options": _ONE_AT_A_TIME} | query,
    }


_ONE_AT_A_TIME = "-c max_parallel_workers_per_gather=0 -c jit=off"
"""Every query answers one person within milliseconds: starting helpers or a compiler takes longer than it saves."""
