"""A4 papers that people sign: a number, facts, one table, lines beneath it, fields with the signatures given so far.

A domain says what stands on the paper; how it looks is decided here, once.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse

from zongwu.kernel.approvals.conditions import holds
from zongwu.kernel.approvals.models import Case
from zongwu.kernel.approvals.queries import signed_by
from zongwu.kernel.approvals.signatures import drawing
from zongwu.kernel.clock import SCHOOL_ZONE
from zongwu.kernel.codes import PublicCode
from zongwu.kernel.ctx import Ctx
from zongwu.kernel.errors import Missing
from zongwu.ui import labels, pdf
from zongwu.ui.choices import numbers
from zongwu.ui.request import SchoolRequest

NO_DAY = "年　　月　　日"

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
#grid(columns: (1fr, 1fr), row-gutter: 2.2mm, column-gutter: 6mm, ..data.facts)
#if data.terms != "" { v(2mm); set par(leading: 0.8em); text(data.terms) }
#v(2mm)
#table(columns: data.widths.map(one => if one == 0 { 1fr } else { one * 1mm }), stroke: 0.3mm, inset: (x: 1mm, y: 1.4mm),
  align: (col, row) => (if row == 0 or data.centre.contains(col) { center } else if data.right.contains(col) { right } else { left }) + horizon,
  table.header(..data.heads.map(head => text(weight: "bold", head))),
  ..data.rows.flatten().map(cell => text(size: 9pt, cell)),
  ..if data.foot.len() > 0 { (table.cell(colspan: data.heads.len() - data.foot.len())[合计], ..data.foot) })
#v(1mm)
#for line in data.below { block(above: 2mm, line) }
#v(4mm)
#if data.signs.len() > 0 { block(breakable: false, grid(columns: (1fr,) * calc.min(data.signs.len(), 4), column-gutter: 5mm, row-gutter: 4mm,
  ..data.signs.map(one => [*#one.title* #v(1.5mm)
    #box(width: 100%, height: 12mm, stroke: (bottom: 0.3mm), align(bottom, if one.ink != "" { image(bytes(one.ink), format: "svg", height: 11mm) } else { one.name }))
    #v(0.5mm) #text(size: 8.5pt)[#one.name　#one.on]]))) }
"""


@dataclass(frozen=True, kw_only=True)
class Sign:
    """One field to sign in: empty, or with who signed, his strokes and the day."""

    title: str
    name: str = ""
    ink: str = ""
    on: str = NO_DAY


@dataclass(frozen=True, kw_only=True)
class Paper:
    """What stands on it. Widths are millimetres; 0 shares what is left."""

    title: str
    number: str
    facts: Mapping[str, Any]
    """Name → value; what has no value is left out."""
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    widths: Sequence[int]
    right: Sequence[int] = ()
    centre: Sequence[int] = ()
    foot: Sequence[str] = ()
    """Sums under the last columns."""
    below: Sequence[str] = ()
    terms: str = ""
    signs: Sequence[Sign] = ()
    copies: str = ""
    wide: bool = False
    case: Case | None = None
    """The approval that the printed code lets anybody verify."""


def to_pdf(ctx: Ctx, paper: Paper) -> bytes:
    """The paper as it is signed and filed. Raises NoCjkFont."""
    pk = paper.case.pk if paper.case else 0
    code = PublicCode.objects.filter(object_kind=Case.kind, object_id=pk, revoked_on=None).first()
    facts = {"单位": ctx.school.name, **paper.facts}
    given = {name: value for name, value in vars(paper).items() if name != "case"} | {
        "facts": [f"{name}：{value}" for name, value in facts.items() if value],
        "signs": [vars(sign) for sign in paper.signs],
        "code": f"{code.code[:4]}-{code.code[4:]}" if code else "",
        "qr": labels.qr_svg(labels.address(code.code)) if code else "",
        "printed": printed(ctx),
    }
    return pdf.to_pdf(_TEMPLATE, given, face="serif")


def printed(ctx: Ctx) -> str:
    """Who printed it, and when."""
    return f"打印：{ctx.person or ''} {ctx.now.astimezone(SCHOOL_ZONE):%Y-%m-%d %H:%M}"


def blank(*titles: str) -> list[Sign]:
    """Fields that are signed on paper."""
    return [Sign(title=title) for title in titles]


def signed(title: str, one: Any) -> Sign:
    """A field filled with one signature of the approval."""
    on = f"{one.at.astimezone(SCHOOL_ZONE):%Y 年 %m 月 %d 日}"
    return Sign(title=title, name=one.who, ink=drawing(one.signature), on=on)


def stages(case: Case | None, *titles: str, applicant: str = "") -> list[Sign]:
    """One field a stage of the route, filled where it was signed; without a case the `titles`, blank.

    With `applicant` a field of that title comes first, for whoever handed it in.
    """
    if case is None:
        return blank(*filter(None, (applicant, *titles)))
    every = signed_by(case)
    said = {one.stage_id: one for one in every if one.said not in ("applied", "reapplied")}
    begun = next((one for one in every if one.said in ("applied", "reapplied")), None)
    found = [signed(applicant, begun)] if applicant and begun else []
    for stage in case.route.stages.order_by("seq"):
        if holds(stage.condition, case.facts):
            one = said.get(stage.pk) or (begun if stage.joint else None)
            found.append(signed(stage.name, one) if one else Sign(title=stage.name))
    return found


def asked_for(request: SchoolRequest, ctx: Ctx, model: Any, *links: str) -> Any:
    """The row that a `Print` names in the address, with what its paper reads.

    :raises Missing: there is none, or not for this person.
    """
    rows = model.objects.visible_to(ctx).filter(pk__in=numbers(request.GET.getlist("ids"))[:1])
    if links:
        rows = rows.select_related(*links)
    found = rows.first()
    if found is None:
        raise Missing(f"没有找到这份{model._meta.verbose_name}，可能不归您看。")
    return found


def served(body: bytes, name: str) -> HttpResponse:
    """A PDF that the browser shows; `name` is what it is called when it is kept."""
    response = HttpResponse(body, content_type="application/pdf")
    plain = re.sub(r"[^A-Za-z0-9._-]", "", name).removeprefix(".pdf") or "paper.pdf"
    response.headers["Content-Disposition"] = f"inline; filename={plain}"
    return response
