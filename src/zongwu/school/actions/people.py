"""Setting the school up; people who come, change their post, leave and return."""

from __future__ import annotations

from datetime import date

from django.db.models import Q

from zongwu.kernel import memberships, pinyin, roles, separation
from zongwu.kernel.accounts import Holding, Invitation, Person
from zongwu.kernel.actions import action, create_action
from zongwu.kernel.ctx import Ctx
from zongwu.kernel.errors import NeedsConfirmation, Refused
from zongwu.school import openings, rules, steps, ties
from zongwu.school.actions._asking import day_of_act
from zongwu.school.models import Appointment, Department


@create_action(Person, label="建校", permission="school.open_school", hidden=True)
def open_school(ctx: Ctx, *, administrator: str) -> tuple[Person, str]:
    """Roles, the present term, this year's calendar and the first administrator with his one-time address."""
    made = roles.create_defaults(ctx.school)
    separation.create_defaults(ctx.school, made, ctx.today)
    openings.create_defaults(ctx.school, ctx.today)
    year, half = rules.term_of(ctx.today)
    steps.ensure_term(ctx.school, year, half)
    steps.seed_calendar(ctx.school, ctx.today.year)
    person = Person.objects.create(
        school=ctx.school, name=administrator, pinyin=pinyin.sort_key(administrator), entered_on=ctx.today
    )
    Holding.objects.create(school=ctx.school, person=person, role=made["administrator"], from_on=ctx.today)
    Holding.objects.create(school=ctx.school, person=person, role=made["head"], from_on=ctx.today)
    invitation, token = Invitation.fresh(person, now=ctx.now)
    invitation.save()
    ctx.journal(person, "school.opened", also=[(invitation, "invitation")])
    return person, token


@create_action(Person, label="添人员", permission="school.manage_people", icon="plus", primary=True)
def add_person(
    ctx: Ctx, *, name: str, number: str = "", phone: str = "", title: str = "", department: Department | None = None,
    entered_on: date | None = None,
) -> Person:  # fmt: skip
    """A member of staff, from today unless said otherwise; in a department from the same day where one is given."""
    entered_on = entered_on or ctx.today
    if entered_on > ctx.today:
        raise Refused(fields={"entered_on": "入校日期不能在今天以后，到那天再添。"})
    if number and Person.objects.filter(number=number).exists():
        raise Refused(fields={"number": f"工号 {number} 已经有人了。"})
    person: Person = Person.objects.create(
        school=ctx.school, name=name, pinyin=pinyin.sort_key(name), number=number, phone=phone, title=title,
        entered_on=entered_on,
    )  # fmt: skip
    if department:
        Appointment.objects.create(
            school=ctx.school, person=person, department=department, post=title, from_on=entered_on
        )
    ctx.journal(person, "person.added", department=department, also=[(department, "department")])
    return person


@action(Person, label="改资料", permission="school.manage_people", icon="edit")
def correct_person(
    ctx: Ctx, person: Person, *, name: str, number: str = "", phone: str = "", title: str = "",
    entered_on: date | None = None,
) -> Person:  # fmt: skip
    """Correct what is kept of a person; the day on which he came stays where none is given."""
    came, old = entered_on or person.entered_on, person.entered_on
    if came > ctx.today or (person.left_on and came > person.left_on):
        raise Refused(fields={"entered_on": "入校日期不能在今天以后，也不能在离校以后。"})
    if number and Person.objects.filter(number=number).exclude(pk=person.pk).exists():
        raise Refused(fields={"number": f"工号 {number} 已经有人了。"})
    person.name, person.number, person.phone, person.title = name, number, phone, title
    person.pinyin, person.entered_on = pinyin.sort_key(name), came
    person.save()
    ties.follow(ctx, Person, [person.pk])
    ctx.journal(person, "person.corrected", change={"entered_on": [old, came]} if came != old else {})
    return person


@action(
    Person, label="换部门", permission="school.manage_people", available=lambda p: p.left_on is None, icon="transfer"
)
def appoint_person(ctx: Ctx, person: Person, *, department: Department, on: date, post: str = "") -> Person:
    """Into another department from a day on; what the person held there until then ends."""
    if on < person.entered_on:
        raise Refused(fields={"on": f"{person} {person.entered_on:%Y-%m-%d} 才入校，日期不能早于这一天。"})
    Appointment.objects.filter(person=person, until_on=None, from_on__lte=on).update(until_on=on)
    Appointment.objects.create(school=ctx.school, person=person, department=department, post=post, from_on=on)
    ctx.journal(person, "person.appointed", on=on, department=department, also=[(department, "department")])
    return person


@action(Person, label="离校", permission="school.manage_people", icon="logout",
        available=lambda person: person.left_on is None, refusal="{row} 已经离校。",
        confirm="离校后任职和岗位从那天起结束，账号马上停用；经手过的记录都还在，回来时可以办「返校」。")  # fmt: skip
def leave_school(ctx: Ctx, person: Person, *, on: date, reason: str = "", confirmed: bool = False) -> Person:
    """The person is gone from a day on: appointments and roles end, the door is shut.

    :raises NeedsConfirmation: something is still in his charge; what, is told.
    """
    day_of_act(ctx, on, person.entered_on, f"{person} 入校")
    if (still := ties.on(person)) and not confirmed:
        raise NeedsConfirmation(f"{person} {'；'.join(still)}。最好先移交；照办的话，这些会留在已离校的人名下。")
    person.left_on = on
    person.save(update_fields=["left_on"])
    end_appointments(person, on)
    memberships.end_rights(ctx, person, on)
    ctx.journal(person, "person.left", on=on, change={"left_on": [None, on]}, detail={"原因": reason})
    return person


def end_appointments(person: Person, on: date) -> None:
    """What the person holds in departments ends on a day; what would have begun later never was."""
    held = Appointment.objects.filter(Q(until_on=None) | Q(until_on__gt=on), person=person)
    held.filter(from_on__gt=on).delete()
    held.update(until_on=on)


@action(Person, label="返校", permission="school.manage_people", icon="arrow-back-up",
        available=lambda person: person.left_on is not None, refusal="{row} 没有离校。")  # fmt: skip
def return_to_school(ctx: Ctx, person: Person, *, on: date, department: Department | None = None) -> Person:
    """The person is back from a day on. Roles and the account are given again by whoever may."""
    old = person.left_on
    day_of_act(ctx, on, old, f"{person} 离校")
    steps.come_back(ctx, person, on, afresh=on)
    person.save()
    if department:
        Appointment.objects.create(
            school=ctx.school, person=person, department=department, post=person.title, from_on=on
        )
    ctx.journal(
        person, "person.returned", on=on, department=department, change={"left_on": [old, None]},
        also=[(department, "department")],
    )  # fmt: skip
    return person
