"""The streaming pass over a spreadsheet's XML, before the dense reader sees the file (decisions 26).

It believes no header: it counts what is really unpacked, refuses document types (entities live there) and cells so
far away that the dense reader would ask for gigabytes, and collects what that reader does not tell: error cells,
formulas without a result, hidden rows and columns, struck text.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from typing import Any
from xml.parsers import expat

from defusedxml.ElementTree import fromstring

from zongwu.kernel.transfer.workbook import Unreadable

MOST_BYTES = 300 * 1024 * 1024
MOST_CELLS = 5_000_000
MOST_DENSE = 2 * MOST_CELLS
"""Rows × columns of one sheet, most of them empty."""
MOST_PARTS = 10_000
_CHUNK = 1 << 16
_PLAIN_CELL = re.compile(rb'<c r="([A-Z]{1,3}[0-9]{1,7})"')
_SPECIAL = (b"<f", b":f", b'"e"', b"'e'", b"hidden", b"<!")
"""What a plain sheet has none of: formulas, errors, hidden rows, document types. A text that looks like it is in doubt."""
_DIGITS, _CAPITALS = b"0123456789", bytes(range(ord("A"), ord("Z") + 1))
_ROW_END = b"</row>"
_WHERE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})")
_MEND = "请用 Excel 或 WPS 打开后另存一份再传。"


class Part:
    """Any XML part: only looked through for a document type."""

    def __init__(self) -> None:
        self._parser = expat.ParserCreate()
        self._parser.StartDoctypeDeclHandler = self._refuse
        self._parser.buffer_text = True

    def feed(self, chunk: bytes, *, last: bool = False) -> None:
        self._parser.Parse(chunk, last)

    @staticmethod
    def _refuse(*_: object) -> None:
        raise Unreadable(f"这个文件里有不该有的定义（DTD），为安全起见没有读。{_MEND}")


class Styles(Part):
    """`xl/styles.xml`: which cell formats strike their text through."""

    def __init__(self) -> None:
        super().__init__()
        self.struck: set[str] = set()
        self._fonts: list[bool] = []
        self._inside: list[str] = []
        self._formats = 0
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = lambda tag: self._inside.pop()

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        tag = tag.rpartition(":")[2]
        around = self._inside[-1] if self._inside else ""
        self._inside.append(tag)
        if tag == "font" and around == "fonts":
            self._fonts.append(False)
        elif tag == "strike" and around == "font" and self._fonts:
            self._fonts[-1] = attributes.get("val", "1") in {"1", "true"}
        elif tag == "xf" and around == "cellXfs":
            font = int(attributes.get("fontId", 0))
            if font < len(self._fonts) and self._fonts[font]:
                self.struck.add(str(self._formats))
            self._formats += 1


class Worksheet(Part):
    """One sheet of an xlsx file. Tags are compared as written, without namespaces: there are millions of them."""

    def __init__(self, struck_styles: set[str]) -> None:
        super().__init__()
        self.errors: list[tuple[int, int, str]] = []
        self.uncached: list[tuple[int, int]] = []
        self.hidden_rows: set[int] = set()
        self.hidden_columns: set[int] = set()
        self.struck_rows: set[int] = set()
        self._struck_styles = struck_styles
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._row, self._column = -1, -1
        self._height = self._width = 0
        self._cell: dict[str, str] = {}
        self._text = ""
        self._formula = False

    def plain(self, archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bool:
        """Whether the sheet is written the way that every program writes cells, with nothing in it that must be collected.

        Looked through as bytes, in a tenth of the time that the parser's calls take; in doubt it is not plain.

        :raises Unreadable: a cell is too far away.
        """
        if self._struck_styles:
            return False
        _only_utf8(archive, member)
        letters: set[bytes] = set()
        lowest = 0
        for rows in _whole_rows(archive, member):
            if len(rows) > _LONG_ROW and not rows.endswith(_ROW_END):
                return False
            cells = _PLAIN_CELL.findall(rows)
            if any(token in rows for token in _SPECIAL) or len(cells) != _count_cells(rows):
                return False
            places = b" ".join(cells)
            letters.update(places.translate(None, _DIGITS).split())
            lowest = max(lowest, max(map(int, places.translate(None, _CAPITALS).split()), default=0))
        widest = max((position(f"{letter.decode()}1")[1] + 1 for letter in letters), default=0)
        check_extent(lowest, widest)
        return True

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "c":
            self._cell, self._text, self._formula = attributes, "", False
            self._column += 1
        elif tag == "v" or tag == "is":
            self._parser.CharacterDataHandler = self._read
        elif tag == "f":
            self._formula = True
        elif tag == "row":
            self._row, self._column = int(attributes.get("r", self._row + 2)) - 1, -1
            if attributes.get("hidden") in {"1", "true"}:
                self.hidden_rows.add(self._row)
        elif tag == "col" and attributes.get("hidden") in {"1", "true"}:
            first, last = int(attributes["min"]), min(int(attributes["max"]), 1000)
            self.hidden_columns.update(range(first - 1, last))
        elif ":" in tag:  # some programs write every tag with a prefix
            self._start(tag.rpartition(":")[2], attributes)

    def _read(self, text: str) -> None:
        if len(self._text) < 64:
            self._text += text

    def _end(self, tag: str) -> None:
        if tag == "c" or (":" in tag and tag.endswith(":c")):
            self._parser.CharacterDataHandler = None
            if self._text or self._formula:
                self._close_cell()

    def _close_cell(self) -> None:
        if where := self._cell.get("r"):
            self._row, self._column = position(where)
        if self._row >= self._height or self._column >= self._width:
            self._height, self._width = max(self._height, self._row + 1), max(self._width, self._column + 1)
            check_extent(self._height, self._width)
        if self._struck_styles and self._cell.get("s") in self._struck_styles:
            self.struck_rows.add(self._row)
        if self._cell.get("t") == "e":
            self.errors.append((self._row, self._column, self._text.strip() or "#VALUE!"))
        elif not self._text.strip():
            self.uncached.append((self._row, self._column))


def _count_cells(xml: bytes) -> int:
    """Tags of cells, with or without a prefix, rather too many than too few: `<co…` and `<cf…` are other tags."""
    return xml.count(b"<c") - xml.count(b"<co") - xml.count(b"<cf") + xml.count(b":c")


def _whole_rows(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[bytes]:
    """The part in pieces that end with a row; one that never ends comes as it is."""
    rest = b""
    with archive.open(member) as stream:
        while chunk := stream.read(_CHUNK * 16):
            whole, end, rest = (rest + chunk).rpartition(_ROW_END)
            if whole:
                yield whole + end
            if len(rest) > _LONG_ROW:  # looked for again with every piece, a row without end would take minutes
                yield rest
                return
    if rest:
        yield rest


_LONG_ROW = 8 << 20


def _only_utf8(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
    """The dense reader knows nothing else, and would read another encoding as an empty sheet.

    :raises Unreadable: the sheet is written otherwise.
    """
    with archive.open(member) as stream:
        head = stream.read(200)
    named = re.search(rb"encoding\s*=\s*[\"']([^\"']+)", head)
    if (
        head[:2] in (b"\xff\xfe", b"\xfe\xff")
        or b"\x00" in head
        or (named and named[1].lower() not in (b"utf-8", b"us-ascii"))
    ):
        raise Unreadable(f"这张表用的不是通常的文字编码。{_MEND}")


class OpenDocument(Part):
    """`content.xml` of an ods file, where one element can stand for a million repeated rows or columns."""

    def __init__(self) -> None:
        super().__init__()
        self._cells = self._row = self._column = self._height = self._width = 0
        self._rows = 1
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "table:table":
            self._row = self._height = self._width = 0
        elif tag == "table:table-row":
            self._column, self._rows = 0, int(attributes.get("table:number-rows-repeated", 1))
        elif tag in {"table:table-cell", "table:covered-table-cell"}:
            columns = int(attributes.get("table:number-columns-repeated", 1))
            self._column += columns
            if "office:value-type" in attributes:
                self._cells += self._rows * columns
                self._height, self._width = max(self._height, self._row + self._rows), max(self._width, self._column)
                check_extent(self._height, self._width)
                if self._cells > MOST_CELLS:
                    raise Unreadable(f"这个文件超过 {MOST_CELLS // 10000} 万个单元格，请拆成几个文件再传。")

    def _end(self, tag: str) -> None:
        if tag == "table:table-row":
            self._row += self._rows


def position(where: str) -> tuple[int, int]:
    """`B12` → (11, 1).

    :raises Unreadable: it is no place in a sheet.
    """
    found = _WHERE.fullmatch(where)
    if not found:
        raise Unreadable(f"表格里有认不出的单元格位置「{where[:20]}」。{_MEND}")
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - 64
    return int(found[2]) - 1, column - 1


def place(row: int, column: int) -> str:
    """(11, 1) → `B12`."""
    letters = ""
    column += 1
    while column:
        column, letter = divmod(column - 1, 26)
        letters = chr(65 + letter) + letters
    return f"{letters}{row + 1}"


def check_extent(height: int, width: int) -> None:
    """:raises Unreadable: a sheet of this size cannot be laid out."""
    if height * width > MOST_DENSE:
        raise Unreadable(
            f"有内容的单元格一直排到 {place(height - 1, width - 1)}，整张表大到读不下。"
            "请在 Excel 里按 Ctrl+End 找到最远的那一格，删掉它和多余的空行空列再传。"
        )


def unpack(archive: zipfile.ZipFile, parts: dict[str, Part]) -> None:
    """Look through everything, twice: first how much it is, then each XML part through its `Part`, in that order.

    :raises Unreadable: too large, or with something in it that a spreadsheet does not need.
    """
    _measure(archive, {name for name, part in parts.items() if isinstance(part, Worksheet)})
    order = {name: at for at, name in enumerate(parts)}
    for member in sorted(archive.infolist(), key=lambda member: order.get(member.filename, len(order))):
        if member.filename in parts or member.filename.endswith((".xml", ".rels")):
            part = parts.get(member.filename) or Part()
            if isinstance(part, Worksheet) and part.plain(archive, member):
                part = Part()  # nothing to collect, only a document type to refuse
            with archive.open(member) as stream:
                while chunk := stream.read(_CHUNK):
                    part.feed(chunk)
            part.feed(b"", last=True)


def _measure(archive: zipfile.ZipFile, sheets: set[str]) -> None:
    """Inflate every member without keeping it; the sizes that the archive claims are not believed."""
    if len(archive.infolist()) > MOST_PARTS:
        raise Unreadable(f"这个文件里有 {len(archive.infolist())} 个部件，不像正常的表格。{_MEND}")
    size = cells = 0
    for member in archive.infolist():
        with archive.open(member) as stream:
            while chunk := stream.read(_CHUNK):
                size += len(chunk)
                if member.filename in sheets:
                    cells += _count_cells(chunk)
                if size > MOST_BYTES:
                    raise Unreadable(f"这个文件解压后超过 {MOST_BYTES >> 20} MB，请删掉图片和多余的工作表再传。")
                if cells > MOST_CELLS:
                    raise Unreadable(f"这个文件超过 {MOST_CELLS // 10000} 万个单元格，请拆成几个文件再传。")


def small_part(archive: zipfile.ZipFile, name: str, most: int = 8 << 20) -> Any:
    """A part that lists other parts, as an element tree.

    :raises KeyError: there is none.
    :raises Unreadable: it is far larger than such a list can be.
    """
    with archive.open(name) as stream:
        raw = stream.read(most + 1)
    if len(raw) > most:
        raise Unreadable(f"这个文件的目录部分大得不正常，没有读。{_MEND}")
    return fromstring(raw)
