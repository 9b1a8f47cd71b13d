"""Papers of purchasing: the request (采购申请表), the comparison of quotes (询价记录), the acceptance (验收单)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.conf import settings

from zongwu.kernel.amounts import format_yuan, plain_price, plain_quantity, yuan_in_words
from zongwu.kernel.approvals.conditions import holds
from zongwu.kernel.approvals.models import Case, Document
from zongwu.kernel.approvals.queries import last_case, signed_by
from zongwu.kernel.approvals.signatures import drawing
from zongwu.kernel.clock import SCHOOL_ZONE
from zongwu.kernel.codes import PublicCode
from zongwu.kernel.ctx import Ctx
from zongwu.purchasing.models import Acceptance, Purchase
from zongwu.ui import labels, pdf

_TEMPLATE = r"""
#let data = json(bytes(sys.inputs.data))
#set document(title: data.title, date: none)
#set page(paper: "a4", flipped: data.wide, margin: (x: 16mm, top: 14mm, bottom: 15mm), footer: context text(size: 8pt)[
  #grid(columns: (1fr, 1fr, 1fr), align: (left, center, right), data.copies, data.printed, [第 #counter(page).display() 页　共 #counter(page).final().at(0) 页])])
#set text(size: 10pt)
#grid(columns: (1fr, auto, 1fr), align: (left + bottom, center + bottom, right + bottom),
  text(size: 9pt)[单号 #data.number], text(size: 17pt, weight: "bold", tracking: 0.2em, data.title),
  if data.qr != "" { grid(columns: 2, column-gutter: 2mm, align: bottom, text(size: 8pt)[扫码验证 #linebreak() #data.code], image(bytes(data.qr), format: "svg", width: 14mm)) })
#v(2mm)
#grid(columns: (1fr, 1fr), row-gutter: 2.2mm, column-gutter: 6mm, ..data.meta)
#v(2mm)
#table(columns: data.widths.map(one => if one == 0 { 1fr } else { one * 1mm }), stroke: 0.3mm, inset: (x: 1mm, y: 1.4mm),
  align: (col, row) => (if row == 0 { center } else if data.right.contains(col) { right } else { left }) + horizon,
  table.header(..data.heads.map(head => text(weight: "bold", head))),
  ..data.rows.flatten().map(cell => text(size: 9pt, cell)))
#v(1mm)
#for line in data.below { block(above: 2mm, line) }
#v(4mm)
#block(breakable: false, grid(columns: (1fr,) * calc.min(data.signs.len(), 4), column-gutter: 5mm, row-gutter: 4mm,
  ..data.signs.map(one => [*#one.title* #v(1.5mm)
    #box(width: 100%, height: 12mm, stroke: (bottom: 0.3mm), align(bottom, if one.ink != "" { image(bytes(one.ink), format: "svg", height: 11mm) } else { one.name }))
    #v(0.5mm) #text(size: 8.5pt)[#one.name　#one.on]])))
"""


def request(ctx: Ctx, purchase: Purchase) -> bytes:
    """The request with the signatures that it has so far."""
    meta = {
        "申请人": purchase.applicant, "申请部门": purchase.department, "申请日期": purchase.applied_on, "需要日期": purchase.needed_on, "类别": purchase.get_sort_display(),
        "采购方式": purchase.get_method_display(), "预算项目": purchase.budget, "资金来源": purchase.budget.funding if purchase.budget else "", "事由": purchase.reason,
    }  # fmt: skip
    rows = [
        [str(line.seq), line.name, line.spec, line.unit, plain_quantity(line.quantity), plain_price(line.price), format_yuan(line.amount), line.get_becomes_display()]
        for line in purchase.lines.order_by("seq")
    ]  # fmt: skip
    below = [f"合计：{format_yuan(purchase.amount)} 元（大写 {yuan_in_words(purchase.amount)}）"]
    below += [f"中选：{purchase.chosen.supplier}" for _ in (1,) if purchase.chosen] + [
        purchase.alike for _ in (1,) if purchase.alike
    ]
    return _paper(
        ctx, purchase, "采购申请表", meta, ("序号", "品名", "规格要求", "单位", "数量", "预计单价", "金额（元）", "到货以后"), rows, (12, 0, 0, 12, 18, 24, 28, 22),
        right=(4, 5, 6), below=below, signs=_signs(last_case(purchase), ("申请人", "总务主任", "会计", "校长")), copies="一式两份：总务、财务各一份",
    )  # fmt: skip


def quotes(ctx: Ctx, purchase: Purchase) -> bytes:
    """The comparison as the file keeps it: each quote in a column, the sums, the demands, who was chosen and why."""
    asked, lines = list(purchase.quotes.select_related("supplier").order_by("id")), list(purchase.lines.order_by("seq"))
    heads = ["品名与要求", "数量", *(str(quote.supplier) for quote in asked)]
    rows = [
        [str(line), f"{plain_quantity(line.quantity)} {line.unit}", *(f"{plain_price(quote.price_of(line))}　{format_yuan(quote.price_of(line) * line.quantity)}" for quote in asked)]
        for line in lines
    ]  # fmt: skip
    rows.append(["送货费", "", *(format_yuan(quote.delivery) for quote in asked)])
    rows.append(["总价", "", *(format_yuan(quote.total) for quote in asked)])
    for demand in purchase.demands.order_by("seq"):
        told = [quote.answers.get(str(demand.pk), ["", True]) for quote in asked]
        rows.append([demand.name, demand.wanted, *(f"{answer}{'' if fits else '（不合格）'}" for answer, fits in told)])
    rows.append(["联系人、电话", "", *(f"{quote.supplier.contact} {quote.supplier.phone}".strip() for quote in asked)])
    rows.append(["报价日期", "", *(str(quote.quoted_on) for quote in asked)])
    below = [f"确定供应商：{purchase.chosen.supplier if purchase.chosen else '　　　　　　　　'}"]
    below += [f"不选最低价的理由：{purchase.why}"] if purchase.why else []
    meta = {
        "项目": purchase.title,
        "申请单": purchase.number,
        "预算": purchase.budget,
        "采购方式": purchase.get_method_display(),
    }
    blank = [
        {"title": title, "name": "", "ink": "", "on": "年　　月　　日"} for title in ("询价人", "询价人", "总务主任")
    ]
    return _paper(
        ctx, purchase, "询价记录", meta, heads, rows, (52, 22, *(0 for _ in asked)), right=tuple(range(1, len(heads))), below=below, signs=blank,
        copies="附报价单原件", wide=True,
    )  # fmt: skip


def delivery(ctx: Ctx, paper: Acceptance) -> bytes:
    """The acceptance with its members' signatures."""
    order = paper.order
    meta = {
        "供应商": order.supplier, "采购订单": order.number, "采购人": order.buyer, "验收日期": paper.accepted_on, "放到哪里": paper.place, "发票号": paper.invoice_number or order.invoice_number,
        "入库单": paper.slip.number if paper.slip else "", "合同号": order.contract_number,
    }  # fmt: skip
    rows = [
        [
            str(at), one.line.line.name, one.line.line.spec, one.line.line.unit, plain_quantity(one.line.quantity), plain_quantity(one.arrived), plain_quantity(one.accepted),
            plain_price(one.line.price), format_yuan(one.accepted * one.line.price), one.note,
        ]
        for at, one in enumerate(paper.lines.select_related("line__line").order_by("line__seq"), start=1)
    ]  # fmt: skip
    below = [
        f"验收金额：{format_yuan(Decimal(paper.value))} 元（大写 {yuan_in_words(Decimal(paper.value))}）", f"外观：{paper.looks}　　质量和功能：{paper.works}",
        f"问题和处理：{paper.problems or '无'}",
    ]  # fmt: skip
    heads = ("序号", "品名", "规格", "单位", "应到", "实到", "合格", "单价（元）", "金额（元）", "不合格的")
    return _paper(
        ctx, paper, "验收单", meta, heads, rows, (12, 0, 0, 12, 15, 15, 15, 22, 26, 28), right=(4, 5, 6, 7, 8), below=below,
        signs=_each(last_case(paper)) or [{"title": "验收人", "name": "", "ink": "", "on": "年　　月　　日"}] * 3, copies="一式三份：总务、财务、供应商各一份", wide=True,
    )  # fmt: skip


def _paper(
    ctx: Ctx, paper: Document, title: str, meta: Mapping[str, Any], heads: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[int], *,
    right: Sequence[int], below: Sequence[str], signs: Sequence[Mapping[str, Any]], copies: str, wide: bool = False,
) -> bytes:  # fmt: skip
    case = last_case(paper)
    code = PublicCode.objects.filter(object_kind=Case.kind, object_id=case.pk if case else 0, revoked_on=None).first()
    data = {
        "title": title, "number": paper.number, "wide": wide, "heads": heads, "rows": rows, "widths": widths, "right": right, "below": below, "signs": signs, "copies": copies,
        "meta": [f"{name}：{value}" for name, value in {"单位": ctx.school.name, **meta}.items() if value],
        "code": f"{code.code[:4]}-{code.code[4:]}" if code else "", "qr": labels.qr_svg(f"{settings.SITE_URL}/p/{code.code}") if code else "",
        "printed": f"打印：{ctx.person or ''} {ctx.now.astimezone(SCHOOL_ZONE):%Y-%m-%d %H:%M}",
    }  # fmt: skip
    return pdf.to_pdf(_TEMPLATE, data, face="serif")


def _each(case: Case | None) -> list[dict[str, Any]]:
    """One field for each who signed."""
    if case is None:
        return []
    return [
        {"title": "验收人", "name": one.who, "ink": drawing(one.signature), "on": f"{one.at.astimezone(SCHOOL_ZONE):%Y 年 %m 月 %d 日}"}
        for one in signed_by(case)
        if one.signature
    ]  # fmt: skip


def _signs(case: Case | None, blank: Sequence[str]) -> list[dict[str, Any]]:
    """One field a stage of the route, filled where it was signed; without a case the `blank` ones."""
    if case is None:
        return [{"title": title, "name": "", "ink": "", "on": "年　　月　　日"} for title in blank]
    said = {one.stage_id: one for one in signed_by(case) if one.stage_id}
    found = []
    for stage in case.route.stages.order_by("seq"):
        if holds(stage.condition, case.facts):
            one = said.get(stage.pk)
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
