"""The slip of a hand-over (领用单、借用单、调拨单、移交单) as PDF: what, from whom, to whom, and the signatures."""

from __future__ import annotations

from typing import Any

from django.conf import settings

from zongwu.assets.models import Handover
from zongwu.kernel.amounts import format_yuan, plain_quantity
from zongwu.kernel.approvals.models import Case
from zongwu.kernel.approvals.queries import last_case, signed_by
from zongwu.kernel.approvals.signatures import drawing
from zongwu.kernel.clock import SCHOOL_ZONE
from zongwu.kernel.codes import PublicCode
from zongwu.kernel.ctx import Ctx
from zongwu.ui import labels, pdf

HEADS = ("序号", "资产编号", "名称", "规格型号", "单位", "数量", "原值（元）", "归还")
TITLES = {
    "issue": "固定资产领用单",
    "loan": "固定资产借用单",
    "transfer": "固定资产调拨单",
    "leave": "固定资产保管移交单",
}

_TEMPLATE = r"""
#let data = json(bytes(sys.inputs.data))
#set document(title: data.title, date: none)
#set page(paper: "a4", margin: (x: 18mm, top: 16mm, bottom: 16mm), footer: context text(size: 8pt)[
  #grid(columns: (1fr, 1fr, 1fr), align: (left, center, right), [一式三份：移交、接收、总务各一份], data.printed,
    [第 #counter(page).display() 页　共 #counter(page).final().at(0) 页])])
#set text(size: 10pt)
#grid(columns: (1fr, auto, 1fr), align: (left + bottom, center + bottom, right + bottom),
  text(size: 9pt)[单号 #data.number], text(size: 17pt, weight: "bold", tracking: 0.2em, data.title),
  if data.qr != "" { grid(columns: 2, column-gutter: 2mm, align: bottom, text(size: 8pt)[扫码验证 #linebreak() #data.code], image(bytes(data.qr), format: "svg", width: 14mm)) })
#v(2mm)
#grid(columns: (1fr, 1fr), row-gutter: 2.2mm, ..data.meta)
#v(2mm)
#table(columns: (10mm, 32mm, 1fr, 1fr, 11mm, 14mm, 26mm, 24mm), stroke: 0.3mm, inset: (x: 1mm, y: 1.4mm),
  align: (col, row) => (if row == 0 { center } else if col in (5, 6) { right } else if col in (0, 4) { center } else { left }) + horizon,
  table.header(..data.heads.map(head => text(weight: "bold", head))),
  ..data.rows.flatten().map(cell => text(size: 9pt, cell)),
  table.cell(colspan: 5)[合计], data.count, data.sum, [])
#v(4mm)
#block(breakable: false, grid(columns: (1fr,) * data.signs.len(), column-gutter: 5mm,
  ..data.signs.map(one => [*#one.title* #v(1.5mm)
    #box(width: 100%, height: 12mm, stroke: (bottom: 0.3mm), align(bottom, if one.ink != "" { image(bytes(one.ink), format: "svg", height: 11mm) } else { one.name }))
    #v(0.5mm) #text(size: 8.5pt)[#one.name　#one.on]])))
"""


def slip(ctx: Ctx, handover: Handover) -> bytes:
    """The slip with the signatures that it has so far; a line to sign on where one is still missing."""
    lines = list(handover.lines.select_related("asset").order_by("seq"))
    case = last_case(handover)
    code = (
        PublicCode.objects.filter(object_kind=Case.kind, object_id=case.pk, revoked_on=None).first() if case else None
    )
    meta = {
        "单位": ctx.school.name, "日期": f"{handover.applied_on}", "移出部门": handover.from_department, "移入部门": handover.to_department, "移交人": handover.giver,
        "接收人": handover.receiver, "放到哪里": handover.to_place, "归还期限": handover.due_on, "用途或原因": handover.reason,
    }  # fmt: skip
    data = {
        "title": TITLES[handover.form], "number": handover.number, "heads": HEADS, "code": f"{code.code[:4]}-{code.code[4:]}" if code else "",
        "qr": labels.qr_svg(f"{settings.SITE_URL}/p/{code.code}") if code else "", "meta": [f"{name}：{value}" for name, value in meta.items() if value],
        "rows": [
            [str(line.seq), line.asset.number, line.asset.name, line.asset.spec, line.asset.unit, plain_quantity(line.asset.quantity), format_yuan(line.asset.value),
             f"{line.returned_on} {line.get_condition_display()}" if line.returned_on else ""]
            for line in lines
        ],
        "count": plain_quantity(sum(line.asset.quantity for line in lines)), "sum": format_yuan(sum(line.asset.value for line in lines)),
        "signs": _signs(case), "printed": f"打印：{ctx.person or ''} {ctx.now.astimezone(SCHOOL_ZONE):%Y-%m-%d %H:%M}",
    }  # fmt: skip
    return pdf.to_pdf(_TEMPLATE, data, face="serif")


def _signs(case: Case | None) -> list[dict[str, Any]]:
    """One field a stage of the route, filled where it was signed."""
    if case is None:
        return [
            {"title": title, "name": "", "ink": "", "on": "年　　月　　日"} for title in ("移交人", "接收人", "经办人")
        ]
    said = {one.stage_id: one for one in signed_by(case) if one.said not in ("applied", "reapplied")}
    begun = next((one for one in signed_by(case) if one.said in ("applied", "reapplied")), None)
    found = []
    for stage in case.route.stages.order_by("seq"):
        one = said.get(stage.pk) or (begun if stage.joint and begun else None)
        day = f"{one.at.astimezone(SCHOOL_ZONE):%Y 年 %m 月 %d 日}" if one else "年　　月　　日"
        found.append(
            {
                "title": stage.name,
                "name": one.who if one else "",
                "ink": drawing(one.signature) if one else "",
                "on": day,
            }
        )
    return found
