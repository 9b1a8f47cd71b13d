"""Papers of custody as PDF: the slip of a hand-over (领用单、借用单、调拨单、移交单) and the agreement for a room (财产保管责任书)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from zongwu.assets.models import Agreement, Asset, Handover, RoomCheck
from zongwu.kernel.amounts import format_yuan, plain_quantity
from zongwu.kernel.approvals.models import Document, DocumentState
from zongwu.kernel.approvals.queries import last_case
from zongwu.kernel.approvals.signatures import drawing
from zongwu.kernel.ctx import Ctx
from zongwu.ui import papers
from zongwu.ui.papers import Paper, Sign

HEADS = ("序号", "资产编号", "名称", "规格型号", "单位", "数量", "原值（元）")
TITLES = {
    "issue": "固定资产领用单",
    "loan": "固定资产借用单",
    "transfer": "固定资产调拨单",
    "leave": "固定资产保管移交单",
}


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
    signs = papers.stages(last_case(handover), "移交人", "接收人", "经办人")
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
    signs = papers.stages(last_case(paper), "总务处", "责任人", "室负责人")
    if paper.school_class_id:
        signs.append(_pupils(paper.pupils_ink, paper.pupils_signed_on))
    if over:
        meta |= {"验收日期": paper.accepted_on, "缺损": f"{paper.missing} 张卡片，{format_yuan(paper.loss)} 元"}
        check = paper.checks.filter(purpose=RoomCheck.Purpose.ACCEPT, state=DocumentState.APPROVED).last()
        again = papers.stages(last_case(check)) if check else []
        if check and check.pupils_ink:
            again.append(_pupils(check.pupils_ink, check.applied_on))
        signs += [replace(one, title=f"验收：{one.title}") for one in again]
    copies = "一式两份：责任人、总务各一份"
    return _paper(ctx, paper, "财产保管责任书", meta, rows, signs, last="验收", copies=copies, terms=paper.terms)


def _pupils(ink: str, day: date | None) -> Sign:
    """Pupils sign without their names."""
    return Sign(title="学生代表", ink=drawing(ink), on=f"{day:%Y 年 %m 月 %d 日}" if day else papers.NO_DAY)


def _paper(
    ctx: Ctx, paper: Document, title: str, meta: Mapping[str, Any], rows: Sequence[tuple[Asset, Decimal, Decimal, str]],
    signs: Sequence[Sign], *, last: str, copies: str, terms: str = "",
) -> bytes:  # fmt: skip
    cells = [
        [str(seq), card.number, card.name, card.spec, card.unit, plain_quantity(quantity), format_yuan(value), note]
        for seq, (card, quantity, value, note) in enumerate(rows, start=1)
    ]
    count = sum((quantity for _, quantity, _, _ in rows), Decimal(0))
    total = sum((value for _, _, value, _ in rows), Decimal(0))
    return papers.to_pdf(ctx, Paper(
        title=title, number=paper.number, facts=meta, heads=[*HEADS, last], rows=cells, widths=(10, 32, 0, 0, 11, 14, 26, 24), right=(5, 6), centre=(0, 4),
        foot=(plain_quantity(count), format_yuan(total), ""), terms=terms, signs=signs, copies=copies, case=last_case(paper),
    ))  # fmt: skip
