"""Asset labels as PDF: a QR code, the code in letters for those who cannot scan, and what the thing is.

Measured in millimetres. What people typed goes to typst as JSON, never as markup. Letters shrink and wrap until they
fit; only what is longer than any label can hold is cut, with an ellipsis. Equal labels are equal bytes.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

import segno
from django.conf import settings

from zongwu.kernel.errors import Refused
from zongwu.ui import charts, pdf


def address(code: str) -> str:
    """What a printed code leads to."""
    return f"{settings.SITE_URL}/p/{code}"


def is_local(url: str) -> bool:
    """The address is of this machine alone: no telephone opens what is printed with it."""
    return urlsplit(url).hostname in ("localhost", "127.0.0.1", "0.0.0.0", "::1")


@dataclass(frozen=True)
class Label:
    """What stands on one label."""

    url: str
    """The address in the QR code: `SITE_URL/p/<code>`."""
    school: str
    number: str
    name: str
    place: str
    code: str
    """The eight characters below the QR code."""


@dataclass(frozen=True)
class Stock:
    """A kind of label paper: a sheet of `columns` × `rows` equal labels, or a roll of single ones. Millimetres."""

    name: str
    width: float
    height: float
    qr: float
    """Side of the QR code without its margin."""
    padding: tuple[float, float]
    """Left and right, above and below: QR codes need it white, and office printers cannot reach a sheet's edge."""
    points: float
    """Size of the letters at most; the number is a third larger."""
    sheet: tuple[float, float] | None = None
    """None: the label is the page."""
    columns: int = 1
    rows: int = 1
    origin: tuple[float, float] = (0, 0)
    """Left upper corner of the first label."""
    gap: float = 0
    """Between columns."""

    @property
    def per_sheet(self) -> int:
        return self.columns * self.rows


A4 = (210, 297)
STOCKS = {
    "a4-24": Stock("A4 不干胶 3×8（70×37 毫米）", 70, 37, 23, (5, 4), 9, A4, 3, 8, (0, 0.5)),
    "a4-14": Stock("A4 不干胶 2×7（99×38 毫米）", 99.1, 38.1, 24, (5, 4), 10, A4, 2, 7, (4.65, 15.15), 2.5),
    "60x40": Stock("标签打印机 60×40 毫米", 60, 40, 24, (3, 3), 9.5),
    "50x30": Stock("标签打印机 50×30 毫米", 50, 30, 20, (2.5, 2.5), 8),
}
"""The papers on offer, by the key that a form sends."""

FINEST = 41
"""Modules a side at most while a higher error level is wanted: 0.49 mm each on 20 mm, which any telephone reads."""

LONGEST = {"school": 20, "number": 16, "name": 36, "place": 24}
"""What the smallest label can hold, in Chinese characters."""

_TEMPLATE = """
#let data = json(bytes(sys.inputs.data))
#let stock = data.stock
#set document(title: "资产标签", date: none)
#set page(width: data.page.at(0) * 1mm, height: data.page.at(1) * 1mm, margin: 0pt)
#set par(leading: 0.5em, spacing: 0.5em, justify: false)
#set text(top-edge: "ascender", bottom-edge: "descender", fill: black)

#let qr-side = stock.qr * 1mm
#let inner-width = (stock.width - 2 * stock.padding.at(0)) * 1mm
#let inner-height = (stock.height - 2 * stock.padding.at(1)) * 1mm
#let words-width = inner-width - qr-side - 3mm

#let words(label, size, number-size) = block(width: words-width, {
  text(size: size, label.school)
  parbreak()
  text(size: number-size, weight: "bold", label.number)
  parbreak()
  for line in (label.name, label.place) {
    text(size: size, line)
    parbreak()
  }
})

// The number in one line if it can be; then everything else as large as fits.
#let fitted(label) = context {
  let smallest = 4.5pt
  let size = stock.points * 1pt
  let number-size = size * 4 / 3
  let natural = measure(text(size: number-size, weight: "bold", label.number)).width
  number-size = calc.max(calc.min(number-size, number-size * (words-width / calc.max(natural, 1pt)) * 0.99), smallest)
  while size > smallest and measure(words(label, size, number-size)).height > inner-height {
    size -= 0.25pt
    number-size = calc.min(number-size, size * 4 / 3)
  }
  words(label, size, number-size)
}

#let draw(label) = block(width: inner-width, height: inner-height, clip: true, grid(
  columns: (qr-side, words-width), column-gutter: 3mm, rows: inner-height, align: horizon,
  stack(dir: ttb, spacing: 1.5mm,
    image(bytes(label.qr), format: "svg", width: qr-side),
    align(center, text(size: 7.5pt, tracking: 0.08em, top-edge: "cap-height", bottom-edge: "baseline", label.code)),
  ),
  fitted(label),
))

#for (index, sheet) in data.sheets.enumerate() {
  if index > 0 { pagebreak() }
  for label in sheet {
    place(dx: (label.x + stock.padding.at(0)) * 1mm, dy: (label.y + stock.padding.at(1)) * 1mm, draw(label))
  }
}
"""


def label_sheet(labels: Sequence[Label], stock: Stock, *, first: int = 1) -> bytes:
    """The labels as PDF, beginning at the `first`-th place of the first sheet, so that a half-used one is used up.

    Raises Refused without labels or for a place that the sheet does not have, and NoCjkFont.
    """
    if not labels:
        raise Refused("没有要打的标签，请先选中资产。")
    if not 1 <= first <= stock.per_sheet:
        raise Refused(f"{stock.name}一张有 {stock.per_sheet} 格，起始格请填 1 到 {stock.per_sheet}。")
    data = {
        "stock": asdict(stock),
        "page": stock.sheet or (stock.width, stock.height),
        "sheets": list(_sheets(labels, stock, first - 1)),
    }
    return pdf.to_pdf(_TEMPLATE, data)


def _sheets(labels: Sequence[Label], stock: Stock, skipped: int) -> Iterator[list[dict[str, Any]]]:
    """The labels of each sheet, with their left upper corners."""
    waiting = iter(labels)
    while sheet := list(islice(waiting, stock.per_sheet - skipped)):
        yield [_placed(label, stock, at) for at, label in enumerate(sheet, skipped)]
        skipped = 0


def _placed(label: Label, stock: Stock, at: int) -> dict[str, Any]:
    row, column = divmod(at, stock.columns)
    left, top = stock.origin
    return {
        **{field: _printable(getattr(label, field), most) for field, most in LONGEST.items()},
        "code": label.code,
        "qr": qr_svg(label.url),
        "x": left + column * (stock.width + stock.gap),
        "y": top + row * stock.height,
    }


def qr_svg(url: str) -> str:
    """A QR code without its margin: error level Q, lower only where the address would make it too fine.

    Never a Micro QR, which telephones do not read.
    """
    for level in "qml":
        code = segno.make_qr(url, error=level)
        if code.symbol_size(border=0)[0] <= FINEST:
            break
    out = io.BytesIO()
    code.save(out, kind="svg", border=0, xmldecl=False, omitsize=True)
    return out.getvalue().decode()


def _printable(text: str, most: int) -> str:
    """One line without control characters, with invisible chances to break in long words such as model numbers."""
    visible = "".join(filter(str.isprintable, " ".join(text.split())))
    return re.sub(r"[!-~]{16,}", lambda word: "\u200b".join(word[0]), charts.cut(visible, most, 1))
