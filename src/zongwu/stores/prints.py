"""Papers of the storerooms: the slip (入库单、出库单、借用单…) on half a sheet, the sheet to count from, the monthly statement."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from zongwu.kernel.amounts import format_yuan, plain_price, plain_quantity, yuan_in_words
from zongwu.kernel.approvals.queries import last_case
from zongwu.kernel.approvals.signatures import drawing
from zongwu.kernel.ctx import Ctx
from zongwu.stores.models import Slip, StockCount
from zongwu.ui import papers, pdf
from zongwu.ui.papers import Paper

TITLES = {
    "receipt": "入库单", "issue": "出库单（领用单）", "loan": "物资借用单", "return": "退库单", "transfer": "调库单", "send_back": "退货单", "loss": "存货报损单",
    "correct": "冲销单", "count": "盘点调整单", "used": "用料单",
}  # fmt: skip
SIGNS = {
    "receipt": ("采购", "验收", "验收", "保管员", "会计"), "issue": ("领用人", "部门", "保管员", "批准"), "loan": ("借用人", "部门", "保管员", "批准"),
    "return": ("退还人", "保管员"), "transfer": ("调出", "调入", "批准"), "send_back": ("供货单位", "保管员", "批准"), "loss": ("保管员", "总务主任", "批准"),
    "correct": ("保管员", "总务主任"), "count": ("盘点", "监盘", "批准"), "used": ("用料人", "总务主任"),
}  # fmt: skip
"""Who signs below (ux.md §4.4)."""

_SLIP = r"""
#let data = json(bytes(sys.inputs.data))
#set document(title: data.title, date: none)
#set page(paper: "a5", flipped: true, margin: (x: 10mm, top: 9mm, bottom: 11mm), footer: context text(size: 7.5pt)[
  #grid(columns: (1fr, 1fr, 1fr), align: (left, center, right), data.copies, data.printed,
    [第 #counter(page).display() 页　共 #counter(page).final().at(0) 页])])
#set text(size: 9pt)
#grid(columns: (1fr, auto, 1fr), align: (left + bottom, center + bottom, right + bottom),
  text(size: 8.5pt, data.school), text(size: 15pt, weight: "bold", tracking: 0.15em, data.title), text(size: 8.5pt)[单号 #data.number])
#v(1mm)
#grid(columns: (1fr,) * 3, row-gutter: 1.6mm, ..data.meta)
#v(1mm)
#table(columns: (8mm, 1.6fr, 16mm, 12mm, 22mm, 26mm, 1fr), stroke: 0.3mm, inset: (x: 1mm, y: 1.1mm),
  align: (col, row) => (if row == 0 { center } else if col in (2, 4, 5) { right } else if col in (0, 3) { center } else { left }) + horizon,
  table.header(..("序号", "品名规格", "数量", "单位", "单价（元）", "金额（元）", "备注").map(head => text(weight: "bold", head))),
  ..data.rows.flatten(),
  table.cell(colspan: 5, align: left)[合计（大写）　#data.capital], data.sum, [])
#v(2.5mm)
#block(breakable: false, grid(columns: (1fr,) * data.signs.len(), column-gutter: 4mm,
  ..data.signs.map(one => [#one.title
    #box(width: 100%, height: 10mm, stroke: (bottom: 0.3mm), align(bottom, if one.ink != "" { image(bytes(one.ink), format: "svg", height: 9.5mm) } else { one.name }))
    #v(0.3mm) #text(size: 7.5pt, one.on)])))
"""


def slip(ctx: Ctx, paper: Slip) -> bytes:
    """One slip with its signature where somebody signed, and lines for those who sign on paper."""
    day = f"{paper.on:%Y 年 %m 月 %d 日}"
    signs = []
    for title in SIGNS[paper.form]:
        one = {"title": title, "name": "", "ink": "", "on": "　　年　　月　　日"}
        if title in ("领用人", "借用人") and (paper.ink or paper.confirmed):
            one |= {
                "ink": drawing(paper.ink),
                "name": f"{paper.receiver}（凭取货码）" if paper.confirmed else "",
                "on": f"{paper.receiver} {day}",
            }
        if title == "保管员" and paper.keeper:
            one |= {"name": str(paper.keeper), "on": day}
        signs.append(one)
    meta = {
        "日期": day, "仓库": paper.place, "调入仓库": paper.to_place, "供货单位": paper.supplier, "随货单号": paper.paper_number, "领用人": paper.receiver,
        "部门": paper.department, "班级": paper.school_class, "归还期限": paper.due_on, "用途或原因": paper.purpose, "冲销": paper.reverses.number if paper.reverses else "",
    }  # fmt: skip
    moves = paper.moves.select_related("item").order_by("seq")
    rows = [
        [
            str(move.seq), str(move.item), plain_quantity(move.quantity), move.item.unit, plain_price(move.price), format_yuan(move.value),
            "　".join(part for part in (f"批次 {move.lot}" if move.lot else "", f"{move.expires_on} 到期" if move.expires_on else "", move.note) if part),
        ]
        for move in moves
    ]  # fmt: skip
    data = {
        "title": TITLES[paper.form], "number": paper.number, "school": ctx.school.name, "rows": rows, "sum": format_yuan(paper.value),
        "capital": yuan_in_words(paper.value), "signs": signs, "copies": "一式三联：存根、记账、随货" if paper.form == "receipt" else "一式两份：库房、经手人各一份", "printed": papers.printed(ctx),
        "meta": [f"{name}：{value}" for name, value in meta.items() if value],
    }  # fmt: skip
    return pdf.to_pdf(_SLIP, data, face="serif")


def count_sheet(ctx: Ctx, count: StockCount) -> bytes:
    """The list to count from, shelf by shelf; once it is handed in, with what was counted and why it differs."""
    open_, over = count.may_change, not count.may_change
    rows = [
        [
            str(line.seq), line.item.shelf, str(line), line.item.unit, "" if open_ and count.blind else plain_quantity(line.book),
            *((plain_quantity(line.counted), plain_quantity(line.difference) if line.difference else "", line.reason) if over and line.counted is not None else ("", "", "")),
        ]
        for line in count.lines.select_related("item").order_by("seq")
    ]  # fmt: skip
    facts = {
        "仓库": count.place,
        "开始盘点": count.applied_on,
        "品种": f"{count.kinds} 种",
        "不符": f"{count.wrong} 种" if over else "",
    }
    heads = ["序号", "库位", "品名规格", "单位", "账面", "实盘", "差", "不一样的原因"]
    case = last_case(count)
    return papers.to_pdf(ctx, Paper(
        title="库存盘点表", number=count.number, facts=facts, heads=heads, rows=rows, widths=(11, 21, 0, 12, 18, 20, 15, 36), right=(4, 5, 6), centre=(0, 3),
        below=["盲盘：账面数不印，数多少写多少。"] if open_ and count.blind else [], signs=papers.stages(case, "监盘", "总务主任", applicant="盘点人"), case=case, copies="盘点人、会计各一份",
    ))  # fmt: skip


_STATEMENT = r"""
#let data = json(bytes(sys.inputs.data))
#set document(title: data.title, date: none)
#set page(paper: "a4", flipped: true, margin: (x: 12mm, top: 12mm, bottom: 13mm), footer: context text(size: 8pt)[
  #grid(columns: (1fr, 1fr), align: (left, right), data.printed, [第 #counter(page).display() 页　共 #counter(page).final().at(0) 页])])
#set text(size: 9pt)
#align(center, text(size: 16pt, weight: "bold", tracking: 0.15em, data.title))
#v(1mm)
#grid(columns: (1fr, 1fr, 1fr), align: (left, center, right), data.school, data.place, data.days)
#v(1mm)
#table(columns: (9mm, 1.6fr, 12mm) + (18mm, 25mm) * 4, stroke: 0.3mm, inset: (x: 1mm, y: 1.2mm),
  align: (col, row) => (if row < 2 { center } else if col > 2 { right } else if col == 1 { left } else { center }) + horizon,
  table.header(table.cell(rowspan: 2)[*序号*], table.cell(rowspan: 2)[*品名规格*], table.cell(rowspan: 2)[*单位*],
    ..("期初", "本月入库", "本月出库", "期末").map(head => table.cell(colspan: 2, text(weight: "bold", head))),
    ..("数量", "金额（元）") * 4),
  ..data.rows.flatten(),
  table.cell(colspan: 3)[*合计*], ..data.sums.map(sum => ([], sum)).flatten())
#v(4mm)
#block(breakable: false, grid(columns: (1fr,) * 3, column-gutter: 8mm, ..("保管员", "会计", "总务主任").map(title => [#title #box(width: 1fr, stroke: (bottom: 0.3mm))[#h(1fr)] 年　月　日])))
"""


def statement(ctx: Ctx, asked: Mapping[str, Any]) -> bytes:
    """The monthly statement as `views.statement` computed it."""
    rows = [
        [
            str(at), str(line.item), line.item.unit, plain_quantity(line.begins), format_yuan(line.begins_value), plain_quantity(line.came), format_yuan(line.came_value),
            plain_quantity(line.went), format_yuan(line.went_value), plain_quantity(line.ends), format_yuan(line.ends_value),
        ]
        for at, line in enumerate(asked["lines"], start=1)
    ]  # fmt: skip
    data = {
        "title": "库存物资收发存月报表", "school": ctx.school.name, "place": f"仓库：{asked['place'] or '全部'}", "days": f"{asked['since']:%Y 年 %m 月}",
        "rows": rows, "sums": [format_yuan(sum_) for sum_ in asked["sums"].values()], "printed": papers.printed(ctx),
    }  # fmt: skip
    return pdf.to_pdf(_STATEMENT, data, face="serif")
