"""Terms, which tile time, and the calendar of the days that depart from the week."""

from __future__ import annotations

from datetime import date, timedelta

from zongwu.kernel.actions import action, create_action
from zongwu.kernel.ctx import Ctx
from zongwu.kernel.errors import Refused
from zongwu.school import queries, rules, steps
from zongwu.school.models import CalendarDay, Term

MOST_DAYS = 100
"""A summer holiday is shorter; what is longer is a slip of the hand."""


@create_action(Term, label="添学期", permission="school.manage_terms", icon="plus", primary=True)
def add_term(
    ctx: Ctx,
    *,
    year: int,
    half: str,
    begins_on: date | None = None,
    label: str = "",
    classes_begin_on: date | None = None,
) -> Term:
    """A term; by default from 1 February or 1 August, called as the school calls it.

    :raises Refused: its beginning would move the end of a term whose summary is signed.
    """
    if Term.objects.filter(year=year, half=half).exists():
        raise Refused("这个学期已经有了。")
    begins_on = begins_on or rules.term_begins(year, half)
    _begins_alone(begins_on)
    before = queries.last_term(begins_on)
    if before and _signed(before) and queries.window(before).until != begins_on - timedelta(days=1):
        raise Refused(fields={"begins_on": _neighbour(before)})
    row: Term = Term.objects.create(
        school=ctx.school, year=year, half=half, begins_on=begins_on, label=label or rules.term_label(year, half),
        classes_begin_on=classes_begin_on,
    )  # fmt: skip
    ctx.journal(row, "term.added", begins_on=row.begins_on)
    return row


@action(Term, label="改日期", permission="school.manage_terms", icon="calendar")
def correct_term(ctx: Ctx, term: Term, *, begins_on: date, label: str, classes_begin_on: date | None = None) -> Term:
    """Terms tile time, so moving a beginning moves the end of the term before.

    :raises Refused: this term's summary, or the one before's whose end would move, is signed; or terms would change places.
    """
    if _signed(term):
        raise Refused("这个学期的总结已经定稿，日期不能再改。")
    if begins_on != term.begins_on:
        _moves_between_neighbours(term, begins_on)
    old, term.begins_on, term.label, term.classes_begin_on = term.begins_on, begins_on, label, classes_begin_on
    term.save()
    ctx.journal(term, "term.corrected", change={"begins_on": [old, begins_on]})
    return term


def _moves_between_neighbours(term: Term, begins_on: date) -> None:
    before, after = queries.last_term(term.begins_on), queries.next_term(term.begins_on)
    if before and begins_on <= before.begins_on:
        raise Refused(fields={"begins_on": f"{before}从 {before.begins_on:%Y-%m-%d} 开始，要晚于这一天。"})
    if after and begins_on >= after.begins_on:
        raise Refused(fields={"begins_on": f"{after}从 {after.begins_on:%Y-%m-%d} 开始，要早于这一天。"})
    if before and _signed(before):
        raise Refused(fields={"begins_on": _neighbour(before)})


def _begins_alone(begins_on: date) -> None:
    if same := Term.objects.filter(begins_on=begins_on).first():
        raise Refused(fields={"begins_on": f"{same}也从这一天开始。"})


def _signed(term: Term) -> bool:
    return bool(term.summaries.filter(state="signed").exists())


def _neighbour(before: Term) -> str:
    until = queries.window(before).until
    return f"{before}的总结已经定稿，它到 {until:%Y-%m-%d} 为止；日期改了会动到那份总结的数字，不能改。"


@create_action(CalendarDay, label="定放假或补班", permission="school.manage_terms", icon="plus", primary=True)
def set_days(ctx: Ctx, *, from_on: date, until_on: date | None = None, works: bool, label: str) -> CalendarDay:
    """A day, or a range of days with both ends in it, on which the school does not follow the week."""
    until_on = until_on or from_on
    if until_on < from_on:
        raise Refused(fields={"until_on": "最后一天不能在第一天以前。"})
    if (until_on - from_on).days >= MOST_DAYS:
        raise Refused(fields={"until_on": f"一次最多定 {MOST_DAYS} 天，请看看年份写得对不对。"})
    days = [from_on + timedelta(days=n) for n in range((until_on - from_on).days + 1)]
    rows = steps.put_days(ctx.school, dict.fromkeys(days, (works, label)))
    ctx.touch(rows[1:], "set")
    ctx.journal(rows[0], "calendar.set", from_on=from_on, until_on=until_on, works=works, days=len(rows))
    return rows[0]


@action(CalendarDay, label="撤回", permission="school.manage_terms", icon="arrow-back-up", bulk=True,
        available=lambda day: not day.void, refusal="{row} 已经撤回。")  # fmt: skip
def clear_day(ctx: Ctx, day: CalendarDay) -> CalendarDay:
    """The day follows the week again."""
    day.void = True
    day.save(update_fields=["void"])
    ctx.journal(day, "calendar.cleared", on=day.day)
    return day


@create_action(CalendarDay, label="取国家节假日", permission="school.manage_terms", icon="download")
def seed_year(ctx: Ctx, *, year: int) -> CalendarDay:
    """The statutory holidays and made-up working days of a year; what the school has set itself stays.

    :raises Refused: they are not known yet, or all are there.
    """
    rows = steps.seed_calendar(ctx.school, year)
    if not rows:
        known = CalendarDay.objects.live().filter(day__year=year).exists()
        told = "都已经在校历里了" if known else "程序里还没有，等国务院公布、程序升级后再取；也可以先手工定"
        raise Refused(fields={"year": f"{year} 年的节假日{told}。"})
    ctx.touch(rows[1:], "set")
    ctx.journal(rows[0], "calendar.seeded", year=str(year), days=len(rows))
    return rows[0]
