"""An official document as a value, and the value as a Word file in the layout of GB/T 9704-2012 《党政机关公文格式》.

    Document(
        "城南实验小学2026—2027学年\\n第一学期总务工作总结",
        [Heading(1, "校产管理"), Paragraph([Run("学期末在册"), Run("1523", figure=True), Run("件。")]), Table(…)],
        school="城南实验小学", signer="城南实验小学总务处", signed_on=date(2027, 1, 15),
    )

Numbers of headings, tables and pictures are counted, never typed. The look lies in named styles, so that who opens the
file changes it in one place. Equal documents are equal bytes.
"""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Any, Literal

from zongwu.ui import charts

if TYPE_CHECKING:
    from docx.document import Document as Word

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
    for number, block in _numbered(document.blocks):
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


def _numbered(blocks: Sequence[Block]) -> Iterator[tuple[str, Block]]:
    """Each block with its number. A heading begins the count of the levels below it anew."""
    count: Counter[Level | type[Block]] = Counter()
    for block in blocks:
        match block:
            case Heading(level=level):
                count[level] += 1
                for below in (2, 3, 4):
                    if below > level:
                        count[below] = 0
                nth = count[level]
                hanzi = chinese_number(nth)
                yield {1: f"{hanzi}、", 2: f"（{hanzi}）", 3: f"{nth}.", 4: f"（{nth}）"}[level], block
            case Table() | Picture():
                count[type(block)] += 1
                yield f"{'表' if isinstance(block, Table) else '图'}{count[type(block)]}　", block
            case Paragraph():
                yield "", block


# The sheet. Lengths are twentieths of a point, Word's own unit, unless they are named otherwise.

MM = 1440 / 25.4
SHEET_MM = (210, 297)
MARGINS_MM = {"top": 37, "right": 26, "bottom": 35, "left": 28}
"""What they leave of A4 is the text block of 156 × 225 mm (§5.2.1)."""
FOOTER_MM = 25
"""From the foot of the page number to the sheet's edge: its dashes lie 7 mm below the text block (§7.5)."""
TEXT = round(156 * MM)
PITCH = 579
"""A line: 225 mm over 22 lines (§5.2.3)."""
LETTER = 16
"""3号, in points. A character's room is 156 mm over 28 (§5.2.3), 15.79 pt: the grid closes the letters up."""
CLOSER = round((TEXT / 28 / 20 - LETTER) * 4096)
"""The grid's difference from the letter size, in 4096ths of a point."""
PICTURE_MM = (138, 150)
"""A picture's width, and its height at most."""

SONG, FANG, HEI, KAI, BIAOSONG = "宋体", "仿宋", "黑体", "楷体", "方正小标宋简体"
WESTERN = "Times New Roman"
ALSO_CALLED = {SONG: "SimSun", FANG: "仿宋_GB2312", HEI: "SimHei", KAI: "楷体_GB2312", BIAOSONG: "华文中宋"}
"""What Word looks for where the font is missing; often only 小标宋 is."""


def _w(tag: str, *children: str, **attributes: str | float) -> str:
    """An element in Word's namespace. Children are XML already."""
    said = "".join(f' w:{name}="{charts.xml_text(str(value))}"' for name, value in attributes.items())
    return f"<w:{tag}{said}>{''.join(children)}</w:{tag}>"


@dataclass(frozen=True)
class _Style:
    """A paragraph style. `line` is an exact height; 0 makes a line as high as what stands in it."""

    key: str
    name: str
    east: str = FANG
    points: float = LETTER
    line: int = PITCH
    align: str = "both"
    indent: Sequence[tuple[str, int]] = ()
    """Edges and hundredths of a character."""
    before: int = 0
    after: int = 0
    bold: bool = False
    western: str = WESTERN
    outline: int = 0
    keep: bool = False
    """On one page with what follows."""

    @property
    def xml(self) -> str:
        base = "" if self.key == "Normal" else _w("basedOn", val="Normal")
        default = {"default": "1"} if self.key == "Normal" else {}
        rule = {"line": self.line, "lineRule": "exact"} if self.line else {"line": 240, "lineRule": "auto"}
        paragraph = _w(
            "pPr",
            _w("keepNext") if self.keep else "",
            _w("widowControl", val=0),
            _w("autoSpaceDE", val=0),
            _w("autoSpaceDN", val=0),
            _w("snapToGrid", val=int(self.line == PITCH)),
            _w("spacing", before=self.before, after=self.after, **rule),
            "".join(_indent(edge, hundredths) for edge, hundredths in self.indent),
            _w("jc", val=self.align),
            _w("outlineLvl", val=self.outline - 1) if self.outline else "",
        )
        letters = _w("rPr", _fonts(self.east, self.western), _w("b") if self.bold else "", _w("sz", val=self.points * 2))
        return _w(
            "style", _w("name", val=self.name), base, _w("qFormat"), paragraph, letters,
            type="paragraph", styleId=self.key, **default,
        )  # fmt: skip


def _indent(edge: str, hundredths: float) -> str:
    """An indent in hundredths of a character, and in twips for a reader that knows no characters."""
    return _w("ind", **{f"{edge}Chars": round(hundredths), edge: round(TEXT / 28 * hundredths / 100)})


def _fonts(east: str, western: str = WESTERN) -> str:
    return _w("rFonts", ascii=western, hAnsi=western, eastAsia=east, cs=western)


_SECOND = (("firstLine", 200),)
_STYLES = (
    _Style("Normal", "Normal"),
    _Style("Title", "Title", BIAOSONG, 22, line=720, align="center", after=PITCH, keep=True),
    _Style("Body", "公文正文", indent=_SECOND),
    _Style("Heading1", "heading 1", HEI, indent=_SECOND, outline=1, keep=True),
    _Style("Heading2", "heading 2", KAI, indent=_SECOND, outline=2, keep=True),
    _Style("Heading3", "heading 3", FANG, indent=_SECOND, outline=3, keep=True, bold=True),
    _Style("Heading4", "heading 4", FANG, indent=_SECOND, outline=4, keep=True),
    _Style("Above", "公文表题", HEI, 12, line=440, align="center", keep=True),
    _Style("Below", "公文图题", HEI, 10.5, line=360, align="center", after=120),
    _Style("Picture", "公文图", line=0, align="center", before=120, keep=True),
    _Style("Signer", "公文署名", align="right", before=2 * PITCH, keep=True),
    _Style("Date", "公文日期", align="right", indent=(("right", 400),)),
    _Style("Odd", "公文页码单", SONG, 14, 280, "right", (("right", 100),), western=SONG),
    _Style("Even", "公文页码双", SONG, 14, 280, "left", (("left", 100),), western=SONG),
    *(
        _Style(f"{key}{size * 2:.0f}", f"公文{name}{word}", font, size, line=0, align="center" if keep else "left", keep=keep)
        for size, word in ((12, "小四"), (10.5, "五号"))
        for key, name, font, keep in (("Head", "表头", HEI, True), ("Cell", "表格", FANG, False), ("Sum", "合计", HEI, False))
    ),
)


def to_docx(document: Document) -> bytes:
    """The document as a Word file (§5, §7): A4, 22 lines of 28 characters, page numbers outside.

    Fonts are named, not embedded. Raises pdf.NoCjkFont where the letters of a drawing have no font.
    """
    import docx  # heavy

    word = docx.Document()
    _lay_out(word)
    _sign_file(word, document)
    _put(word, _line("Title", document.title))
    for number, block in _numbered(document.blocks):
        last = block is document.blocks[-1]
        match block:
            case Heading():
                _put(word, _line(f"Heading{block.level}", number + block.text))
            case Paragraph():
                _put(word, _paragraph("Body", *map(_run, block.runs), keep=last))
            case Table():
                _put(word, _line("Above", number + block.caption), _table(block))
            case Picture():
                _add_picture(word, block)
                _put(word, _line("Below", number + block.caption, keep=last))
    day = chinese_date(document.signed_on)
    centred = 400 + (_breadth(day) - _breadth(document.signer)) * 50
    _put(word, _line("Signer", document.signer, indent=_indent("right", max(centred, 0))), _line("Date", day))
    out = io.BytesIO()
    word.save(out)
    return _steady(out.getvalue())


def _lay_out(word: Word) -> None:
    """Page, grid, styles and page numbers in place of the template's own."""
    from docx.opc.constants import RELATIONSHIP_TYPE as KIND
    from docx.oxml import parse_xml
    from docx.shared import Mm

    kept = {KIND.STYLES, KIND.SETTINGS, KIND.FONT_TABLE}
    for part, wanted in ((word.part, kept), (word.part.package, {KIND.OFFICE_DOCUMENT, KIND.CORE_PROPERTIES})):
        for key in [key for key, relation in part.rels.items() if relation.reltype not in wanted]:
            del part.rels[key]
    _refill(word.styles.element, *_styles())
    _refill(word.settings.element, *_settings())
    word.part.part_related_by(KIND.FONT_TABLE)._blob = _font_table().encode()

    section = word.sections[0]
    section._sectPr.attrib.clear()
    section.page_width, section.page_height = map(Mm, SHEET_MM)
    for edge, length in MARGINS_MM.items():
        setattr(section, f"{edge}_margin", Mm(length))
    section.footer_distance = Mm(FOOTER_MM)
    grid = section._sectPr.find(f"{{{NAMESPACE}}}docGrid")
    section._sectPr.replace(grid, parse_xml(_root("docGrid", type="linesAndChars", linePitch=PITCH, charSpace=CLOSER)))
    for footer, style in ((section.footer, "Odd"), (section.even_page_footer, "Even")):
        footer.is_linked_to_previous = False
        page = _w("fldSimple", _run(Run("1")), instr=" PAGE ")
        _refill(footer._element, _paragraph(style, _run(Run("— ")), page, _run(Run(" —"))))
