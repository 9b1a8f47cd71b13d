"""The child process that opens a file (`workbook.load` starts it): its content decides what it is, not its name.

    python -m zongwu.kernel.transfer.opening PATH NAME

writes JSON to standard output, a line for each row and after the rows of a sheet a line that describes it, or exits 3
with `{"refused": sentence}` in the last line. Nothing is held but the row at hand: a ledger has millions of cells.
"""

from __future__ import annotations

import csv
import io
import json
import math
import posixpath
import re
import sys
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any
from xml.parsers import expat

from zongwu.kernel.transfer import scanning
from zongwu.kernel.transfer.grid import ERRORS
from zongwu.kernel.transfer.workbook import REFUSED, Unreadable

try:
    import resource
except ImportError:  # Windows has no such limit; the streaming pass and the time limit remain
    resource = None  # type: ignore[assignment]

MEMORY = 1536 << 20
MOST_FILE = 100 << 20
MOST_TEXT = 64 << 20
"""Characters of text in all cells."""
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BROKEN = (zipfile.BadZipFile, zlib.error, expat.ExpatError, EOFError, OSError, LookupError, ValueError)
_TEXT_FILES = {".csv", ".txt", ".tsv"}
_WANTED = "请传 .xlsx、.xls、.ods 或 .csv。"
Line = list[Any] | dict[str, Any]
"""The cells of a row, or what is said of the sheet whose rows stood before."""


def main(path: Path, name: str) -> int:
    _limit_memory()
    write, encode = sys.stdout.write, json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
    try:
        for line in read(path, name):
            write(encode(line) + "\n")
    except Unreadable as no:
        write(encode({"refused": str(no)}) + "\n")
        return REFUSED
    return 0


def _limit_memory() -> None:
    if resource is None:
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def read(path: Path, name: str) -> Iterator[Line]:
    """Every sheet of the file: its rows, then what is to be said of it.

    :raises Unreadable: with the sentence for the person.
    """
    try:
        size = path.stat().st_size
        head = path.open("rb").read(512)
    except OSError:
        raise Unreadable(f"找不到文件「{name}」，请重新选一次。") from None
    if not size:
        raise Unreadable(f"「{name}」是空的，没有内容。请重新导出或另存一份再传。")
    if size > MOST_FILE:
        raise Unreadable(f"「{name}」超过 {MOST_FILE >> 20} MB，不像正常的台账。请删掉图片和多余的工作表再传。")
    if head.startswith(_ZIP):
        yield from _read_zip(path, name)
    elif head.startswith(_OLE):
        yield from _read_ole(path, name)
    elif Path(name).suffix.lower() in _TEXT_FILES:
        yield from _read_text(path, name)
    else:
        raise Unreadable(_what_else(head, name))


def _what_else(head: bytes, name: str) -> str:
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if start.startswith((b"<html", b"<!doctype html", b"<table", b"<meta", b"<?xml", b"mime-version")):
        return f"「{name}」其实是网页格式，只是名字像表格。请用 Excel 或 WPS 打开，另存为 .xlsx 再传。"
    if start.startswith((b"\x89png", b"\xff\xd8\xff", b"gif8", b"bm", b"ii*", b"mm\x00*", b"%pdf")):
        return f"「{name}」是图片或 PDF，不是表格。{_WANTED}"
    if Path(name).suffix.lower() in {".xlsx", ".xlsm", ".xls", ".ods", ".et"}:
        return f"「{name}」已损坏，或其实不是表格文件，打不开。请用 Excel 或 WPS 打开后另存为 .xlsx 再传。"
    return f"「{name}」不是表格文件。{_WANTED}"


# --- xlsx and ods ----------------------------------------------------------------------------------------------------


def _read_zip(path: Path, name: str) -> Iterator[Line]:
    damaged = f"「{name}」已损坏，打不开。请用 Excel 或 WPS 打开后另存为 .xlsx 再传。"
    try:
        with zipfile.ZipFile(path) as archive:
            members = set(archive.namelist())
            if "xl/workbook.xml" in members:
                scans = _scan_workbook(archive)
            elif "content.xml" in members and archive.open("mimetype").read(64).endswith(b"spreadsheet"):
                scanning.unpack(archive, {"content.xml": scanning.OpenDocument()})
                scans = None
            else:
                raise Unreadable(_other_archive(members, name))
    except _BROKEN as broken:
        raise Unreadable(damaged) from broken
    except NotImplementedError as strange:  # packed in a way that spreadsheets never are
        raise Unreadable(damaged) from strange
    except RuntimeError as locked:  # the zip itself is encrypted
        raise Unreadable(f"「{name}」加了密码，请先去掉密码再传。") from locked
    yield from _read_calamine(path, name, damaged, scans)


def _other_archive(members: set[str], name: str) -> str:
    if "xl/workbook.bin" in members:
        return f"「{name}」是二进制工作簿（.xlsb），请用 Excel 另存为 .xlsx 再传。"
    if "word/document.xml" in members:
        return f"「{name}」是 Word 文档，不是表格。请把表格复制到 Excel 里再传。"
    return f"「{name}」里没有工作表。{_WANTED}"


def _scan_workbook(archive: zipfile.ZipFile) -> dict[str, scanning.Worksheet]:
    """Sheet name → what the streaming pass found in its part."""
    styles = scanning.Styles()
    parts = _sheet_parts(archive)
    scans = {part: scanning.Worksheet(styles.struck) for part in parts.values()}
    scanning.unpack(archive, {"xl/styles.xml": styles, **scans})
    return {name: scans[part] for name, part in parts.items()}


def _sheet_parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """Sheet name → the member that holds it. Names of members are compared without case, as Excel does.

    :raises KeyError: a sheet is listed that is not there.
    """
    members = {member.lower(): member for member in archive.namelist()}
    targets = {
        node.get("Id"): posixpath.normpath(posixpath.join("xl", node.get("Target", "").replace("\\", "/"))).lstrip("/")
        for node in scanning.small_part(archive, "xl/_rels/workbook.xml.rels")
        if node.get("Type", "").endswith("/worksheet")
    }
    found = {}
    for node in scanning.small_part(archive, "xl/workbook.xml").iter():
        if node.tag.endswith("}sheet"):
            relation = next((value for key, value in node.attrib.items() if key.endswith("}id")), "")
            if relation in targets:  # the others are charts and dialogs
                found[node.get("name", "")] = members[targets[relation].lower()]
    return found


# --- xls -------------------------------------------------------------------------------------------------------------


def _read_ole(path: Path, name: str) -> Iterator[Line]:
    raw = path.read_bytes()
    if "EncryptedPackage".encode("utf-16-le") in raw:
        raise Unreadable(f"「{name}」加了密码，请在 Excel 或 WPS 里打开，去掉密码保存后再传。")
    if "WordDocument".encode("utf-16-le") in raw:
        raise Unreadable(f"「{name}」是 Word 文档，不是表格。请把表格复制到 Excel 里再传。")
    yield from _read_calamine(path, name, f"「{name}」已损坏，或其实不是表格文件，打不开。请另存为 .xlsx 再传。", None)


def _read_calamine(path: Path, name: str, damaged: str, scans: dict[str, scanning.Worksheet] | None) -> Iterator[Line]:
    import python_calamine

    text = _Text(name)
    try:
        # by content, not by name: an .xls that is really an .xlsx is everyday
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(path.read_bytes()))
        for entry in book.sheets_metadata:
            if entry.typ != python_calamine.SheetTypeEnum.WorkSheet:
                continue
            sheet = book.get_sheet_by_name(entry.name)
            margin = [""] * (sheet.start[1] if sheet.start else 0)
            rows = (margin + row for row in sheet.iter_rows())
            merged = [(*first, *last) for first, last in sheet.merged_cell_ranges or ()]
            yield from _sheet(entry.name, rows, text, merged, (scans or {}).get(entry.name))
    except python_calamine.PasswordError as locked:
        raise Unreadable(f"「{name}」加了密码，请在 Excel 或 WPS 里打开，去掉密码保存后再传。") from locked
    except (python_calamine.CalamineError, OSError, ValueError) as broken:
        raise Unreadable(damaged) from broken


# --- text ------------------------------------------------------------------------------------------------------------


def _read_text(path: Path, name: str) -> Iterator[Line]:
    """Comma, semicolon or tab between the cells, whichever the first lines have most of."""
    text = _decoded(path.read_bytes(), name)
    first = text[:4000]
    delimiter = max(",\t;，", key=first.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as broken:
        raise Unreadable(f"「{name}」不是能读的 CSV，请用 Excel 另存为 .xlsx 再传。") from broken
    if sum(map(len, rows)) > scanning.MOST_CELLS:
        raise Unreadable(f"「{name}」超过 {scanning.MOST_CELLS // 10000} 万个单元格，请拆成几个文件再传。")
    scanning.check_extent(len(rows), max(map(len, rows), default=0))
    yield from _sheet(Path(name).stem, rows, _Text(name), typed=False)


def _decoded(raw: bytes, name: str) -> str:
    encodings = ["utf-16"] if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise Unreadable(f"「{name}」的文字编码认不出来，或其实不是文本。请用 Excel 另存为 .xlsx 再传。")


# --- into JSON -------------------------------------------------------------------------------------------------------


class _Text:
    """Counts the text of all cells: one long shared string can stand in a million of them.

    :raises Unreadable: there is more than anybody writes.
    """

    def __init__(self, name: str) -> None:
        self.name, self.length = name, 0

    def count(self, cells: Sequence[Any]) -> None:
        self.length += sum(len(cell) for cell in cells if type(cell) is str)
        if self.length > MOST_TEXT:
            raise Unreadable(f"「{self.name}」里的文字太多（超过 {MOST_TEXT >> 20} 百万字），请拆成几个文件再传。")


def _sheet(
    name: str, rows: Iterable[Sequence[Any]], text: _Text, merged: Sequence[Any] = (), scan: scanning.Worksheet | None = None,
    *, typed: bool = True,
) -> Iterator[Line]:  # fmt: skip
    errors = list(scan.errors) if scan else []
    for at, row in enumerate(rows):
        cells = [value if type(value) in _AS_JSON else _packed(value) for value in row]
        if any(type(cell) is str and not cell.isprintable() for cell in cells):
            cells = [_UNSEEN.sub("", cell) if type(cell) is str else cell for cell in cells]
        text.count(cells)
        if not ERRORS.isdisjoint(row):
            for column, cell in enumerate(cells):
                if cell in ERRORS:
                    errors.append((at, column, cell))
                    cells[column] = None
        yield cells
    yield {
        "name": name, "merged": merged, "errors": errors, "typed": typed,
        "uncached": scan.uncached if scan else [],
        "hidden_rows": sorted(scan.hidden_rows) if scan else [],
        "hidden_columns": sorted(scan.hidden_columns) if scan else [],
        "struck_rows": sorted(scan.struck_rows) if scan else [],
    }  # fmt: skip


_AS_JSON = frozenset({str, int})
_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
"""What no hand typed and no database keeps: a file can say it as `_x0000_`."""


def _packed(value: Any) -> Any:
    """A cell as JSON: a day as a list of one text, a number as the digits that it shows."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, datetime):
        return [value.date().isoformat()]
    if isinstance(value, date):
        return [value.isoformat()]
    return None if value is None else str(value)  # times of day


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2]))
