"""Reading a spreadsheet that somebody sent, safely: in a child process whose death becomes a sentence (decisions 26).

The child (`opening`) has a memory limit where the system knows one, and a time limit everywhere. It answers with one
JSON document in which every number keeps the digits that the file has.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from zongwu.kernel.errors import Refused
from zongwu.kernel.transfer.grid import Grid, Value

SECONDS = 120
COMMAND = ("-m", "zongwu.kernel.transfer.opening")
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
    command = [sys.executable, *COMMAND, str(path.absolute()), name]
    understood, over, refused, broken = _Cells(), threading.Event(), "", False
    grids: list[Grid] = []
    rows: list[list[Value]] = []
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL, env=_environment(), encoding="utf-8"
    ) as child:  # fmt: skip

        def stop() -> None:
            over.set()
            child.kill()

        late = threading.Timer(SECONDS, stop)
        late.start()
        try:
            for line in child.stdout or ():
                if line.startswith("["):
                    rows.append(understood.row(line))
                elif "refused" in (said := json.loads(line)):
                    refused = said["refused"]
                else:
                    grids.append(_grid(said, rows))
                    rows = []
        except ValueError:  # half a line: the child died over it, or has ended already as if all were well
            broken = True
            child.kill()
        finally:
            late.cancel()
    if over.is_set():
        raise Unreadable(f"「{name}」{SECONDS} 秒还没有读完，请拆成几个小一点的文件再传。")
    if child.returncode == REFUSED and refused:
        raise Unreadable(refused)
    if child.returncode or rows or broken:
        raise Unreadable(f"读「{name}」时内存不够，或文件已损坏，什么也没有写入。请另存为新的 .xlsx 再传。")
    return grids


def _environment() -> dict[str, str]:
    """What the child needs and nothing secret: the way to this package, whether it is installed or in a checkout."""
    kept = {key: os.environ[key] for key in _KEPT_ENVIRONMENT if key in os.environ}
    return kept | {"PYTHONPATH": str(Path(__file__).resolve().parents[3]), "PYTHONUTF8": "1"}


def _grid(sheet: dict[str, Any], rows: list[list[Value]]) -> Grid:
    return Grid(
        name=sheet["name"],
        rows=rows,
        errors={(row, column): text for row, column, text in sheet["errors"]},
        uncached=frozenset((row, column) for row, column in sheet["uncached"]),
        merged=[(top, left, bottom, right) for top, left, bottom, right in sheet["merged"]],
        hidden_rows=frozenset(sheet["hidden_rows"]),
        hidden_columns=frozenset(sheet["hidden_columns"]),
        struck_rows=frozenset(sheet["struck_rows"]),
        typed=sheet["typed"],
    )


class _Cells:
    """Rows as the child writes them. Most cells say what others say, and every value is kept once.

    A day travels as a list of one text; a whole number comes back without decimals, an empty text as nothing.
    """

    def __init__(self) -> None:
        self._texts: dict[str, str] = {}
        self._numbers: dict[str, Decimal] = {}
        self._days: dict[str, date] = {}
        self._decode = json.JSONDecoder(parse_float=self._number, parse_int=self._number).decode

    def row(self, line: str) -> list[Value]:
        return [self._value(cell) for cell in self._decode(line)]

    def _value(self, cell: Any) -> Value:
        if type(cell) is str:
            return self._texts.setdefault(cell, cell) or None
        if type(cell) is list:
            day = self._days.get(cell[0])
            return day or self._days.setdefault(cell[0], date.fromisoformat(cell[0]))
        return cell  # type: ignore[no-any-return]

    def _number(self, text: str) -> Decimal:
        number = self._numbers.get(text)
        if number is None:
            number = Decimal(text)
            whole = number.to_integral_value()
            number = self._numbers[text] = whole if whole == number else number
        return number
