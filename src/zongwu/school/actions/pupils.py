"""Pupils: who comes, changes class, leaves and comes back."""

from __future__ import annotations

from datetime import date
from typing import Any

from zongwu.kernel import pinyin, privacy
from zongwu.kernel.actions import action, create_action
from zongwu.kernel.ctx import Ctx
from zongwu.kernel.errors import Refused
from zongwu.school import steps
from zongwu.school.actions._asking import day_of_act
from zongwu.school.models import Pupil, SchoolClass

PERMISSION = "school.manage_pupils"


def at_school(pupil: Pupil) -> bool:
    return pupil.left_on is None


@create_action(Pupil, label="转入", permission=PERMISSION, icon="user-plus", primary=True)
def add_pupil(
    ctx: Ctx, *, number: str, name: str, school_class: SchoolClass, entered_on: date | None = None
) -> Pupil:  # fmt: skip
    """A pupil comes into a class, today unless said otherwise."""
    entered_on = entered_on or ctx.today
    _number_is_free(number)
    _is_open(school_class, "school_class")
    if entered_on > ctx.today:
        raise Refused(fields={"entered_on": "入学日期不能在今天以后，到那天再添。"})
    row: Pupil = Pupil.objects.create(
        school=ctx.school, number=number, name=name, pinyin=pinyin.sort_key(name), school_class=school_class,
        entered_on=entered_on,
    )  # fmt: skip
    ctx.journal(row, "pupil.added", on=entered_on, to=school_class, also=[(school_class, "class")])
    return row


@action(Pupil, label="改资料", permission=PERMISSION, icon="edit")
def correct_pupil(ctx: Ctx, pupil: Pupil, *, number: str, name: str, **fields: Any) -> Pupil:
    """Correct number, name and the day of coming."""
    _number_is_free(number, other_than=pupil)
    came = fields.get("entered_on") or pupil.entered_on
    if came > (pupil.left_on or ctx.today):
        raise Refused(fields={"entered_on": "入学日期不能在今天以后，也不能在离校以后。"})
    pupil.number, pupil.name, pupil.pinyin, pupil.entered_on = number, name, pinyin.sort_key(name), came
    pupil.save()
    ctx.journal(pupil, "pupil.corrected")
    return pupil


@action(
    Pupil,
    label="转班",
    permission=PERMISSION,
    icon="transfer",
    bulk=True,
    available=at_school,
    refusal="{row} 已经离校。",
)
def move_pupil(ctx: Ctx, pupil: Pupil, *, to: SchoolClass) -> Pupil:
    """Into another class of the school."""
    _is_open(to, "to")
    if to.pk == pupil.school_class_id:
        raise Refused(fields={"to": f"{pupil} 现在就在{to}。"})
    old, pupil.school_class = pupil.school_class, to
    pupil.save(update_fields=["school_class"])
    ctx.journal(pupil, "pupil.moved", to=to, change={"school_class": [old, to]}, also=[(old, "from"), (to, "to")])
    return pupil


@action(
    Pupil,
    label="离校",
    permission=PERMISSION,
    icon="logout",
    bulk=True,
    available=at_school,
    refusal="{row} 已经离校。",
)
def pupil_leaves(ctx: Ctx, pupil: Pupil, *, on: date, reason: str = "") -> Pupil:
    """Gone from a day on: to another school, or finished."""
    day_of_act(ctx, on, pupil.entered_on, f"{pupil} 入学")
    pupil.left_on = on
    pupil.save(update_fields=["left_on"])
    ctx.journal(
        pupil, "pupil.left", on=on, change={"left_on": [None, on]}, also=[(pupil.school_class, "class")],
        detail={"原因": reason},
    )  # fmt: skip
    return pupil


@action(Pupil, label="返校", permission=PERMISSION, icon="arrow-back-up", available=lambda pupil: not at_school(pupil),
        refusal="{row} 没有离校。")  # fmt: skip
def pupil_returns(ctx: Ctx, pupil: Pupil, *, on: date, to: SchoolClass) -> Pupil:
    """Back from a day on, in a class that there is."""
    old = pupil.left_on
    day_of_act(ctx, on, old, f"{pupil} 离校")
    _is_open(to, "to")
    steps.come_back(ctx, pupil, on, afresh=on)
    pupil.school_class = to
    pupil.save()
    ctx.journal(pupil, "pupil.returned", on=on, to=to, change={"left_on": [old, None]}, also=[(to, "class")])
    return pupil


def _number_is_free(number: str, *, other_than: Pupil | None = None) -> None:
    rows = Pupil.objects.filter(number=number)
    found = (rows.exclude(pk=other_than.pk) if other_than else rows).first()
    if found is not None:
        more = "" if at_school(found) else "，已经离校；他回来请打开他那一页办「返校」"
        raise Refused(fields={"number": f"学号 {number} 是{found}的{more}。"})


def _is_open(row: SchoolClass, field: str) -> None:
    if row.closed_on is not None:
        raise Refused(fields={field: f"{row} 已经毕业或撤销。"})


@action(Pupil, label="抹去个人详情", permission="privacy.erase_details", icon="eraser",
        available=lambda pupil: pupil.left_on is not None, refusal="{row} 还在校，离校以后才能抹去。",
        confirm="日志里写到这名学生的详情会永久抹去，不能恢复；学号、姓名还在，日志仍可核对。")  # fmt: skip
def erase_pupil_details(ctx: Ctx, pupil: Pupil) -> Pupil:
    """What the journal says in words about a pupil who has left."""
    privacy.erase_about(ctx, pupil)
    return pupil
