"""Setting the school up and keeping it true: departments, places, people, classes, suppliers, terms."""

from __future__ import annotations

from datetime import date
from typing import Any

from zongwu.kernel import memberships, pinyin, privacy, roles, separation
from zongwu.kernel.accounts import Holding, Invitation, Person
from zongwu.kernel.actions import action, create_action
from zongwu.kernel.ctx import Ctx
from zongwu.kernel.errors import Refused
from zongwu.school import rules, steps
from zongwu.school.models import Appointment, Department, Place, Pupil, SchoolClass, Supplier, Term


@create_action(Person, label="建校", permission="school.open_school", hidden=True)
def open_school(ctx: Ctx, *, administrator: str) -> tuple[Person, str]:
    """Roles, the present term, this year's calendar and the first administrator with his one-time address."""
    made = roles.create_defaults(ctx.school)
    separation.create_defaults(ctx.school, made, ctx.today)
    year, half = rules.term_of(ctx.today)
    steps.ensure_term(ctx.school, year, half)
    steps.seed_calendar(ctx.school, ctx.today.year)
    person = Person.objects.create(school=ctx.school, name=administrator, pinyin=pinyin.sort_key(administrator))
    Holding.objects.create(school=ctx.school, person=person, role=made["administrator"], from_on=ctx.today)
    Holding.objects.create(school=ctx.school, person=person, role=made["head"], from_on=ctx.today)
    invitation, token = Invitation.fresh(person, now=ctx.now)
    invitation.save()
    ctx.journal(person, "school.opened", also=[(invitation, "invitation")])
    return person, token


@create_action(Person, label="添人员", permission="school.manage_people", icon="plus", primary=True)
def add_person(
    ctx: Ctx, *, name: str, number: str = "", phone: str = "", title: str = "", department: Department | None = None
) -> Person:
    """A member of staff, in a department from today where one is given."""
    if number and Person.objects.filter(number=number).exists():
        raise Refused(fields={"number": f"工号 {number} 已经有人了。"})
    person: Person = Person.objects.create(
        school=ctx.school, name=name, pinyin=pinyin.sort_key(name), number=number, phone=phone, title=title
    )
    if department:
        Appointment.objects.create(
            school=ctx.school, person=person, department=department, post=title, from_on=ctx.today
        )
    ctx.journal(person, "person.added", department=department, also=[(department, "department")])
    return person


@action(Person, label="改资料", permission="school.manage_people", icon="edit")
def correct_person(
    ctx: Ctx, person: Person, *, name: str, number: str = "", phone: str = "", title: str = ""
) -> Person:
    """Correct what is kept of a person."""
    if number and Person.objects.filter(number=number).exclude(pk=person.pk).exists():
        raise Refused(fields={"number": f"工号 {number} 已经有人了。"})
    person.name, person.number, person.phone, person.title = name, number, phone, title
    person.pinyin = pinyin.sort_key(name)
    person.save()
    ctx.journal(person, "person.corrected")
    return person


@action(
    Person, label="换部门", permission="school.manage_people", available=lambda p: p.left_on is None, icon="transfer"
)
def appoint_person(ctx: Ctx, person: Person, *, department: Department, on: date, post: str = "") -> Person:
    """Into another department from a day on; what the person held there until then ends."""
    Appointment.objects.filter(person=person, until_on=None, from_on__lte=on).update(until_on=on)
    Appointment.objects.create(school=ctx.school, person=person, department=department, post=post, from_on=on)
    ctx.journal(person, "person.appointed", on=on, department=department, also=[(department, "department")])
    return person


@action(Person, label="办离校", permission="school.manage_people", icon="logout",
        available=lambda person: person.left_on is None, refusal="{row} 已经离校了。",
        confirm="办了离校，本人不能再进入本校，岗位和部门当天结束；名下的东西请另外移交，经手过的记录都还在。")  # fmt: skip
def leave_school(ctx: Ctx, person: Person) -> Person:
    """The person works here until today. What he kept stays under his name until it is handed over."""
    memberships.shut_out(ctx, person)
    Appointment.objects.filter(person=person, until_on=None).update(until_on=ctx.today)
    person.left_on = ctx.today
    person.save(update_fields=["left_on"])
    ctx.journal(person, "person.left", on=ctx.today)
    return person


@action(Pupil, label="抹去个人详情", permission="privacy.erase_details", icon="eraser",
        available=lambda pupil: pupil.status == Pupil.Status.LEFT, refusal="{row} 还在校，离校以后才能抹去。",
        confirm="日志里写到这名学生的详情会永久抹去，不能恢复；学号、姓名还在，日志仍可核对。")  # fmt: skip
def erase_pupil_details(ctx: Ctx, pupil: Pupil) -> Pupil:
    """What the journal says in words about a pupil who has left."""
    privacy.erase_about(ctx, pupil)
    return pupil


@create_action(Department, label="添部门", permission="school.manage_departments", icon="plus", primary=True)
def add_department(ctx: Ctx, *, name: str, aliases: str = "") -> Department:
    """A department; its aliases are recognised in imports."""
    _unused(Department, "name", name, f"已经有「{name}」这个部门了。")
    row: Department = Department.objects.create(
        school=ctx.school, name=name, pinyin=pinyin.sort_key(name), aliases=aliases
    )
    ctx.journal(row, "department.added")
    return row


@action(Department, label="改资料", permission="school.manage_departments", icon="edit")
def correct_department(ctx: Ctx, department: Department, *, name: str, aliases: str = "") -> Department:
    """Another name or other aliases; what points to the department follows."""
    if name != department.name:
        _unused(Department, "name", name, f"已经有「{name}」这个部门了。")
    department.name, department.aliases, department.pinyin = name, aliases, pinyin.sort_key(name)
    department.save()
    ctx.journal(department, "department.corrected")
    return department


@create_action(Place, label="添场所", permission="school.manage_places", icon="plus", primary=True)
def add_place(
    ctx: Ctx, *, name: str, level: str, parent: Place | None = None, code: str = "", keeper: Person | None = None
) -> Place:
    """A campus, building, floor, room or storeroom under its parent."""
    if parent is None and level != Place.Level.CAMPUS:
        raise Refused(fields={"parent": "请选它在哪个校区、哪栋楼或哪个总库房下面。"})
    if "/" in name:
        raise Refused(fields={"name": "名称里不能有斜杠。"})
    path = f"{parent.path}/{name}" if parent else name
    _unused(Place, "path", path, f"那里已经有「{name}」了。")
    if code:
        _unused(Place, "code", code, f"房间号 {code} 已经用过了。")
    row: Place = Place.objects.create(
        school=ctx.school, parent=parent, level=level, name=name, code=code, path=path, keeper=keeper
    )
    ctx.journal(row, "place.added", level=level, also=[(parent, "parent"), (keeper, "keeper")])
    return row


@action(Place, label="定保管员", permission="school.manage_places", icon="user-share")
def set_keeper(ctx: Ctx, place: Place, *, keeper: Person | None = None) -> Place:
    """Who answers for the room (分保管员)."""
    old, place.keeper = place.keeper, keeper
    place.save(update_fields=["keeper"])
    ctx.journal(
        place, "place.keeper_set", change={"keeper": [old, keeper]}, also=[(keeper, "keeper"), (old, "former_keeper")]
    )
    return place


@create_action(Supplier, label="添供应商", permission="school.manage_suppliers", icon="plus", primary=True)
def add_supplier(ctx: Ctx, *, name: str, **fields: Any) -> Supplier:
    """Whoever the school buys from or has work done by."""
    _unused(Supplier, "name", name, f"已经有「{name}」了。")
    row: Supplier = Supplier.objects.create(school=ctx.school, name=name, pinyin=pinyin.sort_key(name), **fields)
    ctx.journal(row, "supplier.added")
    return row


@action(Supplier, label="改资料", permission="school.manage_suppliers", icon="edit")
def correct_supplier(ctx: Ctx, supplier: Supplier, *, name: str, **fields: Any) -> Supplier:
    """Correct what is kept of a supplier."""
    if name != supplier.name:
        _unused(Supplier, "name", name, f"已经有「{name}」了。")
    supplier.name, supplier.pinyin = name, pinyin.sort_key(name)
    for field, value in fields.items():
        setattr(supplier, field, value)
    supplier.save()
    ctx.journal(supplier, "supplier.corrected")
    return supplier


@create_action(SchoolClass, label="添班级", permission="school.manage_classes", icon="plus", primary=True)
def add_class(ctx: Ctx, *, name: str, room: Place | None = None, teacher: Person | None = None) -> SchoolClass:
    """A class under its one name, however it was written."""
    parts, official = rules.class_parts(name), rules.class_name(name)
    if parts is None or official is None:
        raise Refused(fields={"name": f"「{name}」看不出是哪个班，请写成 三（2）班。"})
    if SchoolClass.objects.filter(name=official, closed_on=None).exists():
        raise Refused(fields={"name": f"已经有{official}了。"})
    row: SchoolClass = SchoolClass.objects.create(
        school=ctx.school, name=official, grade=parts[0], number=parts[1], room=room, teacher=teacher
    )
    ctx.journal(row, "class.added", also=[(room, "room"), (teacher, "teacher")])
    return row


@create_action(Term, label="添学期", permission="school.manage_terms", icon="plus", primary=True)
def add_term(ctx: Ctx, *, year: int, half: str, begins_on: date | None = None, label: str = "") -> Term:
    """A term; by default from 1 February or 1 August, called as the school calls it."""
    if Term.objects.filter(year=year, half=half).exists():
        raise Refused("这个学期已经有了。")
    row: Term = Term.objects.create(
        school=ctx.school, year=year, half=half, begins_on=begins_on or rules.term_begins(year, half),
        label=label or rules.term_label(year, half),
    )  # fmt: skip
    ctx.journal(row, "term.added", begins_on=row.begins_on)
    return row


@action(Term, label="改日期", permission="school.manage_terms", icon="calendar")
def correct_term(ctx: Ctx, term: Term, *, begins_on: date, label: str) -> Term:
    """Terms tile time, so moving a beginning moves the end of the term before; not once a summary is signed."""
    if term.summaries.filter(state="signed").exists():
        raise Refused("这个学期的总结已经定稿，日期不能再改。")
    old, term.begins_on, term.label = term.begins_on, begins_on, label
    term.save()
    ctx.journal(term, "term.corrected", change={"begins_on": [old, begins_on]})
    return term


def _unused(model: Any, field: str, value: str, sentence: str) -> None:
    if model.objects.filter(**{field: value}).exists():
        raise Refused(fields={"name" if field == "path" else field: sentence})
