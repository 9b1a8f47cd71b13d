"""`figures`, `rows` and `summary`: what the records say of a term."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path

from django.db import transaction

from zongwu.kernel import clock, scope
from zongwu.kernel.ctx import Ctx
from zongwu.kernel.errors import Refused
from zongwu.kernel.figures import FIGURES, Window, values
from zongwu.kernel.scope import School
from zongwu.school import queries, rules, steps
from zongwu.school.models import Term
from zongwu.site.commands.output import answer, remark, the_school
from zongwu.summary import prose
from zongwu.summary.actions import draft
from zongwu.summary.document import to_docx
from zongwu.summary.models import Summary
from zongwu.summary.queries import read, rows_behind


def the_term(school: School, name: str | None) -> Term:
    """The named term; by default the one that the school is in today. One that it does not have comes from the calendar, unsaved."""
    if not name and (present := queries.term_on(clock.today())):
        return present
    parts = rules.term_name(name) if name else rules.term_of(clock.today())
    if parts is None or not 2000 <= parts[0] <= clock.today().year + 1:
        raise Refused(f"「{name}」不是学期名，请写成 2026春 或 2026秋，最晚到明年。")
    known: Term | None = Term.objects.filter(year=parts[0], half=parts[1]).first()
    return known or Term(
        school=school, year=parts[0], half=parts[1], label=rules.term_label(*parts), begins_on=rules.term_begins(*parts)
    )


def _window(options: argparse.Namespace, school: School) -> Window:
    window = queries.window(the_term(school, options.term))
    as_of = getattr(options, "as_of", None)
    if not as_of:
        return window
    try:
        day = date.fromisoformat(as_of)
    except ValueError:
        raise Refused(f"「{as_of}」不是日期，请写成 2026-10-31。") from None
    term = queries.term_on(day)
    begins = window.since if options.term else term.begins_on if term else rules.term_begins(*rules.term_of(day))
    return Window(min(begins, day), day)


def figures(options: argparse.Namespace) -> int:
    school = the_school(options)
    areas = {f.area for f in FIGURES.values()}
    if options.area not in (None, *areas):
        raise Refused(f"没有叫「{options.area}」的领域，可以是 {'、'.join(sorted(areas))}。")
    with scope.active(school):
        window = _window(options, school)
        keys = [key for key, figure in FIGURES.items() if options.area in (None, figure.area)]
        found = values(keys, window).values()
    document = [
        {"key": v.figure.key, "label": v.figure.label, "value": v.exact, "unit": v.figure.unit, "text": v.text}
        for v in found
    ]
    width = max((len(v.figure.key) for v in found), default=0)
    lines = [
        f"{v.figure.key:{width}}  {v.text} {v.figure.unit if v.figure.unit != '%' else ''}  {v.figure.label}"
        for v in found
    ]
    answer(options, document, [f"{window.since} 至 {window.until}", *lines])
    return 0


def rows(options: argparse.Namespace) -> int:
    school = the_school(options)
    if options.key not in FIGURES:
        raise Refused(f"没有叫「{options.key}」的数字，zongwu figures 列出全部。")
    with scope.active(school):
        window = _window(options, school)
        value, behind = FIGURES[options.key].value(window), list(rows_behind(options.key, window))
    document = {
        "key": options.key, "value": value.exact, "measure": value.figure.measure.name, "unit": value.figure.unit,
        "rows": [
            {"ref": r.ref, "label": r.label, "amount": r.amount} | ({"part": r.part} if r.part is not None else {}) for r in behind
        ],
    }  # fmt: skip
    lines = [f"{r.ref}  {r.label}  {r.amount}" for r in behind]
    answer(
        options,
        document,
        [
            f"{value.figure.label}：{value.text}{value.figure.unit if value.figure.unit != '%' else ''}（{value.figure.definition}）",
            *lines,
        ],
    )
    return 0


def summary(options: argparse.Namespace) -> int:
    school = the_school(options)
    if not options.output and not options.text:
        raise Refused("请用 -o 给出要写的 Word 文件，或用 --text 打印出来。")
    if options.output and Path(options.output).suffix.lower() != ".docx":
        raise Refused(f"学期总结写成 Word 文件，名字要以 .docx 结尾，不是「{Path(options.output).name}」。")
    with scope.active(school):
        term = the_term(school, options.term)
        term = steps.ensure_term(school, term.year, term.half)
    with scope.active(school), transaction.atomic():
        rows = Summary.objects.select_related("term", "signed_by", "school")
        found = rows.filter(term=term).first() or rows.get(pk=draft(Ctx.system("command", school), term).pk)
        if options.output:
            write(found, Path(options.output))
            remark(f"已写入 {options.output}")
            if options.json and not options.text:
                answer(options, {"file": options.output, "term": found.term.name}, [])
        if options.text:
            document, lines = _sentences(found)
            answer(options, document, lines)
        transaction.set_rollback(True)  # what nobody began to write is shown, not kept
    return 0


def write(found: Summary, target: Path) -> None:
    """The summary as a Word file."""
    content = to_docx(found)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)


def _sentences(found: Summary) -> tuple[list[dict[str, object]], list[str]]:
    reading = read(found)
    document: list[dict[str, object]] = []
    lines: list[str] = []
    for section in reading.sections:
        if section.heading:
            lines.append(f"【{section.heading}】")
        for sentence in prose.sentences(section.body):
            keys = prose.figure_keys(sentence)
            text = "".join(reading.text_of(p.text) if p.is_figure else p.text for p in prose.pieces(sentence))
            document.append({"section": section.heading, "text": text, "figures": keys})
            lines.append(f"{text}  [{'、'.join(keys)}]" if keys else text)
    return document, lines
