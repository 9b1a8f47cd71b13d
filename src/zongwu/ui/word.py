"""Word's XML in the layout of GB/T 9704-2012 《党政机关公文格式》: the sheet, its styles, and the file around a body.

The file is written here and not by python-docx, whose template would bring 440 kB of English styles, a thumbnail and
revision marks that all had to be taken out again: it is ten short parts. Lengths are twentieths of a point, Word's own
unit, unless they are named otherwise. Sections in brackets are those of the standard.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from zongwu.ui.charts import xml_text

MM = 1440 / 25.4
EMU = 36000
"""A millimetre in the unit of drawings."""

SHEET_MM = (210, 297)
MARGINS_MM = {"top": 37, "right": 26, "bottom": 35, "left": 28}
"""What they leave of A4 is the text block of 156 × 225 mm (§5.2.1)."""
FOOTER_MM = 25
"""From the foot of the page number to the sheet's edge: its dashes lie 7 mm below the text block (§7.5)."""
TEXT = round(156 * MM)
"""The width of a line of text."""
PITCH = 579
"""A line: 225 mm over 22 lines (§5.2.3), 28.95 pt."""
LETTER = 16
"""3号, in points."""
CLOSER = -5
"""Letters move 0.25 pt closer, to 15.75 pt: so 28 of them fill 156 mm (§5.2.3). Not by a character grid: LibreOffice
gives a letter that is wider than its cell two cells."""

SONG, FANG, HEI, KAI, BIAOSONG = "宋体", "仿宋", "黑体", "楷体", "方正小标宋简体"
WESTERN = "Times New Roman"
ALSO = {SONG: "SimSun", FANG: "仿宋_GB2312", HEI: "SimHei", KAI: "楷体_GB2312", BIAOSONG: "华文中宋"}
"""The font that Word looks for where one is missing. Mostly that is 小标宋."""

_MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"

Attributes = dict[str, str | float]


def w(tag: str, *children: str, **attributes: str | float) -> str:
    """An element in Word's namespace. Children are XML already; attributes become so here."""
    said = "".join(f' w:{name}="{xml_text(str(value))}"' for name, value in attributes.items())
    return f"<w:{tag}{said}>{''.join(children)}</w:{tag}>"


def run(text: str, style: str = "") -> str:
    """Words in a character style. Line feeds break the line; quotation marks and dashes are Chinese ones."""
    parts = [f'<w:t xml:space="preserve">{xml_text(part)}</w:t>' for part in text.split("\n")]
    look = w("rPr", w("rStyle", val=style) if style else "", w("rFonts", hint="eastAsia"))
    return w("r", look, w("br").join(parts))


def paragraph(style: str, *inner: str, keep: bool = False, indent: str = "", align: str = "") -> str:
    """Runs in a paragraph style, and where this paragraph differs. `keep` holds it on one page with the next."""
    differs = (w("keepNext") if keep else "", indent, w("jc", val=align) if align else "")
    return w("p", w("pPr", w("pStyle", val=style), *differs), *inner)


def line(style: str, text: str, *, keep: bool = False, indent: str = "", align: str = "") -> str:
    """A paragraph of words without marks."""
    return paragraph(style, run(text), keep=keep, indent=indent, align=align)


def indent(edge: str, characters: float) -> str:
    """An indent in characters, and in absolute length for a reader that counts none."""
    return w("ind", **{f"{edge}Chars": round(characters * 100), edge: round(TEXT / 28 * characters)})


def drawing(number: int, width_mm: float, height_mm: float, description: str) -> str:
    """The run that shows the file's picture of this number, counted from 1."""
    size = f'cx="{width_mm * EMU:.0f}" cy="{height_mm * EMU:.0f}"'
    name = f'id="{number}" name="图{number}" descr="{xml_text(description)}"'
    return w("r", w("drawing", f'''
<wp:inline xmlns:wp="{_DRAWING}/wordprocessingDrawing" distT="0" distB="0" distL="0" distR="0">
<wp:extent {size}/><wp:docPr {name}/>
<a:graphic xmlns:a="{_DRAWING}/main"><a:graphicData uri="{_DRAWING}/picture">
<pic:pic xmlns:pic="{_DRAWING}/picture"><pic:nvPicPr><pic:cNvPr {name}/><pic:cNvPicPr/></pic:nvPicPr>
<pic:blipFill><a:blip r:embed="picture{number}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>
<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext {size}/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr>
</pic:pic></a:graphicData></a:graphic></wp:inline>'''.replace("\n", "")))  # fmt: skip


def row(
    style: str,
    cells: Sequence[str],
    widths: Sequence[int],
    aligns: Sequence[str],
    *,
    head: bool = False,
    keep: bool = False,
) -> str:
    """A table's row, never split between pages. A head is repeated on each; `keep` holds the row to the next."""
    boxes = [
        w(
            "tc",
            w("tcPr", w("tcW", w=width, type="dxa"), w("vAlign", val="center")),
            line(style, cell, keep=keep, align=align),
        )
        for cell, width, align in zip(cells, widths, aligns, strict=True)
    ]
    return w("tr", w("trPr", w("cantSplit"), w("tblHeader") if head else ""), *boxes)


def table(widths: Sequence[int], rows: str) -> str:
    """Rows in a grid of thin lines with columns of these widths."""
    edges = [w(edge, val="single", sz=4, space=0) for edge in ("top", "left", "bottom", "right", "insideH", "insideV")]
    padding = [w(edge, w=room, type="dxa") for edge, room in (("top", 45), ("left", 80), ("bottom", 45), ("right", 80))]
    properties = w(
        "tblPr",
        w("tblW", w=sum(widths), type="dxa"),
        w("jc", val="center"),
        w("tblBorders", *edges),
        w("tblLayout", type="fixed"),
        w("tblCellMar", *padding),
    )
    return w("tbl", properties, w("tblGrid", *(w("gridCol", w=width) for width in widths)), rows)


@dataclass(frozen=True)
class Style:
    """A paragraph style. `line` is an exact height; 0 makes a line as high as what stands in it."""

    key: str
    name: str
    east: str = FANG
    points: float = LETTER
    line: int = PITCH
    align: str = "both"
    indent: str = ""
    before: int = 0
    after: int = 0
    bold: bool = False
    western: str = WESTERN
    outline: int = 0
    """Level in Word's navigation pane."""
    keep: bool = False
    """On one page with what follows."""

    @property
    def xml(self) -> str:
        normal = self.key == "Normal"
        identity: Attributes = {"type": "paragraph", "styleId": self.key, **({"default": 1} if normal else {})}
        height: Attributes = {"line": self.line or 240, "lineRule": "exact" if self.line else "auto"}
        return w(
            "style",
            w("name", val=self.name),
            "" if normal else w("basedOn", val="Normal"),
            w("next", val="Body") if self.outline else "",
            w("qFormat"),
            w(
                "pPr",
                w("keepNext") if self.keep else "",
                w("widowControl", val=0),
                w("autoSpaceDE", val=0),
                w("autoSpaceDN", val=0),
                w("snapToGrid", val=int(self.line == PITCH)),
                w("spacing", before=self.before, after=self.after, **height),
                self.indent,
                w("jc", val=self.align),
                w("outlineLvl", val=self.outline - 1) if self.outline else "",
            ),
            w(
                "rPr",
                w("rFonts", ascii=self.western, hAnsi=self.western, eastAsia=self.east, cs=self.western),
                w("b") if self.bold else "",
                w("spacing", val=CLOSER if self.points == LETTER else 0),
                w("sz", val=round(self.points * 2)),
            ),
            **identity,
        )


_FIRST = indent("firstLine", 2)
STYLES = (
    Style("Normal", "Normal"),
    Style("Title", "Title", BIAOSONG, 22, line=720, align="center", after=PITCH, keep=True),
    Style("Body", "公文正文", indent=_FIRST),
    Style("Heading1", "heading 1", HEI, indent=_FIRST, outline=1, keep=True),
    Style("Heading2", "heading 2", KAI, indent=_FIRST, outline=2, keep=True),
    Style("Heading3", "heading 3", indent=_FIRST, outline=3, keep=True, bold=True),
    Style("Heading4", "heading 4", indent=_FIRST, outline=4, keep=True),
    Style("Above", "公文表题", HEI, 12, line=480, align="center", keep=True),
    Style("Head", "公文表头", HEI, 12, line=0, align="center", keep=True),
    Style("Cell", "公文表格", FANG, 12, line=0, align="left"),
    Style("Sum", "公文合计", HEI, 12, line=0, align="left"),
    Style("SmallHead", "公文表头五号", HEI, 10.5, line=0, align="center", keep=True),
    Style("SmallCell", "公文表格五号", FANG, 10.5, line=0, align="left"),
    Style("SmallSum", "公文合计五号", HEI, 10.5, line=0, align="left"),
    Style("After", "公文表后", line=160),
    Style("Picture", "公文图", line=0, align="center", before=120, keep=True),
    Style("Below", "公文图题", HEI, 10.5, line=360, align="center", after=120),
    Style("Signer", "公文署名", align="right", before=2 * PITCH, keep=True),
    Style("Date", "公文日期", align="right", indent=indent("right", 4)),
    Style("Odd", "公文页码（单）", SONG, 14, 280, "right", indent("right", 1), western=SONG),
    Style("Even", "公文页码（双）", SONG, 14, 280, "left", indent("left", 1), western=SONG),
)
"""Title, body and headings: §7.3. Page numbers: §7.5. The standard leaves tables open; theirs is custom."""


def package(body: str, pictures: Sequence[bytes], *, title: str, author: str, day: date) -> bytes:
    """The Word file around a body: 22 lines of 28 characters on A4, page numbers outside.

    `pictures` are PNG, in the order of their numbers. Title, author and day are the file's properties. Fonts are named,
    not embedded.
    """
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in _parts(body, pictures, _properties(title, author, day)):
            entry = zipfile.ZipInfo(name)  # dated 1980-01-01
            entry.compress_type, entry.create_system = zipfile.ZIP_DEFLATED, 0
            archive.writestr(entry, content if isinstance(content, bytes) else f"{_HEAD}{content}")
    return out.getvalue()


_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_PARTS = {"styles": "styles", "settings": "settings", "fontTable": "fontTable", "odd": "footer", "even": "footer"}
"""The parts beside the body → what they are to it."""


def _parts(body: str, pictures: Sequence[bytes], properties: str) -> Iterator[tuple[str, str | bytes]]:
    """Name and content of everything in the file."""
    office = "application/vnd.openxmlformats-officedocument.wordprocessingml"
    types = {f"word/{name}.xml": f"{office}.{kind}+xml" for name, kind in _PARTS.items()}
    types["word/document.xml"] = f"{office}.document.main+xml"
    types["docProps/core.xml"] = "application/vnd.openxmlformats-package.core-properties+xml"
    yield "[Content_Types].xml", _content_types(types)
    yield "_rels/.rels", _relations([
        ("main", f"{_RELATION}/officeDocument", "word/document.xml"),
        ("core", f"{_PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
    ])  # fmt: skip
    yield "docProps/core.xml", properties
    yield "word/document.xml", _root("document", w("body", body, _section()))
    images = [(f"picture{number}", f"media/picture{number}.png") for number, _ in enumerate(pictures, 1)]
    yield "word/_rels/document.xml.rels", _relations([
        *((name, f"{_RELATION}/{kind}", f"{name}.xml") for name, kind in _PARTS.items()),
        *((name, f"{_RELATION}/image", path) for name, path in images),
    ])  # fmt: skip
    yield "word/styles.xml", _root("styles", *_styles())
    yield "word/settings.xml", _root("settings", *_settings())
    yield "word/fontTable.xml", _root("fonts", *_fonts())
    for name in ("Odd", "Even"):
        number = w("fldSimple", run("1"), instr=" PAGE ")
        yield f"word/{name.lower()}.xml", _root("ftr", paragraph(name, run("— "), number, run(" —")))
    for (_, path), picture in zip(images, pictures, strict=True):
        yield f"word/{path}", picture


def _root(tag: str, *children: str) -> str:
    """The element of a whole part, with the namespaces that it and its children use."""
    return f'<w:{tag} xmlns:w="{_MAIN}" xmlns:r="{_RELATION}">{"".join(children)}</w:{tag}>'


def _section() -> str:
    """One section: paper, margins, grid, and a page number for either side of the sheet."""
    width, height = (round(length * MM) for length in SHEET_MM)
    margins = {edge: round(length * MM) for edge, length in MARGINS_MM.items()}
    return w(
        "sectPr",
        '<w:footerReference w:type="default" r:id="odd"/><w:footerReference w:type="even" r:id="even"/>',
        w("pgSz", w=width, h=height),
        w("pgMar", **margins, header=round(15 * MM), footer=round(FOOTER_MM * MM), gutter=0),
        w("docGrid", type="lines", linePitch=PITCH),
    )


def _styles() -> Iterator[str]:
    yield w("docDefaults", w("rPrDefault", w("rPr", w("lang", val="en-US", eastAsia="zh-CN"))), w("pPrDefault"))
    yield from (style.xml for style in STYLES)
    yield w("style", w("name", val="Default Paragraph Font"), type="character", styleId="Plain", default=1)
    based = w("basedOn", val="Plain")
    yield w("style", w("name", val="公文数字"), based, w("qFormat"), type="character", styleId="Figure")


def _settings() -> Iterator[str]:
    yield w("zoom", percent=100)
    yield w("defaultTabStop", val=420)
    yield w("evenAndOddHeaders")
    yield w("characterSpacingControl", val="compressPunctuation")
    mode: Attributes = {"name": "compatibilityMode", "uri": "http://schemas.microsoft.com/office/word", "val": 15}
    yield w("compat", w("doNotExpandShiftReturn"), w("useFELayout"), w("compatSetting", **mode))
    yield w("themeFontLang", val="en-US", eastAsia="zh-CN")


def _fonts() -> Iterator[str]:
    for name, other in ALSO.items():
        yield w("font", w("altName", val=other), w("charset", val=86), w("family", val="auto"), name=name)


def _properties(title: str, author: str, day: date) -> str:
    moment = f'xsi:type="dcterms:W3CDTF">{day:%Y-%m-%d}T00:00:00Z'
    who = xml_text(author)
    return (
        f'<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"'
        ' xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{xml_text(title)}</dc:title><dc:creator>{who}</dc:creator><cp:lastModifiedBy>{who}</cp:lastModifiedBy>"
        f"<dcterms:created {moment}</dcterms:created><dcterms:modified {moment}</dcterms:modified></cp:coreProperties>"
    )


def _content_types(types: Mapping[str, str]) -> str:
    relations = "application/vnd.openxmlformats-package.relationships+xml"
    endings = {"rels": relations, "xml": "application/xml", "png": "image/png"}
    listed = [f'<Default Extension="{ending}" ContentType="{kind}"/>' for ending, kind in endings.items()]
    listed += [f'<Override PartName="/{name}" ContentType="{kind}"/>' for name, kind in types.items()]
    return f'<Types xmlns="{_PACKAGE}/content-types">{"".join(listed)}</Types>'


def _relations(relations: Sequence[tuple[str, str, str]]) -> str:
    listed = [f'<Relationship Id="{key}" Type="{kind}" Target="{target}"/>' for key, kind, target in relations]
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{"".join(listed)}</Relationships>'
