"""Writing and signing the term summary."""

from __future__ import annotations

from collections.abc import Callable

from django.db.models import F

from zongwu.kernel.actions import action, create_action
from zongwu.kernel.ctx import Ctx
from zongwu.kernel.errors import Conflict, Refused
from zongwu.kernel.figures import BREAKDOWNS, FIGURES, STATEMENTS, Value, Window, values
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
    window = school.window(term)
    value = values(outlines.figure_keys(), window)
    summary: Summary = Summary.objects.create(
        school=ctx.school, term=term, title=f"{term.label}总务工作总结", begun_on=ctx.today
    )
    Section.objects.bulk_create(_sections(ctx, summary, value.__getitem__))
    ctx.journal(summary, "summary.begun", term=term.pk, also=[(term, "term")])
    return summary


def _sections(ctx: Ctx, summary: Summary, value: Callable[[str], Value]) -> list[Section]:
    written: list[Section] = []
    for part in outlines.OUTLINE:
        body = outlines.write(part, value)
        if body is not None:
            written.append(
                Section(
                    school=ctx.school, summary=summary, position=10 * len(written) + 10, level=part.level,
                    heading=part.heading, body=body, area=part.area,
                )
            )  # fmt: skip
    return written


@action(Summary, label="改一节", permission="summary.write_summary", available=is_draft, hidden=True)
def write_section(ctx: Ctx, summary: Summary, *, section: int, version: int, heading: str, body: str) -> Summary:
    """Replace one section's heading and text.

    :raises Conflict: somebody else saved this section since it was opened.
    :raises Refused: a slot names no figure.
    """
    row = _section(summary, section, version)
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
    """A section changes places with the one before or after it.

    :raises Refused: there is none.
    """
    rows = list(summary.sections.select_for_update().order_by("position"))
    at = next((at for at, row in enumerate(rows) if row.pk == section), None)
    other = None if at is None else at + (-1 if up else 1)
    if at is None or other is None or not 0 <= other < len(rows):
        raise Refused("这一节已经不在了，或者已经到头了，请刷新。")
    rows[at], rows[other] = rows[other], rows[at]
    places = [row.position for row in rows]
    for row, position in zip(rows, sorted(places), strict=True):
        if row.position != position:  # no two may stand in one place, not even for a moment
            summary.sections.filter(pk=row.pk).update(position=position + _ASIDE)
    summary.sections.filter(position__gte=_ASIDE).update(position=F("position") - _ASIDE)
    ctx.journal(summary, "summary.section_moved", section=section, up=up)
    return summary


_ASIDE = 10_000


@action(Summary, label="删一节", permission="summary.write_summary", available=is_draft, hidden=True)
def remove_section(ctx: Ctx, summary: Summary, *, section: int, version: int) -> Summary:
    """Take a section out; the journal keeps its text.

    :raises Conflict: somebody else saved this section since it was opened.
    """
    row = _section(summary, section, version)
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

    :raises Refused: there is no such sentence, or no section that speaks of its area.
    """
    said = STATEMENTS.get(statement)
    row = summary.sections.select_for_update().filter(area=said.area).last() if said else None
    if said is None or row is None:
        raise Refused("没有可以写这句话的一节，请先加一节，再从右边的清单里插入数字。")
    old, row.body, row.version = row.body, prose.with_sentence(row.body, said.text), row.version + 1
    row.save(update_fields=["body", "version"])
    ctx.journal(
        summary, "summary.section_written", section=row.pk, version=row.version, also=[(row, "section")],
        detail={"原文": old, "现文": row.body},
    )  # fmt: skip
    return summary


def _section(summary: Summary, pk: int, version: int) -> Section:
    row: Section | None = summary.sections.select_for_update().filter(pk=pk).first()
    if row is None:
        raise Refused("这一节已经不在了，请刷新。")
    if row.version != version:
        raise Conflict("这一节刚被别人改过。您的文字还在下面，请对照现在的样子合并后再存。")
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
