"""Reading a spreadsheet that somebody sent, safely: in a child process whose death becomes a sentence (decisions 26).

A streaming pass over the sheets' XML comes first. It counts what is really unpacked, refuses document types and far
cells (one cell in the last corner makes the dense reader ask for 549 GB), and collects error cells and formulas
without a cached value, which the reader reports as blank.
"""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.parsers import expat

from zongwu.kernel.errors import Refused

MOST_CELLS = 5_000_000
MOST_BYTES = 300 * 1024 * 1024
MEMORY = 1536 * 1024 * 1024
SECONDS = 120
Value = str | Decimal | date | None


class Unreadable(Refused):
    """The file cannot be read as a spreadsheet."""


@dataclass(frozen=True)
class Grid:
    """One sheet: dense rows from A1, and what the values alone do not tell. Positions are (row, column) from zero."""

    name: str
    rows: list[list[Value]]
    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    uncached: frozenset[tuple[int, int]] = frozenset()
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden_rows: frozenset[int] = frozenset()


def load(path: Path) -> list[Grid]:
    """Every sheet of an xlsx, xls, ods or csv file.

    :raises Unreadable: with a sentence for the person who chose the file.
    """
    command = [sys.executable, "-m", "zongwu.kernel.transfer.workbook", str(path)]
    environment = {"PYTHONPATH": str(Path(__file__).parents[3]), "PYTHONIOENCODING": "utf-8"}
    try:
        done = subprocess.run(command, capture_output=True, timeout=SECONDS, env=_inherited() | environment, check=False)
    except subprocess.TimeoutExpired:
        raise Unreadable(f"这个表格 {SECONDS} 秒还没有读完，请拆成几个小一点的文件再传。") from None
    if done.returncode == 3:
        raise Unreadable(json.loads(done.stdout)["refused"])
    if done.returncode:
        raise Unreadable("读这个表格时内存不够或文件已损坏，什么也没有写入。请用 Excel 或 WPS 另存为新的 .xlsx 再传。")
    return [_grid(sheet) for sheet in json.loads(done.stdout)]


def _inherited() -> dict[str, str]:
    """What a child needs of the environment: nothing secret."""
    import os

    return {key: os.environ[key] for key in ("PATH", "SYSTEMROOT", "TEMP", "TMP", "LANG") if key in os.environ}


# --- in the child ----------------------------------------------------------------------------------------------------


def main(path: str) -> int:
    """The child: prints the sheets as JSON; exit code 3 carries a refusal."""
    _limit_memory()
    try:
        sheets = _read(Path(path))
    except Unreadable as no:
        print(json.dumps({"refused": str(no)}))  # noqa: T201 - the parent reads it
        return 3
    json.dump(sheets, sys.stdout, ensure_ascii=False)
    return 0


def _limit_memory() -> None:
    try:
        import resource
    except ImportError:  # Windows has no such limit; the time limit and the streaming pass remain
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def _read(path: Path) -> list[dict[str, Any]]:
    try:
        head = path.open("rb").read(8)
    except OSError:
        raise Unreadable(f"找不到文件「{path.name}」。") from None
    if not head:
        raise Unreadable("这个文件是空的，请重新导出后再传。")
    if head.startswith(b"PK\x03\x04"):
        return _read_zip(path)
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        return _read_calamine(path, {})
    if path.suffix.lower() in {".csv", ".txt"} and b"\x00" not in head:
        return [_read_csv(path)]
    raise Unreadable(f"「{path.name}」不是表格文件。请传 .xlsx、.xls、.ods 或 .csv，图片和扫描件不能导入。")


def _read_zip(path: Path) -> list[dict[str, Any]]:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            if "xl/workbook.xml" not in names:
                if "content.xml" in names:
                    _count_bytes(archive)
                    return _read_calamine(path, {})
                raise Unreadable(f"「{path.name}」里没有工作表。请用 Excel 或 WPS 另存为 .xlsx 再传。")
            scans = {name: _Scan(name) for name in sorted(names) if name.startswith("xl/worksheets/") and name.endswith(".xml")}
            _count_bytes(archive, scans)
            order = _sheet_files(archive)
    except (zipfile.BadZipFile, EOFError, OSError, expat.ExpatError, KeyError, NotImplementedError, RuntimeError) as broken:
        raise Unreadable(f"「{path.name}」已损坏，打不开。请用 Excel 或 WPS 打开后另存一份再传。") from broken
    return _read_calamine(path, {name: scans[file] for name, file in order.items() if file in scans})


def _count_bytes(archive: zipfile.ZipFile, scans: dict[str, _Scan] | None = None) -> None:
    """Unpack everything once without keeping it; the sizes that the archive claims are not believed."""
    total = cells = 0
    for info in archive.infolist():
        scan = (scans or {}).get(info.filename)
        is_xml = info.filename.endswith((".xml", ".rels"))
        guard = scan.parser if scan else _doctype_guard() if is_xml else None
        with archive.open(info) as part:
            while chunk := part.read(65536):
                total += len(chunk)
                if total > MOST_BYTES:
                    raise Unreadable(f"这个文件解压后超过 {MOST_BYTES // 1048576} MB，不像正常的台账。请删掉图片和多余的工作表再传。")
                if guard is not None:
                    guard.Parse(chunk, False)
                if scan is not None and cells + scan.cells > MOST_CELLS:
                    raise Unreadable(f"这个文件超过 {MOST_CELLS // 10000} 万个单元格，请拆成几个文件再传。")
        cells += scan.cells if scan else 0


def _doctype_guard() -> Any:
    """A parser that does nothing but refuse document types, where entities would hide."""
    parser = expat.ParserCreate(namespace_separator=" ")

    def refuse(*_: object) -> None:
        raise Unreadable("这个文件里有不该有的定义（DTD），为安全起见没有读。请用 Excel 或 WPS 另存一份再传。")

    parser.StartDoctypeDeclHandler = refuse
    return parser


class _Scan:
    """What a sheet's XML says beside the values; fed chunk by chunk."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.cells = self.width = self.height = 0
        self.errors: list[tuple[int, int, str]] = []
        self.uncached: list[tuple[int, int]] = []
        self.merged: list[tuple[int, int, int, int]] = []
        self.hidden: list[int] = []
        self.parser = _doctype_guard()
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._data
        self._at, self._type, self._text, self._in_value = (0, -1), "", "", False
        self._formula = self._cached = False
        self._row = -1

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        tag = tag.rpartition(" ")[2]
        if tag == "row":
            self._row = int(attributes.get("r", self._row + 2)) - 1
            self._at = (self._row, -1)
            if attributes.get("hidden") in {"1", "true"}:
                self.hidden.append(self._row)
        elif tag == "c":
            self._open_cell(attributes)
        elif tag == "f":
            self._formula = True
        elif tag in {"v", "is"}:
            self._cached, self._in_value, self._text = True, True, ""
        elif tag == "mergeCell":
            self._merge(attributes.get("ref", ""))

    def _open_cell(self, attributes: dict[str, str]) -> None:
        self.cells += 1
        where = attributes.get("r")
        self._at = _position(where) if where else (self._row, self._at[1] + 1)
        self._type, self._formula, self._cached = attributes.get("t", ""), False, False
        self.height, self.width = max(self.height, self._at[0] + 1), max(self.width, self._at[1] + 1)
        if self.height * self.width > 4 * MOST_CELLS:
            raise Unreadable(f"单元格 {where or self._at} 离表格太远，整张表会大到读不下。请删掉它（Ctrl+End 可以找到）再传。")

    def _merge(self, reference: str) -> None:
        first, _, last = reference.partition(":")
        if last:
            self.merged.append((*_position(first), *_position(last)))

    def _end(self, tag: str) -> None:
        tag = tag.rpartition(" ")[2]
        if tag in {"v", "is"}:
            self._in_value = False
            self._cached = self._cached and bool(self._text.strip())
        elif tag == "c":
            if self._type == "e":
                self.errors.append((*self._at, self._text.strip() or "#VALUE!"))
            elif self._formula and not self._cached:
                self.uncached.append(self._at)

    def _data(self, text: str) -> None:
        if self._in_value and len(self._text) < 64:
            self._text += text


def _position(where: str) -> tuple[int, int]:
    """`B12` → (11, 1)."""
    found = re.fullmatch(r"\$?([A-Z]{1,3})\$?(\d{1,7})", where)
    if not found:
        raise Unreadable(f"表格里有认不出的单元格位置「{where[:20]}」，请用 Excel 或 WPS 另存一份再传。")
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - 64
    return int(found[2]) - 1, column - 1


def _sheet_files(archive: zipfile.ZipFile) -> dict[str, str]:
    """Sheet name → its file inside the archive."""
    from defusedxml.ElementTree import fromstring

    relations = {
        node.get("Id"): node.get("Target", "") for node in fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    }
    found = {}
    for node in fromstring(archive.read("xl/workbook.xml")).iter():
        if node.tag.endswith("}sheet"):
            key = next((value for name, value in node.attrib.items() if name.endswith("}id")), "")
            target = relations.get(key, "").lstrip("/")
            found[node.get("name", "")] = target if target.startswith("xl/") else f"xl/{target}"
    return found


def _read_calamine(path: Path, scans: dict[str, _Scan]) -> list[dict[str, Any]]:
    import python_calamine

    try:
        book = python_calamine.CalamineWorkbook.from_path(str(path))
        sheets = [(name, book.get_sheet_by_name(name).to_python(skip_empty_area=False)) for name in book.sheet_names]
    except python_calamine.PasswordError as locked:
        raise Unreadable(f"「{path.name}」加了密码，请先在 Excel 或 WPS 里去掉密码再传。") from locked
    except (python_calamine.CalamineError, OSError, ValueError) as broken:
        if path.suffix.lower() in {".xlsx", ".xlsm"} and not scans:
            raise Unreadable(f"「{path.name}」打不开：可能加了密码，或其实不是 .xlsx。请去掉密码或另存一份再传。") from broken
        raise Unreadable(f"「{path.name}」已损坏，打不开。请用 Excel 或 WPS 打开后另存一份再传。") from broken
    return [_sheet(name, rows, scans.get(name)) for name, rows in sheets]


def _read_csv(path: Path) -> dict[str, Any]:
    raw = path.read_bytes()
    if len(raw) > MOST_BYTES:
        raise Unreadable("这个文件太大，请拆开再传。")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = raw.decode("gb18030")
        except UnicodeDecodeError:
            raise Unreadable(f"「{path.name}」的文字编码认不出来，请另存为 .xlsx 再传。") from None
    rows = list(csv.reader(io.StringIO(text)))
    if sum(map(len, rows)) > MOST_CELLS:
        raise Unreadable(f"这个文件超过 {MOST_CELLS // 10000} 万个单元格，请拆成几个文件再传。")
    return _sheet(path.stem, rows, None)


def _sheet(name: str, rows: list[list[Any]], scan: _Scan | None) -> dict[str, Any]:
    return {
        "name": name, "rows": [[_pack(value) for value in row] for row in rows], "errors": scan.errors if scan else [],
        "uncached": scan.uncached if scan else [], "merged": scan.merged if scan else [], "hidden": scan.hidden if scan else [],
    }  # fmt: skip


def _pack(value: Any) -> Any:
    """JSON has no dates and no exact numbers: they travel in a list."""
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float | int):
        return ["n", repr(value)]
    if isinstance(value, datetime):
        return ["d", value.date().isoformat()]
    if isinstance(value, date):
        return ["d", value.isoformat()]
    return str(value)


# --- back in the parent ----------------------------------------------------------------------------------------------


def _grid(sheet: dict[str, Any]) -> Grid:
    return Grid(
        sheet["name"], [[_unpack(value) for value in row] for row in sheet["rows"]],
        {(row, column): text for row, column, text in sheet["errors"]},
        frozenset((row, column) for row, column in sheet["uncached"]), [tuple(area) for area in sheet["merged"]],
        frozenset(sheet["hidden"]),
    )  # fmt: skip


def _unpack(value: Any) -> Value:
    if not isinstance(value, list):
        return value  # type: ignore[no-any-return]
    tag, text = value
    if tag == "d":
        return date.fromisoformat(text)
    number = Decimal(text)
    whole = number.to_integral_value()
    return whole if whole == number else number




if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
