"""Writes that other domains may ask the school for, inside their transaction."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from zongwu.kernel import pinyin
from zongwu.kernel.accounts import Person
from zongwu.kernel.actions import step
from zongwu.kernel.ctx import Ctx
from zongwu.kernel.scope import School
from zongwu.school import queries, rules
from zongwu.school.models import CalendarDay, Department, Place, Supplier, Term

_ROOM = re.compile(r"(?P<building>.*?[楼馆栋房厅])(?P<room>[A-Za-z]?\d{2,4})室?")


@step
def ensure_departments(ctx: Ctx, names: Iterable[str]) -> dict[str, int]:
    """Every name → the id of its department, made where neither name nor alias is known."""
    known = queries.department_by_word()
    wanted = sorted({name for name in names if name} - known.keys())
    made = [Department(school=ctx.school, name=name, pinyin=pinyin.sort_key(name)) for name in wanted]
    Department.objects.bulk_create(made, batch_size=1000)
    ctx.touch(made, "made")
    return known | {department.name: department.pk for department in made}


@step
def ensure_people(ctx: Ctx, names: Iterable[str]) -> dict[str, int]:
    """Every name → a person's id, made where nobody present has it. Two of one name: the first by id."""
    known: dict[str, int] = {}
    for pk, name in Person.objects.present().order_by("-id").values_list("pk", "name"):
        known[name] = pk
    wanted = sorted({name for name in names if name} - known.keys())
    made = [Person(school=ctx.school, name=name, pinyin=pinyin.sort_key(name)) for name in wanted]
    Person.objects.bulk_create(made, batch_size=1000)
    ctx.touch(made, "made")
    return known | {person.name: person.pk for person in made}


@step
def ensure_suppliers(ctx: Ctx, names: Iterable[str]) -> dict[str, int]:
    """Every name → a supplier's id, made where it is unknown."""
    known = dict(Supplier.objects.values_list("name", "pk"))
    wanted = sorted({name for name in names if name} - known.keys())
    made = [Supplier(school=ctx.school, name=name, pinyin=pinyin.sort_key(name)) for name in wanted]
    Supplier.objects.bulk_create(made, batch_size=1000)
    ctx.touch(made, "made")
    return known | {supplier.name: supplier.pk for supplier in made}


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
            floor = _child(ctx, building, Place.Level.FLOOR, f"{_storey(found['room'])}层")
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


def _storey(room: str) -> str:
    digits = room.lstrip("ABCDEFGHabcdefgh")
    return digits[:-2] or digits[:1]


def _child(ctx: Ctx, parent: Place | None, level: str, name: str) -> Place:
    path = f"{parent.path}/{name}" if parent else name
    place, made = Place.objects.get_or_create(
        school=ctx.school, path=path, defaults={"parent": parent, "level": level, "name": name}
    )
    if made or place.closed_on:
        place.closed_on = None
        place.save(update_fields=["closed_on"])
        ctx.touch([place], "made" if made else "reopened")
    found: Place = place
    return found


def ensure_term(school: School, year: int, half: str) -> Term:
    """The term, made from the calendar when the school has none of that name (cli.md)."""
    term, _ = Term.objects.get_or_create(
        school=school, year=year, half=half,
        defaults={"label": rules.term_label(year, half), "begins_on": rules.term_begins(year, half)},
    )  # fmt: skip
    found: Term = term
    return found


def seed_calendar(school: School, year: int) -> int:
    """Statutory holidays and made-up working days of a year; years not announced yet fall back to weekends."""
    import chinese_calendar

    day, days = date(year, 1, 1), []
    while day.year == year:
        try:
            off, label = chinese_calendar.get_holiday_detail(day)
        except NotImplementedError:
            return 0
        if off == rules.works_by_week(day) or label:
            days.append(CalendarDay(school=school, day=day, works=not off, label=label or ""))
        day = date.fromordinal(day.toordinal() + 1)
    CalendarDay.objects.bulk_create(days, ignore_conflicts=True)
    return len(days)
