"""Papers of safety: the notice to put a hazard right (整改通知书), and the inspector's pack of a range of days as one PDF."""

from __future__ import annotations

from datetime import date
from typing import Any

from zongwu.checks.models import Round
from zongwu.kernel import attachments, figures
from zongwu.kernel.amounts import format_yuan
from zongwu.kernel.ctx import Ctx
from zongwu.kernel.errors import Refused
from zongwu.kernel.figures import Window
from zongwu.safety import queries
from zongwu.safety.models import Hazard
from zongwu.ui import papers, pdf
from zongwu.ui.papers import Paper

MOST, MOST_PICTURES = 2_000, 300
"""Hazards and rounds, and photographs, of one pack: more than an inspector reads, and than a server should hold at once."""
ROOM = "\n" * 5
"""Lines left empty for a pen."""


def notice(ctx: Ctx, hazard: Hazard) -> bytes:
    """To whoever answers for it: what, how, by when, and what protects meanwhile; with room for what came of it."""
    meta = {
        "地点": f"{hazard.place} {hazard.spot}".strip(), "类别": hazard.get_field_display(), "等级": hazard.get_grade_display(), "判定依据": hazard.basis, "来源": hazard.superior or hazard.get_source_display(),
        "发现日期": hazard.found_on, "责任人": hazard.answers, "督办人": hazard.supervisor, "整改期限": hazard.due_on, "延到": hazard.later_on,
    }  # fmt: skip
    rows = [
        ["什么隐患", hazard.what], ["整改措施", hazard.measure], ["整改资金", f"{format_yuan(hazard.money)} 元　{hazard.funding}" if hazard.money or hazard.funding else ""],
        ["临时防护和预案", hazard.interim], ["整改情况", hazard.did or ROOM], ["复查结论", hazard.verdict or ROOM],
    ]  # fmt: skip
    return papers.to_pdf(ctx, Paper(
        title="安全隐患整改通知书", number=hazard.number, facts=meta, heads=("项目", "内容"), rows=rows, widths=(34, 0), centre=(0,),
        below=["请在整改期限以前改好，拍照报上来，由另一个人到现场复查；复查不合格的，期限不变。"],
        signs=papers.blank("签发人", "责任人", "复查人"), copies="一式两份：总务（安全）、责任人各一份",
    ))  # fmt: skip


_PACK = r"""
#let data = json(bytes(sys.inputs.data))
#set document(title: data.title, date: none)
#set page(paper: "a4", flipped: true, margin: (x: 14mm, top: 13mm, bottom: 14mm), footer: context text(size: 8pt)[
  #grid(columns: (1fr, 1fr, 1fr), align: (left, center, right), data.school, data.printed, [第 #counter(page).display() 页　共 #counter(page).final().at(0) 页])])
#set text(size: 9pt)
#let head(words) = block(above: 5mm, below: 2.5mm, text(size: 13pt, weight: "bold", words))
#let ledger(widths, heads, rows) = table(columns: widths.map(one => if one == 0 { 1fr } else { one * 1mm }), stroke: 0.25mm, inset: (x: 1mm, y: 1.2mm), align: left + horizon,
  table.header(..heads.map(one => text(weight: "bold", one))), ..rows.flatten().map(one => text(size: 8pt, one)))
#align(center, text(size: 18pt, weight: "bold", data.title))
#align(center, text(size: 10pt)[#data.school　#data.range])
#head("一、情况")
#for line in data.lines { block(above: 1.5mm, line) }
#head("二、隐患台账")
#if data.hazards.len() > 0 { ledger(data.hazard-widths, data.hazard-heads, data.hazards) } else [这段时间没有隐患。]
#head("三、检查记录")
#if data.rounds.len() > 0 { ledger(data.round-widths, data.round-heads, data.rounds) } else [这段时间没有检查记录。]
#if data.shots.len() > 0 {
  pagebreak()
  head("四、整改前后照片")
  let picture(shot) = [#image(shot.file, format: "jpg", width: 100%, height: 52mm, fit: "contain") #align(center, text(size: 8pt, shot.words))]
  for one in data.shots { block(breakable: false, above: 4mm, { text(weight: "bold", one.title); v(1mm)
    grid(columns: (1fr,) * 3, column-gutter: 4mm, row-gutter: 2mm, ..one.pictures.map(picture)) }) }
}
#if data.left > 0 [#v(3mm) 还有 #data.left 张照片没有印在这里，请到系统里看。]
"""


def pack(ctx: Ctx, window: Window) -> bytes:
    """Everything that a visiting inspector asks for, of these days: figures, ledger, rounds with who signed, photographs before and after.

    :raises Refused: more than one paper can hold.
    """
    hazards = list(
        Hazard.objects.visible_to(ctx)
        .real()
        .filter(found_on__range=window)
        .select_related("fixed_by", "checked_by", "supervisor", "finder")
        .order_by("found_on", "id")[: MOST + 1]
    )
    rounds = list(
        Round.objects.visible_to(ctx)
        .filter(on__range=window)
        .select_related("checklist", "point__place", "person", "second")
        .order_by("on", "id")[: MOST + 1]
    )
    if max(len(hazards), len(rounds)) > MOST:
        raise Refused(f"这段时间的隐患或检查记录超过 {MOST} 条，请把日期分短一些。")
    shots, left = _shots(hazards)
    given = {
        "title": "安全检查和隐患整改资料", "school": ctx.school.name, "range": f"{window.since:%Y 年 %m 月 %d 日}至 {window.until:%Y 年 %m 月 %d 日}", "printed": papers.printed(ctx), "lines": _lines(window),
        "hazards": [_row(one) for one in hazards], "hazard-heads": HEADS, "hazard-widths": WIDTHS, "rounds": [_looked(one) for one in rounds],
        "round-heads": ("日期", "编号", "检查表", "点位", "级别", "检查人", "同行", "项数", "异常", "复核签字"), "round-widths": (18, 26, 40, 0, 14, 18, 30, 12, 12, 20),
        "shots": shots, "left": left,
    }  # fmt: skip
    return pdf.to_pdf(_PACK, given, face="serif", root=attachments.folder_of(ctx.school.pk))


HEADS = ("编号", "发现", "地点", "隐患", "等级", "责任人", "措施", "期限", "整改情况", "完成", "复查人", "销号", "状态")
WIDTHS = (25, 14, 30, 0, 11, 16, 28, 20, 28, 14, 16, 14, 15)


def _row(one: Hazard) -> list[str]:
    due = f"{one.due_on:%m-%d}" + (f"（延到 {one.later_on:%m-%d}）" if one.later_on else "")
    return [
        one.number, f"{one.found_on:%m-%d}", f"{one.place} {one.spot}".strip(), one.what, one.get_grade_display(), one.answers, one.measure, due, one.did, _day(one.fixed_on),
        str(one.checked_by or one.checked_name), _day(one.closed_on), one.get_state_display(),
    ]  # fmt: skip


def _looked(one: Round) -> list[str]:
    second = f"{one.second}" if one.second else ""
    return [
        f"{one.on:%m-%d}", one.number, str(one.checklist), str(one.point or "全校"), one.get_level_display(), str(one.person), one.along, str(one.items), str(one.wrong), second,
    ]  # fmt: skip


def _day(on: date | None) -> str:
    return f"{on:%m-%d}" if on else ""


def _lines(window: Window) -> list[str]:
    """The figures of these days, as the summary says them."""
    keys = (
        "checks.rounds",
        "checks.sweeps",
        "safety.found",
        "safety.due",
        "safety.closed",
        "safety.rate",
        "safety.on_time",
    )
    values = figures.values(keys, window)
    told = [
        f"{value.figure.label} {value.text}{'' if value.figure.unit == '%' else ' ' + value.figure.unit}"
        for value in values.values()
    ]
    return ["；".join(told) + "。", f"整改率口径：{values['safety.rate'].figure.definition}。"]


def _shots(hazards: list[Hazard]) -> tuple[list[dict[str, Any]], int]:
    """The photographs of each hazard with where their bytes lie, and how many were left out."""
    found: list[dict[str, Any]] = []
    count, left, known = 0, 0, queries.shots_of(hazards)
    for hazard in hazards:
        pictures = []
        for shot in known.get(hazard.pk, ()):
            if count >= MOST_PICTURES or not shot.paper.path.exists():
                left += 1
                continue
            count += 1
            pictures.append(
                {
                    "file": f"/{shot.paper.sha256[:2]}/{shot.paper.sha256}",
                    "words": f"{shot.get_moment_display()} {shot.on:%m-%d}",
                }
            )
        if pictures:
            found.append({"title": f"{hazard.number} {hazard.title}", "pictures": pictures})
    return found, left
