"""Classes: made, given a teacher and a room, promoted with the school year, ended."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import CharField, F, Value
from django.db.models.functions import Cast, Concat

from zongwu.kernel.accounts import Person
from zongwu.kernel.actions import action, create_action
from zongwu.kernel.ctx import Ctx
from zongwu.kernel.errors import NeedsConfirmation, Refused
from zongwu.kernel.journal import Touched, canonical
from zongwu.school import queries, rules, ties
from zongwu.school.actions._asking import day_of_act
from zongwu.school.actions.offices import is_open
from zongwu.school.models import Place, Pupil, SchoolClass, Term

BEGINNING = 92
"""A school year begins within so many days of its first term; later a promotion is a slip of the hand."""


@create_action(SchoolClass, label="添班级", permission="school.manage_classes", icon="plus", primary=True)
def add_class(
    ctx: Ctx, *, name: str, room: Place | None = None, teacher: Person | None = None, opened_on: date | None = None
) -> SchoolClass:
    """A class under its one name, however it was written; there from today unless said otherwise."""
    opened_on = opened_on or ctx.today
    if opened_on > ctx.today:
        raise Refused(fields={"opened_on": "建班日期不能在今天以后，到那天再添。"})
    grade, number = _parts(name)
    row: SchoolClass = SchoolClass.objects.create(
        school=ctx.school, name=rules.official_name(grade, number), grade=grade, number=number, room=room,
        teacher=teacher, opened_on=opened_on,
    )  # fmt: skip
    ctx.journal(row, "class.added", also=[(room, "room"), (teacher, "teacher")])
    return row


@action(SchoolClass, label="改班主任教室", permission="school.manage_classes", icon="edit", available=is_open,
        refusal="{row} 已经毕业或撤销。")  # fmt: skip
def correct_class(ctx: Ctx, row: SchoolClass, *, name: str, **fields: Any) -> SchoolClass:
    """Another class teacher or room; a name that was wrong from the beginning is put right."""
    grade, number = _parts(name, other_than=row)
    changed = {"grade": [row.grade, grade], "number": [row.number, number]}
    for field, value in fields.items():
        changed[field] = [getattr(row, field), value]
        setattr(row, field, value)
    row.name, row.grade, row.number = rules.official_name(grade, number), grade, number
    row.save()
    was = [(old, f"former_{name}") for name, (old, new) in changed.items() if name in fields and old != new]
    ctx.journal(
        row, "class.corrected", change={name: pair for name, pair in changed.items() if pair[0] != pair[1]},
        also=[*((value, name) for name, value in fields.items()), *was],
    )  # fmt: skip
    return row


@action(SchoolClass, label="撤班", permission="school.manage_classes", icon="ban", available=is_open,
        refusal="{row} 已经毕业或撤销。", confirm="撤班后不再有这个班；整个年级毕业请到班级列表按「升级」。")  # fmt: skip
def end_class(ctx: Ctx, row: SchoolClass, *, on: date, to: SchoolClass | None = None) -> SchoolClass:
    """The class is no more from a day on; its pupils go to another.

    :raises Refused: pupils are in it and no other class is named.
    """
    day_of_act(ctx, on, row.opened_on, f"{row}建班")
    pupils = Pupil.objects.present().filter(school_class=row)
    here = list(pupils.values_list("pk", flat=True))
    if here and (to is None or to.pk == row.pk):
        raise Refused(fields={"to": f"{row}还有 {len(here)} 名学生，请选并到哪个班；离开学校的先办「离校」。"})
    if to is not None and to.closed_on:
        raise Refused(fields={"to": f"{to}已经毕业或撤销。"})
    pupils.update(school_class=to)
    if still := ties.on(row):
        raise Refused(f"{row} {'；'.join(still)}，请先办好再撤班。")
    row.closed_on = on
    row.save(update_fields=["closed_on"])
    ctx.journal(
        row, "class.ended", on=on, pupils=len(here), to=to, change={"closed_on": [None, on]}, also=[(to, "to")],
        touched=[Touched(Pupil.kind, pk, "moved") for pk in here],
    )  # fmt: skip
    return row


@create_action(SchoolClass, label="升级", permission="school.manage_classes", icon="arrow-up")
def promote_classes(ctx: Ctx, *, on: date, graduating: int, confirmed: bool = False) -> None:
    """Every class goes up by one grade at a school year's beginning, in one run; the graduating grade leaves.

    Classes that were made on that day or later are the new ones, and stay.

    :raises NeedsConfirmation: always first, with what will become of whom.
    """
    term = _term_of_promotion(ctx, on)
    rising, leaving = _who_rises(on, graduating)
    pupils = Pupil.objects.present().filter(school_class__in=leaving)
    if late := list(pupils.filter(entered_on__gt=on)[:5]):
        raise Refused(f"{'、'.join(map(str, late))} 在这一天以后才入学，却在毕业班里，请先转到所在的班。")
    gone = list(pupils.values_list("pk", flat=True))
    if not confirmed:
        raise NeedsConfirmation(_foretold(on, graduating, rising, leaving, len(gone)))
    Pupil.objects.filter(pk__in=gone).update(left_on=on)
    SchoolClass.objects.filter(pk__in=[row.pk for row in leaving]).update(closed_on=on)
    for grade in sorted({row.grade for row in rising}, reverse=True):
        mine = SchoolClass.objects.filter(pk__in=[row.pk for row in rising if row.grade == grade])
        mine.update(grade=grade + 1, name=_named(grade + 1), promoted_on=on)
    ctx.journal(
        term, "class.promoted", on=on, promoted=len(rising), graduated=len(leaving), pupils=len(gone),
        touched=[
            *(Touched(SchoolClass.kind, row.pk, "promoted", _rise(row)) for row in rising),
            *(Touched(SchoolClass.kind, row.pk, "graduated") for row in leaving),
            *(Touched(Pupil.kind, pk, "graduated") for pk in gone),
        ],
    )  # fmt: skip


def _term_of_promotion(ctx: Ctx, on: date) -> Term:
    if on > ctx.today:
        raise Refused(fields={"on": "日期不能在今天以后，到那天再升。"})
    term = queries.term_on(on)
    if term is None or term.half != Term.Half.AUTUMN or (on - term.begins_on).days > BEGINNING:
        told = "升级的日期要在新学年第一学期的头三个月里，请看看日期，或先添好这个学期。"
        raise Refused(fields={"on": f"{on:%Y-%m-%d} 不是新学年的开始。{told}"})
    last = SchoolClass.objects.filter(promoted_on__gte=term.begins_on).order_by("-promoted_on").first()
    if last is not None:
        raise Refused(fields={"on": f"{term}已经升过级了（{last.promoted_on:%Y-%m-%d}），一个学年只升一次。"})
    return term


def _who_rises(on: date, graduating: int) -> tuple[list[SchoolClass], list[SchoolClass]]:
    """(Who goes up, who graduates)."""
    rows = list(SchoolClass.objects.open().order_by("grade", "number"))
    old = [row for row in rows if row.opened_on < on]
    if not old:
        raise Refused(fields={"on": "这一天以前没有在册的班级，没有可升的。"})
    if higher := [row.name for row in old if row.grade > graduating]:
        raise Refused(fields={"graduating": f"{'、'.join(higher[:5])} 比毕业年级还高，请看看毕业年级选得对不对。"})
    rising = [row for row in old if row.grade < graduating]
    taken = {row.name for row in rows if row.opened_on >= on}
    if clash := sorted(taken & {rules.official_name(row.grade + 1, row.number) for row in rising}):
        raise Refused(f"{'、'.join(clash)} 已经有新建的班，升上来会重名，请先改名或撤掉。")
    return rising, [row for row in old if row.grade == graduating]


def _foretold(
    on: date, graduating: int, rising: Sequence[SchoolClass], leaving: Sequence[SchoolClass], pupils: int
) -> str:
    grades = sorted({row.grade for row in rising})
    up = "、".join(
        f"{rules.grade_name(g)}升{rules.grade_name(g + 1)} {sum(row.grade == g for row in rising)} 个班" for g in grades
    )
    out = f"{rules.grade_name(graduating)}年级 {len(leaving)} 个班、{pupils} 名学生毕业离校"
    return (
        f"自 {on:%Y-%m-%d} 起：{out}；{up or '没有要升的班'}。班主任和教室不变，之后可以逐班改。升级不能撤回，请看准。"
    )


def _named(grade: int) -> Concat:
    """The name of a class of that grade, in SQL: the number is the row's own."""
    number = Cast(F("number"), CharField(max_length=5))
    return Concat(Value(f"{rules.grade_name(grade)}（"), number, Value("）班"))


def _rise(row: SchoolClass) -> str:
    return canonical({"grade": [row.grade, row.grade + 1]})


def _parts(name: str, *, other_than: SchoolClass | None = None) -> tuple[int, int]:
    """Grade and number of a name that no other open class has."""
    parts = rules.class_parts(name)
    if parts is None:
        raise Refused(fields={"name": f"「{name}」看不出是哪个班，请写成 三（2）班。"})
    official = rules.official_name(*parts)
    rows = SchoolClass.objects.open().filter(name=official)
    if (rows.exclude(pk=other_than.pk) if other_than else rows).exists():
        raise Refused(fields={"name": f"已经有{official}了。"})
    return parts
