"""An official document as a value, and the value as a Word file in the layout of GB/T 9704-2012 《党政机关公文格式》.

    Document(
        "城南实验小学2026—2027学年\\n第一学期总务工作总结",
        [Heading(1, "校产管理"), Paragraph([Run("学期末在册"), Run("1523", figure=True), Run("件。")]), Table(…)],
        school="城南实验小学", signer="城南实验小学总务处", signed_on=date(2027, 1, 15),
    )

Numbers of headings, tables and pictures are counted, never typed. Sections in brackets are those of the standard.
"""

from __future__ import annotations

import struct
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from zongwu.ui import charts, word

PICTURE_MM = (138, 150)
"""A picture's width, and its height at most."""

Level = Literal[1, 2, 3, 4]
Align = Literal["left", "center", "right"]


@dataclass(frozen=True)
class Run:
    """Words; `figure` marks those that the program computed. They print like the rest, in a style of their own."""

    text: str
    figure: bool = False


@dataclass(frozen=True)
class Heading:
    """A heading without its number: level and position give 一、 （一） 1. （1） (§7.3.3)."""

    level: Level
    text: str


@dataclass(frozen=True)
class Paragraph:
    """One paragraph of the body."""

    runs: Sequence[Run]


@dataclass(frozen=True)
class Table:
    """Rows under a header that every page repeats. `total` is a last row, set apart."""

    header: Sequence[str]
    rows: Sequence[Sequence[str]]
    caption: str
    align: Sequence[Align] = ()
    """One for each column; numbers go right. By default all left."""
    total: Sequence[str] = ()

    def __post_init__(self) -> None:
        widths = {len(row) for row in (*self.rows, self.align or self.header, self.total or self.header)}
        if widths != {len(self.header)} or not self.header:
            raise ValueError(f"Every row of a table has as many cells as its header: {self.caption}")


@dataclass(frozen=True)
class Picture:
    """A drawing as SVG text (`charts`, greyscale) or a picture as PNG bytes, with its caption below."""

    image: str | bytes
    caption: str


Block = Heading | Paragraph | Table | Picture


@dataclass(frozen=True)
class Document:
    """An official document. A line feed in the title breaks it where the sense allows (§7.3.1)."""

    title: str
    blocks: Sequence[Block]
    school: str
    """Whose paper it is: the file's author."""
    signer: str
    signed_on: date
    """Printed beneath, and the file's date of creation and change."""


def to_text(document: Document) -> str:
    """The document's sentences, one block a line. A table is one line: cells by 、, rows by ；."""
    lines = [document.title.replace("\n", "")]
    for number, block in numbered(document.blocks):
        match block:
            case Heading():
                lines.append(number + block.text)
            case Paragraph():
                lines.append("".join(run.text for run in block.runs))
            case Table():
                rows = (block.header, *block.rows, *([block.total] if block.total else []))
                lines.append(f"{number}{block.caption}：{'；'.join('、'.join(row) for row in rows)}")
            case Picture():
                lines.append(number + block.caption)
    lines += [document.signer, chinese_date(document.signed_on)]
    return "\n".join(line.replace("\n", " ") for line in lines)


def chinese_date(day: date) -> str:
    """2027年1月5日: Arabic digits without leading zeros (§7.3.5.4)."""
    return f"{day.year}年{day.month}月{day.day}日"


def chinese_number(number: int) -> str:
    """一 to 九十九, as headings count."""
    tens, ones = divmod(number, 10)
    digits = " 一二三四五六七八九"
    return (digits[tens] if tens > 1 else "").strip() + ("十" if tens else "") + digits[ones].strip()


def numbered(blocks: Sequence[Block]) -> Iterator[tuple[str, Block]]:
    """Each block with its number. A heading begins the count of the levels below it anew."""
    count: Counter[Level | type[Block]] = Counter()
    for block in blocks:
        match block:
            case Heading(level=level):
                count[level] += 1
                for below in (2, 3, 4):
                    if below > level:
                        count[below] = 0
                nth = str(count[level]) if level > 2 else chinese_number(count[level])
                yield {1: f"{nth}、", 2: f"（{nth}）", 3: f"{nth}.", 4: f"（{nth}）"}[level], block
            case Table() | Picture():
                count[type(block)] += 1
                yield f"{'表' if isinstance(block, Table) else '图'}{count[type(block)]}　", block
            case Paragraph():
                yield "", block


def to_docx(document: Document) -> bytes:
    """The document as a Word file; `word.package` says how it looks. Equal documents are equal bytes.

    Raises pdf.NoCjkFont where the letters of a drawing have no font, ValueError for a picture that is not PNG.
    """
    body = [word.line("Title", document.title)]
    pictures: list[bytes] = []
    for number, block in numbered(document.blocks):
        closing = block is document.blocks[-1]
        match block:
            case Heading():
                body.append(word.line(f"Heading{block.level}", number + block.text))
            case Paragraph():
                runs = [word.run(run.text, "Figure" if run.figure else "") for run in block.runs]
                body.append(word.paragraph("Body", *runs, keep=closing))
            case Table():
                body += [
                    word.line("Above", number + block.caption),
                    _table(block),
                    word.line("After", "", keep=closing),
                ]
            case Picture():
                pictures.append(_png(block.image))
                body.append(word.paragraph("Picture", _drawing(pictures, block.caption)))
                body.append(word.line("Below", number + block.caption, keep=closing))
    body.append(_signature(document.signer, chinese_date(document.signed_on)))
    title = document.title.replace("\n", "")
    return word.package("".join(body), pictures, title=title, author=document.school, day=document.signed_on)


def _signature(signer: str, day: str) -> str:
    """The date ends four characters in; the signer stands centred above it, with room for the seal (§7.3.5.1)."""
    inset = 4 + (_ems(day) - _ems(signer)) / 2
    return word.line("Signer", signer, indent=word.indent("right", max(inset, 0))) + word.line("Date", day)


def _table(table: Table) -> str:
    """The table as wide as the text: 小四 where that keeps every cell in one line, else 五号."""
    columns = zip(table.header, *table.rows, table.total or table.header, strict=True)
    needs = [max(map(_ems, column)) + 1.5 for column in columns]
    small, room = ("", word.TEXT / 240) if sum(needs) * 240 <= word.TEXT else ("Small", word.TEXT / 210)
    widths = [round(word.TEXT * share) for share in shares(needs, room)]
    aligns = table.align or ["left"] * len(widths)
    centred = ["center"] * len(widths)
    lines = [word.row(f"{small}Head", table.header, widths, centred, head=True)]
    for at, cells in enumerate(table.rows, 1):
        before_total = bool(table.total) and at == len(table.rows)
        lines.append(word.row(f"{small}Cell", cells, widths, aligns, keep=before_total))
    if table.total:
        lines.append(word.row(f"{small}Sum", table.total, widths, aligns))
    return word.table(widths, "".join(lines))


def shares(needs: Sequence[float], room: float) -> list[float]:
    """How columns share a width. Where the needs exceed the room only the widest give way, all to the same width."""
    widest = max(needs)
    while widest > room / len(needs) and sum(min(need, widest) for need in needs) > room:
        widest -= 0.1
    given = [min(need, widest) for need in needs]
    return [width / sum(given) for width in given]


def _png(image: str | bytes) -> bytes:
    """The picture's bytes; a drawing becomes them. Raises ValueError for another kind of file."""
    png = charts.svg_to_png(image, width_mm=PICTURE_MM[0]) if isinstance(image, str) else image
    if not png.startswith(b"\x89PNG\r\n\x1a\n"):
        raise ValueError("A document's picture is SVG text or PNG bytes.")
    return png


def _drawing(pictures: Sequence[bytes], caption: str) -> str:
    """The last picture, as large as the text block lets it be."""
    width, height = struct.unpack(">II", pictures[-1][16:24])
    scale = min(PICTURE_MM[0] / width, PICTURE_MM[1] / height)
    return word.drawing(len(pictures), width * scale, height * scale, caption)


def _ems(text: str) -> float:
    """Width in letter sizes: Chinese characters are one, the letters of Times New Roman about a half."""
    return charts.breadth(text, 1, latin=0.5)
