"""Papers of custody as PDF: the slip of a hand-over (领用单、借用单、调拨单、移交单) and the agreement for a room (财产保管责任书)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.conf import settings

from zongwu.assets.models import Agreement, Asset, Handover, RoomCheck
from zongwu.kernel.amounts import format_yuan, plain_quantity
from zongwu.kernel.approvals.conditions import holds
from zongwu.kernel.approvals.models import Case, Document, DocumentState
from zongwu.kernel.approvals.queries import last_case, signed_by
from zongwu.kernel.approvals.signatures import drawing
from zongwu.kernel.clock import SCHOOL_ZONE
from zongwu.kernel.codes import PublicCode
from zongwu.kernel.ctx import Ctx
from zongwu.ui import labels, pdf

HEADS = ("序号", "资产编号", "名称", "规格型号", "单位", "数量", "原值（元）")
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
  #grid(columns: (1fr, 1fr, 1fr), align: (left, center, right), data.copies, data.printed,
    [第 #counter(page).display() 页　共 #counter(page).final().at(0) 页])])
#set text(size: 10pt)
#grid(columns: (1fr, auto, 1fr), align: (left + bottom, center + bottom, right + bottom),
  text(size: 9pt)[单号 #data.number], text(size: 17pt, weight: "bold", tracking: 0.2em, data.title),
  if data.qr != "" { grid(columns: 2, column-gutter: 2mm, align: bottom, text(size: 8pt)[扫码验证 #linebreak() #data.code], image(bytes(data.qr), format: "svg", width: 14mm)) })
#v(2mm)
#grid(columns: (1fr, 1fr), row-gutter: 2.2mm, ..data.meta)
#if data.terms != "" { v(2mm); set par(leading: 0.8em); text(data.terms) }
#v(2mm)
#table(columns: (10mm, 32mm, 1fr, 1fr, 11mm, 14mm, 26mm, 24mm), stroke: 0.3mm, inset: (x: 1mm, y: 1.4mm),
  align: (col, row) => (if row == 0 { center } else if col in (5, 6) { right } else if col in (0, 4) { center } else { left }) + horizon,
  table.header(..data.heads.map(head => text(weight: "bold", head))),
  ..data.rows.flatten().map(cell => text(size: 9pt, cell)),
  table.cell(colspan: 5)[合计], data.count, data.sum, [])
#v(4mm)
#block(breakable: false, grid(columns: (1fr,) * calc.min(data.signs.len(), 4), column-gutter: 5mm, row-gutter: 4mm,
  ..data.signs.map(one => [*#one.title* #v(1.5mm)
    #box(width: 100%, height: 12mm, stroke: (bottom: 0.3mm), align(bottom, if one.ink != "" { image(bytes(one.ink), format: "svg", height: 11mm) } else { one.name }))
    #v(0.5mm) #text(size: 8.5pt)[#one.name　#one.on]])))
"""


def slip(ctx: Ctx, handover: Handover) -> bytes:
    """The slip with the signatures that it has so far; a line to sign on where one is still missing."""
    lines = list(handover.lines.select_related("asset").order_by("seq"))
    meta = {
        "日期": f"{handover.applied_on}", "移出部门": handover.from_department, "移入部门": handover.to_department, "移交人": handover.giver,
        "接收人": handover.receiver, "放到哪里": handover.to_place, "经办人": handover.applicant, "归还期限": handover.due_on, "用途或原因": handover.reason,
    }  # fmt: skip
    rows = [
        (line.asset, line.asset.quantity, line.asset.value, f"{line.returned_on} {line.get_condition_display()}" if line.returned_on else "")
        for line in lines
    ]  # fmt: skip
    signs = _signs(last_case(handover), ("移交人", "接收人", "经办人"))
    return _paper(
        ctx, handover, TITLES[handover.form], meta, rows, signs, last="归还", copies="一式三份：移交、接收、总务各一份"
    )


def agreement(ctx: Ctx, paper: Agreement) -> bytes:
    """The agreement with its terms and list, and a last column to tick at the acceptance."""
    meta: dict[str, Any] = {
        "学期": paper.term, "房间": paper.place, "班级": paper.school_class, "责任人": paper.keeper, "室负责人": paper.head, "责任期到": paper.until_on,
    }  # fmt: skip
    over = paper.accepted_on is not None
    rows = [
        (line.asset, line.quantity, line.value, ("缺损" if line.lost else "在") if over else "") for line in paper.lines.select_related("asset").order_by("seq")
    ]  # fmt: skip
    signs = _signs(last_case(paper), ("总务处", "责任人", "室负责人"))
    if paper.school_class_id:
        on = f"{paper.pupils_signed_on:%Y 年 %m 月 %d 日}" if paper.pupils_signed_on else "年　　月　　日"
        signs.append({"title": "学生代表", "name": "", "ink": drawing(paper.pupils_ink), "on": on})
    if over:
        meta |= {"验收日期": paper.accepted_on, "缺损": f"{paper.missing} 张卡片，{format_yuan(paper.loss)} 元"}
        check = paper.checks.filter(purpose=RoomCheck.Purpose.ACCEPT, state=DocumentState.APPROVED).last()
        again = _signs(last_case(check), ()) if check else []
        if check and check.pupils_ink:
            again.append(
                {
                    "title": "学生代表",
                    "name": "",
                    "ink": drawing(check.pupils_ink),
                    "on": f"{check.applied_on:%Y 年 %m 月 %d 日}",
                }
            )
        signs += [one | {"title": f"验收：{one['title']}"} for one in again]
    copies = "一式两份：责任人、总务各一份"
    return _paper(ctx, paper, "财产保管责任书", meta, rows, signs, last="验收", copies=copies, terms=paper.terms)


def _paper(
    ctx: Ctx, paper: Document, title: str, meta: Mapping[str, Any], rows: Sequence[tuple[Asset, Decimal, Decimal, str]],
    signs: Sequence[Mapping[str, Any]], *, last: str, copies: str, terms: str = "",
) -> bytes:  # fmt: skip
    case = last_case(paper)
    valid = PublicCode.objects.filter(object_kind=Case.kind, object_id=case.pk if case else 0, revoked_on=None)
    code = valid.first()
    data = {
        "title": title, "number": paper.number, "heads": [*HEADS, last], "code": f"{code.code[:4]}-{code.code[4:]}" if code else "",
        "qr": labels.qr_svg(f"{settings.SITE_URL}/p/{code.code}") if code else "", "terms": terms, "copies": copies,
        "meta": [f"{name}：{value}" for name, value in {"单位": ctx.school.name, **meta}.items() if value],
        "rows": [
            [str(seq), card.number, card.name, card.spec, card.unit, plain_quantity(quantity), format_yuan(value), note]
            for seq, (card, quantity, value, note) in enumerate(rows, start=1)
        ],
        "count": plain_quantity(sum((row[1] for row in rows), Decimal(0))), "sum": format_yuan(sum((row[2] for row in rows), Decimal(0))),
        "signs": signs, "printed": f"打印：{ctx.person or ''} {ctx.now.astimezone(SCHOOL_ZONE):%Y-%m-%d %H:%M}",
    }  # fmt: skip
    return pdf.to_pdf(_TEMPLATE, data, face="serif")


def _signs(case: Case | None, blank: Sequence[str]) -> list[dict[str, Any]]:
    """One field a stage of the route, filled where it was signed; without a case the `blank` ones."""
    if case is None:
        return [{"title": title, "name": "", "ink": "", "on": "年　　月　　日"} for title in blank]
    signed = signed_by(case)
    said = {one.stage_id: one for one in signed if one.said not in ("applied", "reapplied")}
    begun = next((one for one in signed if one.said in ("applied", "reapplied")), None)
    found = []
    for stage in case.route.stages.order_by("seq"):
        if not holds(stage.condition, case.facts):
            continue
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
