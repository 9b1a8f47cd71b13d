"""The page on which a summary is written: outline, paper, and the rows behind the figure that was pressed."""

from __future__ import annotations

import secrets
from itertools import islice
from typing import Any, NamedTuple
from urllib.parse import quote

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from zongwu.kernel.actions import ACTIONS
from zongwu.kernel.ctx import Ctx
from zongwu.kernel.errors import Missing, Refused
from zongwu.kernel.figures import FIGURES
from zongwu.summary import prose, queries, words
from zongwu.summary.actions import move_section, remove_section, say_statement, write_section
from zongwu.summary.document import to_docx
from zongwu.summary.forms import ArrangeForm, SectionForm
from zongwu.summary.models import Section, Summary
from zongwu.summary.queries import Reading
from zongwu.ui import charts
from zongwu.ui.addresses import ref_url
from zongwu.ui.documents import chinese_number
from zongwu.ui.request import SchoolRequest, page

READ, WRITE = "summary.read_summary", "summary.write_summary"
MOST = 200
"""So many rows stand beside the paper; the figure's own page has them all."""


class Shown(NamedTuple):
    """A section as the page draws it."""

    section: Section
    number: str
    blocks: list[dict[str, Any]]
    figures: int


def find(ctx: Ctx, pk: int) -> Summary:
    found: Summary | None = (
        Summary.objects.visible_to(ctx).select_related("term", "signed_by", "school").filter(pk=pk).first()
    )
    if found is None:
        raise Missing("找不到这份总结。")
    return found


@page(READ)
def editor(request: SchoolRequest, ctx: Ctx, pk: int) -> HttpResponse:
    return TemplateResponse(
        request,
        "summary/editor.html",
        _editor(ctx, find(ctx, pk), request.GET.get("edit", ""), request.GET.get("figure", "")),
    )


def _editor(ctx: Ctx, summary: Summary, edited: str = "", opened: str = "") -> dict[str, Any]:
    """The page: `edited` is the section under the pen, `opened` the figure whose rows stand beside the paper."""
    reading = queries.read(summary)
    draft = summary.state == Summary.State.DRAFT and ctx.may(WRITE)
    section = next((s for s in reading.sections if draft and str(s.pk) == edited), None)
    return {
        "summary": summary, "sections": _sections(reading), "draft": draft, "editing": section,
        "form": SectionForm(initial=_initial(section)) if section else None, "key": secrets.token_urlsafe(16),
        "figure": _rows(ctx, summary, reading, opened) if opened in reading.figures else None,
        "unsaid": queries.unsaid(summary, reading) if draft else [], "count": len(reading.figures),
        "shelf": _shelf() if section else [], "may_sign": draft and ctx.may(ACTIONS["sign_summary"].permission),
        "window": reading.window, "day": reading.day,
    }  # fmt: skip


def _initial(section: Section) -> dict[str, Any]:
    return {
        "section": section.pk, "version": section.version, "heading": section.heading, "body": words.to_words(section.body),
    }  # fmt: skip


def _sections(reading: Reading) -> list[Shown]:
    counts = [0, 0]
    shown = []
    for section in reading.sections:
        number = ""
        if section.heading:
            counts[section.level - 1] += 1
            counts[1] = 0 if section.level == 1 else counts[1]
            number = chinese_number(counts[section.level - 1])
            number = f"{number}、" if section.level == 1 else f"（{number}）"
        blocks = [_block(block, reading) for block in prose.blocks(section.body)]
        shown.append(Shown(section, number, blocks, len(prose.figure_keys(section.body))))
    return shown


def _block(block: prose.Block, reading: Reading) -> dict[str, Any]:
    if block.what == "paragraph":
        return {"pieces": [(piece, reading.text_of(piece.text) if piece.is_figure else "") for piece in block.pieces]}
    cut = reading.breakdowns.get(block.key)
    if cut is None:
        return {"missing": block.key}
    if block.what == "表":
        return {"table": cut, "total": sum((amount for _, amount in cut.items), 0)}
    bars = [
        charts.Bar(name, amount, f"{amount:,.2f}" if cut.unit == "元" else f"{amount:,}") for name, amount in cut.items
    ]
    return {"chart": charts.bars(bars, title=cut.label), "cut": cut}


def _rows(ctx: Ctx, summary: Summary, reading: Reading, key: str) -> dict[str, Any]:
    """The rows behind a figure: live ones while the summary is a draft, the frozen ones afterwards."""
    if summary.state == Summary.State.SIGNED:
        kept = summary.figures.get(key=key).rows
        rows = [queries.Backing(*row) for row in kept[: MOST + 1]]
    else:
        rows = list(islice(queries.rows_behind(key, reading.window), MOST + 1))
    rows.sort(key=lambda row: not row.part)  # of a share, what counts comes first
    lines = [(row, ref_url(ctx.school, row.ref)) for row in rows[:MOST]]
    return {
        "shown": reading.figures[key], "lines": lines, "more": len(rows) > MOST,
        "share": key in FIGURES and FIGURES[key].measure.name == "share",
        "earlier": _earlier(summary, reading, key),
    }  # fmt: skip


def _earlier(summary: Summary, reading: Reading, key: str) -> str:
    """The figure in the terms before, as bars; nothing where the books begin with this term."""
    before = queries.earlier(key, summary.term) if key in FIGURES and summary.state == Summary.State.DRAFT else []
    if not before:
        return ""
    unit = "" if (figure := FIGURES[key]).unit in ("%", "元") else f" {figure.unit}"
    items = [*before, ("本学期", figure.value(reading.window))]
    bars = [charts.Bar(label, value.number or 0, f"{value.text}{unit}") for label, value in items]
    return charts.bars(bars, title="和以前的学期比")


def _shelf() -> list[tuple[str, str]]:
    """What can be put into a text: (words to insert, label)."""
    return [(f"〔{figure.label}〕", figure.label) for figure in FIGURES.values()]


@require_POST
@page(WRITE)
def write(request: SchoolRequest, ctx: Ctx, pk: int) -> HttpResponse:
    """Save one section; a refusal shows the text again, nothing typed is lost."""
    form = SectionForm(request.POST)
    summary = find(ctx, pk)
    problems: list[str] = []
    if form.is_valid():
        given = form.cleaned_data
        strange = words.unknown(given["body"])
        try:
            if strange:
                raise Refused(f"没有叫「{'、'.join(strange)}」的数字，请从清单里插入。")
            given["body"] = words.from_words(given["body"])
            write_section(ctx.keyed(request.POST.get("key", "")), summary, **given)
        except Refused as no:
            problems = list(no.problems)
        else:
            messages.success(request, "已保存。")
            return redirect("summary:reports-detail", ctx.school.code, pk)
    given = _editor(ctx, summary, edited=request.POST.get("section", "")) | {"form": form, "problems": problems}
    return TemplateResponse(request, "summary/editor.html", given, status=409)


@require_POST
@page(WRITE)
def arrange(request: SchoolRequest, ctx: Ctx, pk: int) -> HttpResponse:
    """One press: a section up, down or away, or a sentence that nobody wrote yet."""
    form = ArrangeForm(request.POST)
    if not form.is_valid():
        raise Refused("没有看懂要做什么，请刷新后再按一次。")
    given, pressed = form.cleaned_data, ctx.keyed(request.POST.get("key", ""))
    summary, place = find(ctx, pk), f"#s{given['section']}" if given["section"] else ""
    try:
        match given["do"]:
            case "up" | "down":
                move_section(pressed, summary, section=given["section"], up=given["do"] == "up")
            case "remove":
                remove_section(pressed, summary, section=given["section"], version=given["version"])
                messages.success(request, "这一节删去了，原文在这份总结的历史里。")
            case _:
                say_statement(pressed, summary, statement=given["statement"])
    except Refused as no:
        messages.error(request, "；".join(no.problems))
    return redirect(reverse("summary:reports-detail", args=[ctx.school.code, pk]) + place)


@page(READ)
def word(request: SchoolRequest, ctx: Ctx, pk: int) -> HttpResponse:
    """The summary as a Word file."""
    summary = find(ctx, pk)
    response = HttpResponse(
        to_docx(summary), content_type="application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    )
    name = quote(summary.school.name + summary.title)
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}.docx"
    return response
