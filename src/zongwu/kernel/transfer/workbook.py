"""Reading a spreadsheet that somebody sent, safely: in a child process whose death becomes a sentence (decisions 26).

The child (`opening`) has a memory limit where the system knows one, and a time limit everywhere. It answers with one
JSON document in which every number keeps the digits that the file has.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from zongwu.kernel.errors import Refused
from zongwu.kernel.transfer.grid import Grid, Value

SECONDS = 120
REFUSED = 3
"""Exit status of a child that has a sentence for the person; any other but 0 means that it died."""
_KEPT_ENVIRONMENT = ("PATH", "SYSTEMROOT", "TEMP", "TMP", "TMPDIR", "LANG", "LD_LIBRARY_PATH")


class Unreadable(Refused):
    """The file cannot be read as this spreadsheet: one sentence that says what, where, and how to mend it."""


def load(path: Path, name: str = "") -> list[Grid]:
    """Every worksheet of an xlsx, xls, ods or csv file, in order; `name` is what the person calls the file.

    :raises Unreadable: with a sentence for the person who chose the file.
    """
    name = name or path.name
    try:
        child = subprocess.run(
            [sys.executable, "-m", "zongwu.kernel.transfer.opening", str(path.absolute()), name],
            capture_output=True, stdin=subprocess.DEVNULL, timeout=SECONDS, env=_environment(), check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise Unreadable(f"「{name}」{SECONDS} 秒还没有读完，请拆成几个小一点的文件再传。") from None
    if child.returncode == REFUSED:
        raise Unreadable(json.loads(child.stdout)["refused"])
    if child.returncode:
        raise Unreadable(f"读「{name}」时内存不够，或文件已损坏，什么也没有写入。请另存为新的 .xlsx 再传。")
    return [_grid(sheet) for sheet in json.loads(child.stdout, parse_float=Decimal)]


def _environment() -> dict[str, str]:
    """What the child needs and nothing secret: the way to this package, whether it is installed or in a checkout."""
    kept = {key: os.environ[key] for key in _KEPT_ENVIRONMENT if key in os.environ}
    return kept | {"PYTHONPATH": str(Path(__file__).resolve().parents[3]), "PYTHONUTF8": "1"}


def _grid(sheet: dict[str, Any]) -> Grid:
    return Grid(
        name=sheet["name"],
        rows=[[_value(cell) for cell in row] for row in sheet["rows"]],
        errors={(row, column): text for row, column, text in sheet["errors"]},
        uncached=frozenset((row, column) for row, column in sheet["uncached"]),
        merged=[(top, left, bottom, right) for top, left, bottom, right in sheet["merged"]],
        hidden_rows=frozenset(sheet["hidden_rows"]),
        hidden_columns=frozenset(sheet["hidden_columns"]),
        struck_rows=frozenset(sheet["struck_rows"]),
        typed=sheet["typed"],
    )


def _value(cell: Any) -> Value:
    """A day travels as a list of one text; a whole number comes back without decimals, an empty text as nothing."""
    kind = type(cell)
    if kind is str:
        return cell or None
    if kind is Decimal:
        whole = cell.to_integral_value()
        return whole if whole == cell else cell  # type: ignore[no-any-return]
    if kind is list:
        return date.fromisoformat(cell[0])
    return Decimal(cell) if kind is int else None
