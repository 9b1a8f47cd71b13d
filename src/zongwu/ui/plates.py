"""Plates for doors, points and things: six on an A4 sheet, to be read from a step away and scanned in the rain.

The code is at least 30 mm wide and of error level Q (ux.md §4.5); beside it the eight characters for those who cannot scan,
what the place is called, and a telephone number.
"""

from __future__ import annotations

from collections.abc import Sequence

from zongwu.kernel.errors import Refused
from zongwu.ui import charts, labels, pdf
from zongwu.ui.labels import Label

MOST = 300
PER_SHEET = 6

_TEMPLATE = r"""
#let data = json(bytes(sys.inputs.data))
#set document(title: "点位牌", date: none)
#set page(paper: "a4", margin: (x: 8mm, y: 9mm), header-ascent: 2mm,
  header: if data.local != "" { align(center, text(size: 8pt, weight: "bold", fill: rgb("#b42318"))[试打：二维码指向 #data.local，别的手机打不开。正式打印前请管理员设好 ZONGWU_SITE_URL。]) })
#set par(leading: 0.5em, spacing: 0.6em)
#let plate(one) = block(width: 95mm, height: 90mm, inset: 4mm, stroke: (paint: luma(160), thickness: 0.25mm, dash: "dashed"), breakable: false, {
  grid(rows: (auto, 1fr, auto), row-gutter: 2.5mm,
    { text(size: 10pt, one.school); parbreak(); text(size: 20pt, weight: "bold", one.number); if one.name != "" { parbreak(); text(size: 11pt, one.name) } },
    align(horizon, grid(columns: (44mm, 1fr), column-gutter: 4mm, align: horizon, image(bytes(one.qr), format: "svg", width: 44mm),
      { text(size: 11pt, one.place); v(2mm); text(size: 9pt)[扫不了就打开 #one.site，输入]; v(1mm); text(size: 15pt, weight: "bold", tracking: 0.06em)[#one.code.slice(0, 4) #one.code.slice(4)] })),
    if data.phone != "" { text(size: 13pt, weight: "bold")[急事打电话 #data.phone] } else { text(size: 9pt)[急事请直接找总务处] })
})
#for (index, sheet) in data.sheets.enumerate() {
  if index > 0 { pagebreak() }
  grid(columns: (95mm, 95mm), column-gutter: 4mm, row-gutter: 3mm, ..sheet.map(plate))
}
"""


def to_pdf(plates: Sequence[Label], phone: str = "") -> bytes:
    """The plates as PDF. Raises NoCjkFont.

    :raises Refused: none, or more than one sheet of paper work should hold.
    """
    if not plates:
        raise Refused("没有要打的牌子，请先在列表里勾选。")
    if len(plates) > MOST:
        raise Refused(f"一次最多打 {MOST} 块牌子，请分几次。")
    made = [_placed(one) for one in plates]
    sheets = [made[at : at + PER_SHEET] for at in range(0, len(made), PER_SHEET)]
    local = made[0]["site"] if labels.is_local(plates[0].url) else ""
    return pdf.to_pdf(_TEMPLATE, {"sheets": sheets, "phone": phone[:40], "local": local})


def _placed(one: Label) -> dict[str, str]:
    words = {name: charts.cut(getattr(one, name), most, 1) for name, most in labels.LONGEST.items()}
    site = one.url.partition("://")[2].rpartition("/")[0]
    return words | {"code": one.code, "qr": labels.qr_svg(one.url), "site": site}
