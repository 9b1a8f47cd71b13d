"""固定资产处置申请单: A4 across, twenty-five lines a page, every page with head, signatures and the code that verifies it.

Columns and signature lines: rules.md §1.6, ux.md §4.4. What people typed reaches typst as JSON, never as markup.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from zongwu.assets import routes, rules
from zongwu.assets.models import Asset, Disposal
from zongwu.kernel.amounts import format_yuan, plain_quantity, yuan_in_words
from zongwu.kernel.approvals.models import Case, Decision
from zongwu.kernel.approvals.prescribed import Duty, Mode
from zongwu.kernel.approvals.queries import last_case, signed_by
from zongwu.kernel.approvals.signatures import drawing
from zongwu.kernel.clock import SCHOOL_ZONE
from zongwu.kernel.codes import PublicCode
from zongwu.kernel.ctx import Ctx
from zongwu.ui import labels, pdf

PER_PAGE = 25

_TEMPLATE = r"""
#let data = json(bytes(sys.inputs.data))
#set document(title: data.title, date: none)
#set page(paper: "a4", flipped: true, margin: (x: 15mm, top: 13mm, bottom: 12mm))
#set text(size: 8.5pt)
#set par(leading: 0.45em, spacing: 0.45em)
#let line-field(width: 18mm) = box(width: width, stroke: (bottom: 0.3mm), outset: (bottom: 0.6mm), height: 4mm)
#let ink(one) = box(height: 5mm, image(bytes(one.ink), format: "svg", height: 5mm)) + h(1mm) + text(size: 6.5pt, one.name)
#let name-of(one) = box(
  stroke: (bottom: 0.3mm), outset: (bottom: 0.6mm), inset: (x: 1mm), height: 5mm, baseline: 1mm,
  if one.ink != "" { ink(one) } else { one.name },
)
#let signed(block, stamp: false) = {
  if block.people.len() == 0 { line-field(width: if stamp { 9mm } else { 18mm }) + h(1fr) + if stamp [年　月　日] else [年　　月　　日] } else {
    block.people.map(name-of).join(h(2mm))
    h(1fr)
    block.on
  }
  if stamp { [（公章）] }
}
#let blank = line-field() + h(1fr) + [年　　月　　日（公章）]
#let bureau(name, block, filled) = [#name #if filled { signed(block, stamp: true) } else { blank }]
#let part(block, stamp: false) = [
  #text(weight: "bold", block.title)

  #block.said

  #v(1fr)
  #signed(block, stamp: stamp)
]
#let tick(yes) = box(width: 3mm, height: 3mm, stroke: 0.3mm, baseline: 0.4mm, if yes { align(center + horizon, text(size: 7pt, sym.checkmark)) })
#for (index, sheet) in data.sheets.enumerate() {
  if index > 0 { pagebreak() }
  grid(columns: (1fr, auto, 1fr),
    align: (left + bottom, center + bottom, right + bottom),
    text(size: 8pt)[单号 #linebreak() #data.number],
    text(size: 16pt, weight: "bold", tracking: 0.3em, data.title),
    grid(columns: 2, column-gutter: 2mm, align: bottom, text(size: 7.5pt)[扫码验证 #linebreak() #data.code], if data.qr != "" { box(width: 13mm, height: 13mm, image(bytes(data.qr), format: "svg", width: 13mm)) }),
  )
  v(1mm)
  grid(columns: (1fr, 1fr, 1fr, auto), ..data.meta)
  v(0.5mm)
  table(
    columns: (8mm, 27mm, 25mm, 1fr, 19mm, 1fr, 9mm, 11mm, 19mm, 17mm, 22mm, 22mm, 18mm, 21mm),
    stroke: 0.25mm, inset: (x: 0.8mm, y: 1.15mm), align: (col, row) => (if row == 0 { center } else if col in (7, 10, 11, 12) { right } else if col in (0, 6, 8, 9) { center } else { left }) + horizon,
    table.header(..data.heads.map(head => text(weight: "bold", head))),
    ..sheet.rows.flatten().map(cell => text(size: 7.5pt, cell)),
    table.cell(colspan: 7)[本页小计], sheet.count, table.cell(colspan: 2)[], ..sheet.sums, [],
    ..if sheet.last { (table.cell(colspan: 7)[合计　#data.capital], data.count, table.cell(colspan: 2)[], ..data.sums, []) } else { () },
  )
  v(1mm)
  table(columns: (11mm, 1fr, 1fr, 1fr, 1fr, 1fr), rows: (21.5mm, 15mm), stroke: 0.25mm, inset: 1mm, align: left,
    table.cell(align: center + horizon)[校内],
    part(data.blocks.at(0)), part(data.blocks.at(1)), part(data.blocks.at(2)), part(data.blocks.at(3), stamp: true), part(data.blocks.at(4)),
    table.cell(align: center + horizon)[校外#linebreak()（选一）],
    table.cell(colspan: 2)[#tick(not data.over) 限额以下：主管部门审批

      #data.below
      #v(1fr)
      #bureau([教育局], data.outside.at(0), not data.over)],
    table.cell(colspan: 3)[#tick(data.over) 达到限额：主管部门审核，财政部门审批

      #data.above
      #v(1fr)
      #grid(columns: (1fr, 1fr), column-gutter: 4mm,
        bureau([教育局], data.outside.at(0), data.over), bureau([财政局], data.outside.at(1), data.over))],
  )
  v(1fr)
  grid(columns: (1fr, 1fr, 1fr), align: (left, center, right), text(size: 7.5pt, data.copies), text(size: 7.5pt, data.printed), text(size: 7.5pt)[第 #(index + 1) 页　共 #data.sheets.len() 页])
}
"""

HEADS = (
    "序号", "资产编号", "财政卡片号", "资产名称", "分类代码", "规格型号", "单位", "数量", "取得日期", "规定/已用", "账面原值（元）", "累计折旧（元）",
    "净值（元）", "鉴定意见",
)  # fmt: skip


def disposal_form(ctx: Ctx, disposal: Disposal) -> bytes:
    """The application as PDF, with the signatures that it has so far; blank lines where somebody still signs.

    :raises NoCjkFont: this machine has no Chinese font.
    """
    lines = list(disposal.lines.select_related("asset").order_by("seq"))
    case = last_case(disposal)
    said = signed_by(case) if case else []
    code = (
        PublicCode.objects.filter(object_kind=Case.kind, object_id=case.pk, revoked_on=None).first() if case else None
    )
    over = routes.over_limit(disposal, ctx.today)
    unit, batch = (f"{limit.on(ctx.today) / 10000:g}" for limit in (routes.LIMIT_UNIT, routes.LIMIT_BATCH))
    data = {
        "title": f"固定资产{disposal.get_form_display()}申请单", "number": disposal.number, "heads": HEADS,
        "code": f"{code.code[:4]}-{code.code[4:]}" if code else "", "qr": labels.qr_svg(labels.address(code.code)) if code else "",
        "meta": [f"单位（章）：{ctx.school.name}", f"使用部门：{disposal.department or ''}", f"存放：{_places([line.asset for line in lines])}",
                 f"申请日期：{_chinese(disposal.applied_on)}"],
        "sheets": [
            {"rows": [_row(line, disposal.applied_on) for line in lines[at : at + PER_PAGE]], "last": at + PER_PAGE >= len(lines), **_sums(lines[at : at + PER_PAGE])}
            for at in range(0, max(len(lines), 1), PER_PAGE)
        ],
        **_sums(lines), "capital": yuan_in_words(disposal.value), "blocks": _blocks(disposal, said), "over": over,
        "outside": [_block("", [one for one in said if one.stage and one.stage.mode == Mode.OUTSIDE][at : at + 1]) for at in (0, 1)],
        "below": f"单件 {unit} 万元以下且批量 {batch} 万元以下，教育局批复，定期报财政局备案。",
        "above": f"单件 {unit} 万元以上或批量 {batch} 万元以上。本批原值 {disposal.value:,.2f} 元。",
        "copies": "一式四份：学校、教育局、财政局、回收单位各一份；每页签章", "printed": f"打印：{ctx.person or ''} {_local(ctx.now):%Y-%m-%d %H:%M}",
    }  # fmt: skip
    return pdf.to_pdf(_TEMPLATE, data, face="serif")


def _local(moment: datetime) -> datetime:
    return moment.astimezone(SCHOOL_ZONE)


def _chinese(day: date) -> str:
    return f"{day.year} 年 {day.month} 月 {day.day} 日"


def _places(cards: Sequence[Asset]) -> str:
    found = list(dict.fromkeys(str(card.place) for card in cards if card.place))
    return f"{found[0]} 等 {len(found)} 处" if len(found) > 1 else "".join(found)


def _row(line: Any, on: date) -> list[str]:
    card = line.asset
    used = (rules.month_index(on) - rules.month_index(card.acquired_on)) / 12 if card.acquired_on else None
    life = (
        f"{card.life_months / 12:g} / {used:.1f} 年"
        if card.life_months and used is not None
        else f"— / {used:.1f} 年"
        if used
        else ""
    )
    return [
        str(line.seq), card.number, card.finance_number, card.name, card.category, card.spec, card.unit, plain_quantity(card.quantity),
        card.acquired_on.isoformat() if card.acquired_on else card.date_text, life, format_yuan(line.value), format_yuan(line.accumulated),
        format_yuan(line.net), line.finding or line.reason,
    ]  # fmt: skip


def _sums(lines: Sequence[Any]) -> dict[str, Any]:
    value = sum((line.value for line in lines), Decimal(0))
    accumulated = sum((line.accumulated for line in lines), Decimal(0))
    quantity = sum((line.asset.quantity for line in lines), Decimal(0))
    return {
        "count": plain_quantity(quantity),
        "sums": [format_yuan(value), format_yuan(accumulated), format_yuan(value - accumulated)],
    }


def _blocks(disposal: Disposal, said: Sequence[Decision]) -> list[dict[str, Any]]:
    """The five fields inside the school, filled with who signed for each duty."""

    def of(*duties: str, mode: str = "") -> list[Decision]:
        return [
            one
            for one in said
            if (one.stage.duty if one.stage else Duty.APPLY) in duties
            and (not mode or (one.stage and one.stage.mode == mode))
        ]

    applied = [
        one for one in said if one.stage is None or one.stage.duty == Duty.APPLY or one.said in ("applied", "reapplied")
    ]
    confirmed = [one for one in of(Duty.CONFIRM, Duty.BOOKKEEP) if one not in applied]
    approved = [one for one in of(Duty.APPROVE) if one not in applied]
    handled = [one for one in of(Duty.HANDLE, mode=Mode.HANDLE) if one not in applied]
    minutes = "".join(f"{one.number}，{_chinese(one.held_on)}" for one in approved if one.number and one.held_on)
    last = _block("回收与核销", handled)
    last["said"] = (
        f"回收单位：{disposal.receiver}　残值：{format_yuan(disposal.proceeds) if disposal.settled_on else ''}"
    )
    return [
        _block("申请（使用部门、资产管理）", applied, disposal.reason), _block("技术鉴定（不少于 2 人）", [one for one in of(Duty.APPRAISE) if one not in applied]),
        _block("总务、库房、财务会签", confirmed), _block("校长、校长办公会（附纪要）", approved, minutes), last,
    ]  # fmt: skip


def _block(title: str, said: Sequence[Decision], words: str = "") -> dict[str, Any]:
    spoken = (
        words
        or "；".join(dict.fromkeys(one.opinion for one in said if one.opinion))
        or "；".join(one.number for one in said if one.number)
    )
    people = {one.who: {"name": one.who, "ink": drawing(one.signature)} for one in said}
    last = max((one.at for one in said), default=None)
    return {
        "title": title,
        "said": spoken[:60],
        "people": list(people.values())[:4],
        "on": _chinese(_local(last).date()) if last else "",
    }
