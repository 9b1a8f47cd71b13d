"""Reading a summary: the same text over live figures or over frozen ones."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from zongwu.kernel import clock, figures
from zongwu.kernel.figures import BREAKDOWNS, FIGURES, Window
from zongwu.kernel.refs import ref
from zongwu.school import queries as school
from zongwu.school.models import Term
from zongwu.summary import outlines, prose
from zongwu.summary.models import Section, Summary


class Shown(NamedTuple):
    """A figure as a page or document shows it."""

    key: str
    label: str
    unit: str
    text: str
    exact: str
    definition: str


class Cut(NamedTuple):
    """A breakdown as a page or document shows it."""

    key: str
    label: str
    unit: str
    items: Sequence[tuple[str, Decimal | int]]


class Reading(NamedTuple):
    """Everything that the text of a summary refers to."""

    window: Window
    day: date
    """The day that the figures are of: the term's last, today while it lasts, or that of signing."""
    sections: list[Section]
    figures: dict[str, Shown]
    breakdowns: dict[str, Cut]

    def text_of(self, key: str) -> str:
        return self.figures[key].text if key in self.figures else "（没有这个数字）"


def read(summary: Summary) -> Reading:
    """The summary with its figures: live while it is a draft, frozen once it is signed."""
    window = school.window(summary.term)
    sections = list(summary.sections.order_by("position"))
    keys = [key for section in sections for key in prose.figure_keys(section.body)]
    cuts = [key for section in sections for key in prose.breakdown_keys(section.body)]
    if summary.state == Summary.State.SIGNED:
        frozen = {
            f.key: Shown(f.key, f.label, f.unit, f.text, f.exact, f.definition) for f in summary.figures.defer("rows")
        }
        tables = {
            b.key: Cut(b.key, b.label, b.unit, [(name, Decimal(amount)) for name, amount in b.items])
            for b in summary.breakdowns.all()
        }
        return Reading(window, min(window.until, summary.signed_on or window.until), sections, frozen, tables)
    values = figures.values([key for key in keys if key in FIGURES], window)
    return Reading(
        window, min(window.until, clock.today()), sections, {key: _shown(value) for key, value in values.items()},
        {key: cut(key, window) for key in cuts if key in BREAKDOWNS},
    )  # fmt: skip


def _shown(value: figures.Value) -> Shown:
    figure = value.figure
    return Shown(figure.key, figure.label, figure.unit, value.text, str(value.exact), figure.definition)


def cut(key: str, window: Window) -> Cut:
    breakdown = BREAKDOWNS[key]
    return Cut(key, breakdown.label, FIGURES[breakdown.figure].unit, list(breakdown.by(window)))


class Backing(NamedTuple):
    """One row behind a figure: reference, what it is, its share, and whether it lies in a share's part."""

    ref: str
    label: str
    amount: str
    part: bool | None = None


def rows_behind(key: str, window: Window) -> Iterator[Backing]:
    """The rows from which the figure is computed; their amounts recompute its value (cli.md `rows`)."""
    figure = FIGURES[key]
    rows = figure.rows(window).order_by("pk")
    part: set[int] | None = None
    if isinstance(figure.measure, figures.Share):
        part = set(rows.filter(figure.measure.part).values_list("pk", flat=True))
    for row in rows.iterator(chunk_size=2000):
        amount = figure.measure.amount(row)
        shown = f"{amount:.2f}" if figure.unit == "元" else f"{Decimal(amount).normalize():f}"
        subject: Any = getattr(row, "asset", row)
        yield Backing(ref(subject), str(subject), shown, None if part is None else row.pk in part)


def recomputed(key: str, rows: Sequence[Backing]) -> Decimal | int | None:
    """A figure's value from the rows behind it, without asking the database again."""
    match FIGURES[key].measure.name:
        case "count":
            return len(rows)
        case "share":
            return figures.percent(sum(bool(row.part) for row in rows), len(rows)) if rows else None
        case _:
            return sum((Decimal(row.amount) for row in rows), Decimal(0))


def unsaid(summary: Summary, reading: Reading) -> list[tuple[str, str]]:
    """(key, sentence) of what has something to say, and of which no section uses a figure yet (还没写进去的)."""
    used = set(reading.figures)
    waiting = [s for s in figures.STATEMENTS.values() if outlines.part_of(s.area) and not used & set(s.slots)]
    values = figures.values({key for s in waiting for key in (*s.needs, *s.slots)}, reading.window)
    said = [s for s in waiting if s.said(values)]
    return [(s.key, "".join(values[piece].text if slot else piece for piece, slot in s.parts())) for s in said]


def earlier(key: str, term: Term, most: int = 2) -> list[tuple[str, figures.Value]]:
    """(term, value) of a figure in the terms before this one, the oldest first; terms before the books were opened say nothing."""
    before = Term.objects.filter(begins_on__lt=term.begins_on, begins_on__gte=term.school.opened_on).order_by(
        "-begins_on"
    )
    return [(past.label, FIGURES[key].value(school.window(past))) for past in reversed(before[:most])]


def digest(summary: Summary) -> str:
    """A digest over everything that signing freezes: text, figures with their rows, tables. Kept in the journal entry."""
    state = hashlib.sha256(f"{summary.title}\t{summary.office}".encode())
    for section in summary.sections.order_by("position"):
        state.update(f"\n{section.level}\t{section.heading}\t{section.body}".encode())
    for figure in summary.figures.order_by("key"):
        state.update(
            f"\n{figure.key}\t{figure.text}\t{figure.exact}\t{json.dumps(figure.rows, ensure_ascii=False)}".encode()
        )
    for table in summary.breakdowns.order_by("key"):
        state.update(f"\n{table.key}\t{json.dumps(table.items, ensure_ascii=False)}".encode())
    return state.hexdigest()
