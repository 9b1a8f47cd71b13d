"""Writing and signing the term summary."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import F

from zongwu.kernel.actions import action, create_action
from zongwu.kernel.ctx import Ctx
from zongwu.kernel.errors import Conflict, Refused
from zongwu.kernel.figures import BREAKDOWNS, FIGURES, STATEMENTS, Window, values
from zongwu.school import queries as school
from zongwu.school.models import Term
from zongwu.summary import outlines, prose, queries
from zongwu.summary.models import FrozenBreakdown, FrozenFigure, Section, Summary


def is_draft(summary: Summary) -> bool:
    return summary.state == Summary.State.DRAFT


@create_action(Summary, label="起草总结", permission="summary.write_summary", icon="file-plus", primary=True)
def begin_summary(ctx: Ctx, *, term: Term) -> Summary:
    """The first draft, written from the records: every statement that has something to say."""
    if Summary.objects.filter(term=term).exists():
        raise Refused(f"{term.label}已经有总结了，请打开它接着写。")
    summary = draft(ctx, term)
    ctx.journal(summary, "summary.begun", term=term.pk, also=[(term, "term")])
    return summary


def draft(ctx: Ctx, term: Term) -> Summary:
    """The rows of a first draft. Whoever calls it outside an action gives the transaction up again."""
    summary: Summary = Summary.objects.create(
        school=ctx.school, term=term, title=f"{term.label}总务工作总结", begun_on=ctx.today
    )
    value = values(outlines.figure_keys(), school.window(term))
    Section.objects.bulk_create(
        Section(
            school=ctx.school, summary=summary, position=10 * at + 10, level=part.level, heading=part.heading, body=body,
            area=part.area,
        )
        for at, (part, body) in enumerate(outlines.draft(value.__getitem__))
    )  # fmt: skip
    return summary


@action(Summary, label="改一节", permission="summary.write_summary", available=is_draft, hidden=True)
def write_section(ctx: Ctx, summary: Summary, *, section: int, version: int, heading: str, body: str) -> Summary:
    """Replace one section's heading and text.

    :raises Conflict: somebody else saved this section since it was opened.
    :raises Refused: a slot names no figure.
    """
    row = _section(summary, section, version, "这一节刚被别人改过。您的文字还在下面，请对照现在的样子合并后再存。")
    unknown = [key for key in prose.figure_keys(body) if key not in FIGURES]
    unknown += [key for key in prose.breakdown_keys(body) if key not in BREAKDOWNS]
    if unknown:
        raise Refused(fields={"body": f"没有叫「{'、'.join(unknown)}」的数字，请从右边的清单里插入。"})
    old = row.body
    row.heading, row.body, row.version = heading.strip(), body.strip(), version + 1
    row.save(update_fields=["heading", "body", "version"])
    ctx.journal(
        summary, "summary.section_written", section=row.pk, version=row.version, also=[(row, "section")],
        detail={"原文": old, "现文": row.body},
    )  # fmt: skip
    return summary


@action(Summary, label="加一节", permission="summary.write_summary", available=is_draft, icon="plus")
def add_section(ctx: Ctx, summary: Summary, *, heading: str, level: int = 1) -> Summary:
    """An empty section at the end."""
    last = summary.sections.order_by("-position").first()
    row = Section.objects.create(
        school=ctx.school,
        summary=summary,
        position=(last.position if last else 0) + 10,
        level=level,
        heading=heading.strip(),
    )
    ctx.journal(summary, "summary.section_added", section=row.pk, also=[(row, "section")])
    return summary


@action(Summary, label="挪一节", permission="summary.write_summary", available=is_draft, hidden=True)
def move_section(ctx: Ctx, summary: Summary, *, section: int, up: bool) -> Summary:
    """A section changes places with its neighbour; a chapter goes with what stands under it, past the whole neighbour.

    :raises Refused: there is none.
    """
    rows = list(summary.sections.select_for_update().order_by("position"))
    row = next((row for row in rows if row.pk == section), None)
    if row is None:
        raise Refused("这一节已经不在了，请刷新。")
    blocks = _blocks(rows, row.level)
    at = next(at for at, block in enumerate(blocks) if block[0] is row)
    other = at + (-1 if up else 1)
    if not 0 <= other < len(blocks):
        raise Refused("已经到头了，不能再挪。")
    blocks[at], blocks[other] = blocks[other], blocks[at]
    _place(summary, [row for block in blocks for row in block])
    ctx.journal(summary, "summary.section_moved", section=section, up=up)
    return summary


def _blocks(rows: Sequence[Section], level: int) -> list[list[Section]]:
    """The sections cut where one of this level or above begins."""
    blocks: list[list[Section]] = []
    for row in rows:
        if row.level <= level or not blocks:
            blocks.append([])
        blocks[-1].append(row)
    return blocks


def _place(summary: Summary, rows: Sequence[Section]) -> None:
    """Number the sections in this order. No two may stand in one place, not even for a moment."""
    for at, row in enumerate(rows):
        summary.sections.filter(pk=row.pk).update(position=_ASIDE + 10 * at + 10)
    summary.sections.filter(position__gt=_ASIDE).update(position=F("position") - _ASIDE)


_ASIDE = 10_000


@action(Summary, label="删一节", permission="summary.write_summary", available=is_draft, hidden=True)
def remove_section(ctx: Ctx, summary: Summary, *, section: int, version: int) -> Summary:
    """Take a section out; the journal keeps its text.

    :raises Conflict: somebody else saved this section since it was opened.
    :raises Refused: sections stand under it.
    """
    row = _section(summary, section, version, "这一节刚被别人改过，没有删。请看过现在的样子再删。")
    rows = list(summary.sections.order_by("position"))
    under = next(block for block in _blocks(rows, row.level) if block[0] == row)[1:]
    if under:
        raise Refused(f"「{row}」下面还有「{'」「'.join(map(str, under))}」，请先挪走或删去下面的。")
    ctx.journal(
        summary,
        "summary.section_removed",
        section=row.pk,
        version=version,
        detail={"标题": row.heading, "原文": row.body},
    )
    row.delete()
    return summary


@action(Summary, label="写进去", permission="summary.write_summary", available=is_draft, hidden=True)
def say_statement(ctx: Ctx, summary: Summary, *, statement: str) -> Summary:
    """Put a sentence that nobody wrote yet at the end of the last section of its area, before its tables.

    Where no section speaks of the area, the outline's own is put in where the outline has it.

    :raises Refused: there is no such sentence.
    """
    said = STATEMENTS.get(statement)
    found = outlines.part_of(said.area) if said else None
    if said is None or found is None:
        raise Refused("没有这句话，请刷新。")
    rows = list(summary.sections.select_for_update().order_by("position"))
    row = next((row for row in reversed(rows) if row.area == said.area), None)
    old = row.body if row else ""
    if row is None:
        at, part = found
        row = Section(school=ctx.school, summary=summary, level=part.level, heading=part.heading, area=part.area)
        later = {one.heading for one in outlines.OUTLINE[at + 1 :]}
        before = next((place for place, one in enumerate(rows) if one.level == 1 and one.heading in later), len(rows))
        row.position = _ASIDE - 1
        row.save()
        _place(summary, [*rows[:before], row, *rows[before:]])
        row.refresh_from_db()
    row.body, row.version = prose.with_sentence(row.body, said.text), row.version + 1
    row.save(update_fields=["body", "version"])
    ctx.journal(
        summary, "summary.section_written", section=row.pk, version=row.version, also=[(row, "section")],
        detail={"原文": old, "现文": row.body},
    )  # fmt: skip
    return summary


def _section(summary: Summary, pk: int, version: int, changed: str) -> Section:
    row: Section | None = summary.sections.select_for_update().filter(pk=pk).first()
    if row is None:
        raise Refused("这一节已经不在了，请刷新。")
    if row.version != version:
        raise Conflict(changed)
    return row


@action(Summary, label="定稿", permission="summary.sign_summary", available=is_draft, icon="lock",
        confirm="定稿后文字、数字和每个数字的依据都冻结，不再随记录变化。")  # fmt: skip
def sign_summary(ctx: Ctx, summary: Summary) -> Summary:
    """Freeze the text, every figure in it and the rows behind each."""
    reading = queries.read(summary)
    missing = [
        key for section in reading.sections for key in prose.figure_keys(section.body) if key not in reading.figures
    ]
    if missing:
        raise Refused(f"「{'、'.join(missing)}」没有依据，请改掉以后再定稿。")
    FrozenFigure.objects.bulk_create(
        FrozenFigure(
            school=ctx.school, summary=summary, key=f.key, label=f.label, unit=f.unit, text=f.text, exact=f.exact,
            definition=f.definition, rows=_backing(f, reading.window),
        )
        for f in reading.figures.values()
    )  # fmt: skip
    FrozenBreakdown.objects.bulk_create(
        FrozenBreakdown(
            school=ctx.school, summary=summary, key=b.key, label=b.label, unit=b.unit,
            items=[[name, str(amount)] for name, amount in b.items],
        )
        for b in reading.breakdowns.values()
    )  # fmt: skip
    summary.state, summary.signed_on, summary.signed_by = Summary.State.SIGNED, ctx.today, ctx.person
    summary.save(update_fields=["state", "signed_on", "signed_by"])
    ctx.journal(
        summary,
        "summary.signed",
        figures=len(reading.figures),
        sha256=queries.digest(summary),
        also=[(ctx.person, "signer")],
    )
    return summary


def _backing(shown: queries.Shown, window: Window) -> list[list[object]]:
    """The rows to freeze; they must give the figure that is frozen.

    :raises Conflict: the records changed between the two readings.
    """
    rows, value = list(queries.rows_behind(shown.key, window)), FIGURES[shown.key].value(window)
    if queries.recomputed(shown.key, rows) != value.number or str(value.exact) != shown.exact:
        raise Conflict(f"「{shown.label}」在定稿的一刻变了，请再按一次定稿。")
    return [list(row) for row in rows]
