"""Writes that other domains may ask the school for, inside their transaction."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db.models import Max, Value
from django.db.models.functions import Concat, Length, Substr

from zongwu.kernel import pinyin
from zongwu.kernel.accounts import Person
from zongwu.kernel.actions import step
from zongwu.kernel.ctx import Ctx
from zongwu.kernel.errors import Refused
from zongwu.kernel.scope import School
from zongwu.school import queries, rules, ties
from zongwu.school.models import CalendarDay, Department, Gap, Place, SchoolClass, Supplier, Term

PATH = 200
"""So long a path may be."""
_ROOM = re.compile(r"(?P<building>.*?[楼馆栋房厅])(?P<room>[A-Za-z]?\d{2,4})室?")


@step
def ensure_departments(ctx: Ctx, names: Iterable[str]) -> dict[str, int]:
    """Every name → the id of its department, made where neither name nor alias is known."""
    known = queries.department_by_word()
    wanted = {name for name in names if name} - known.keys()
    closed = _reopened(ctx, Department.objects.exclude(closed_on=None).filter(name__in=wanted))
    made = [
        Department(school=ctx.school, name=name, pinyin=pinyin.sort_key(name))
        for name in sorted(wanted - closed.keys())
    ]
    Department.objects.bulk_create(made, batch_size=1000)
    ctx.touch(made, "made")
    return known | closed | {department.name: department.pk for department in made}


def _reopened(ctx: Ctx, rows: Any) -> dict[str, int]:
    """Departments or suppliers that had been closed are open again, since somebody writes to them."""
    found = list(rows)
    rows.model.objects.filter(pk__in=[row.pk for row in found]).update(closed_on=None)
    ctx.touch(found, "reopened")
    return {row.name: row.pk for row in found}


@step
def ensure_people(ctx: Ctx, names: Iterable[str]) -> dict[str, int]:
    """Every name → a person's id, made where nobody present has it. Two of one name: the first by id."""
    known: dict[str, int] = {}
    for pk, name in Person.objects.present().order_by("-id").values_list("pk", "name"):
        known[name] = pk
    wanted = sorted({name for name in names if name} - known.keys())
    back = {person.name: person for person in queries.never_here().filter(name__in=wanted).order_by("-id")}
    for person in back.values():
        come_back(ctx, person, ctx.today, afresh=ctx.school.opened_on)
        person.save()
    ctx.touch(back.values(), "reopened")
    made = [
        Person(school=ctx.school, name=name, pinyin=pinyin.sort_key(name), entered_on=ctx.school.opened_on)
        for name in wanted
        if name not in back
    ]
    Person.objects.bulk_create(made, batch_size=1000)
    ctx.touch(made, "made")
    return known | {person.name: person.pk for person in [*back.values(), *made]}


@step
def ensure_suppliers(ctx: Ctx, names: Iterable[str]) -> dict[str, int]:
    """Every name → a supplier's id, made where it is unknown."""
    known = dict(Supplier.objects.filter(closed_on=None).values_list("name", "pk"))
    wanted = {name for name in names if name} - known.keys()
    closed = _reopened(ctx, Supplier.objects.exclude(closed_on=None).filter(name__in=wanted))
    made = [
        Supplier(school=ctx.school, name=name, pinyin=pinyin.sort_key(name)) for name in sorted(wanted - closed.keys())
    ]
    Supplier.objects.bulk_create(made, batch_size=1000)
    ctx.touch(made, "made")
    return known | closed | {supplier.name: supplier.pk for supplier in made}


@step
def ensure_classes(ctx: Ctx, names: Iterable[str]) -> dict[str, int]:
    """Every official name → the id of the open class, made where the school has none."""
    known = dict(SchoolClass.objects.open().values_list("name", "pk"))
    parts = {name: rules.class_parts(name) or (0, 0) for name in sorted(set(names) - known.keys())}
    made = [
        SchoolClass(school=ctx.school, name=name, grade=grade, number=number, opened_on=ctx.school.opened_on)
        for name, (grade, number) in parts.items()
    ]
    SchoolClass.objects.bulk_create(made)
    ctx.touch(made, "made")
    return known | {row.name: row.pk for row in made}


@step
def ensure_places(ctx: Ctx, words: Iterable[str]) -> dict[str, int]:
    """Every word → a place's id. `教学楼489` makes the building and, in it, the floor and the room."""
    known, spoken = queries.places_by_word(), {word for word in words if word}
    known |= {word: known[tight] for word in spoken if (tight := word.replace(" ", "")) in known}
    wanted = sorted(spoken - known.keys())
    if not wanted:
        return known
    campus = _child(ctx, None, Place.Level.CAMPUS, "本部")
    for word in wanted:
        found = _ROOM.fullmatch(word)
        if found:
            building = _child(ctx, campus, Place.Level.BUILDING, found["building"])
            floor = _child(ctx, building, Place.Level.FLOOR, f"{rules.storey(found['room'])}层")
            known[word] = _child(ctx, floor, Place.Level.ROOM, found["room"]).pk
        else:
            level = Place.Level.STOREROOM if word.endswith(("库", "库房", "仓库", "保管室")) else Place.Level.ROOM
            known[word] = _child(ctx, campus, level, word).pk
    return known


@step
def ensure_path(ctx: Ctx, path: str, level: str) -> Place:
    """The place of a full path such as `本部/教学楼A/101`, with everything above it."""
    parts = path.split("/")
    place = _child(ctx, None, Place.Level.CAMPUS, parts[0])
    for at, name in enumerate(parts[1:], 1):
        last = at == len(parts) - 1
        above = Place.Level.BUILDING if at == 1 else Place.Level.FLOOR
        place = _child(ctx, place, level if last else above, name)
    return place


def path_in(parent: Place | None, name: str) -> str:
    """The path of a place of this name.

    :raises Refused: it is longer than the database keeps.
    """
    path = f"{parent.path}/{name}" if parent else name
    if len(path) > PATH:
        raise Refused(f"「{name}」的位置写下来超过 {PATH} 个字，请用短一点的名称。")
    return path


def _child(ctx: Ctx, parent: Place | None, level: str, name: str) -> Place:
    path = path_in(parent, name)
    place, made = Place.objects.get_or_create(
        school=ctx.school, path=path,
        defaults={"parent": parent, "level": level, "name": name, "opened_on": ctx.school.opened_on},
    )  # fmt: skip
    if place.closed_on is not None:
        come_back(ctx, place, ctx.today, afresh=ctx.school.opened_on)
        _make_room(place)
        place.save()
        ctx.touch([place], "reopened")
    elif made:
        ctx.touch([place], "made")
    found: Place = place
    return found


def _make_room(place: Place) -> None:
    """A place that stands again yields to what took its code or its part meanwhile."""
    others = Place.objects.open().exclude(pk=place.pk)
    if place.code and others.filter(code=place.code).exists():
        place.code = ""
    if place.level == Place.Level.HEAD_STOREROOM and others.filter(level=place.level).exists():
        place.level = Place.Level.STOREROOM


@step
def come_back(ctx: Ctx, row: Any, on: date, *, afresh: date) -> None:
    """A person, pupil or place that had ended stands again from a day on; the time between is kept as a gap.

    What never stood, because it was taken back on the day on which it began, begins `afresh`. Saves a gap, not the row.
    """
    begins, ends = queries.LIVES[type(row)]
    began, ended = getattr(row, begins), getattr(row, ends)
    if began == ended:
        setattr(row, begins, afresh)
    elif ended < on:
        Gap.objects.create(school=ctx.school, **{row.kind: row}, from_on=ended, until_on=on)
    setattr(row, ends, None)


@step
def set_path(ctx: Ctx, place: Place, path: str) -> None:
    """A place is found under another path, and everything in it follows.

    :raises Refused: a path would become longer than the database keeps.
    """
    old = place.path
    if path == old:
        return
    below = Place.objects.under(place).exclude(pk=place.pk)
    longest = below.aggregate(most=Max(Length("path")))["most"] or len(old)
    if longest + len(path) - len(old) > PATH:
        raise Refused(fields={"name": "里面最深的场所，位置写下来太长了，请用短一点的名称。"})
    inside = list(below.values_list("pk", flat=True))
    below.update(path=Concat(Value(path), Substr("path", len(old) + 1)))
    place.path = path
    place.save(update_fields=["path"])
    ctx.touch(Place.objects.filter(pk__in=inside), "within")
    ties.follow(ctx, Place, [place.pk, *inside])


@step
def name_head_storeroom(ctx: Ctx) -> None:
    """A school that has named none yet: the storeroom in which the others stand, or the only one, is the head."""
    rooms = list(Place.objects.open().storerooms().order_by("path"))
    if any(room.level == Place.Level.HEAD_STOREROOM for room in rooms):
        return
    within = {room.parent_id for room in rooms}
    heads = [room for room in rooms if room.pk in within and room.parent_id not in {r.pk for r in rooms}]
    heads = heads or (rooms if len(rooms) == 1 else [])
    if len(heads) == 1:
        Place.objects.filter(pk=heads[0].pk).update(level=Place.Level.HEAD_STOREROOM)
        ctx.touch(heads, "head_storeroom")


def ensure_term(school: School, year: int, half: str) -> Term:
    """The term, made from the calendar when the school has none of that name (cli.md)."""
    term, _ = Term.objects.get_or_create(
        school=school, year=year, half=half,
        defaults={"label": rules.term_label(year, half), "begins_on": rules.term_begins(year, half)},
    )  # fmt: skip
    found: Term = term
    return found


def seed_calendar(school: School, year: int) -> list[CalendarDay]:
    """Statutory holidays and made-up working days of a year, but for the days that the school has set itself.

    A year that is not announced yet has none: it falls back to the week.
    """
    import chinese_calendar

    day, days = date(year, 1, 1), {}
    while day.year == year:
        try:
            off, name = chinese_calendar.get_holiday_detail(day)
        except NotImplementedError:
            return []
        if off == rules.works_by_week(day) or name:
            days[day] = (not off, rules.holiday(name, works=not off))
        day = date.fromordinal(day.toordinal() + 1)
    return put_days(school, {day: days[day] for day in days.keys() - _own_days(year)})


def _own_days(year: int) -> set[date]:
    return set(CalendarDay.objects.live().filter(day__year=year).values_list("day", flat=True))


def put_days(school: School, days: Mapping[date, tuple[bool, str]]) -> list[CalendarDay]:
    """These days hold: whether the school works and what the day is called. Those taken back before hold again."""
    known = {row.day: row for row in CalendarDay.objects.filter(day__in=days)}
    rows = [known.get(day) or CalendarDay(school=school, day=day) for day in sorted(days)]
    for row in rows:
        row.works, row.label = days[row.day]
        row.void = False
        row.save()
    return rows
