"""Reads that the school offers to every domain."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.db.models import F, Q, QuerySet

from zongwu.kernel.accounts import Holding, Person
from zongwu.kernel.figures import Window
from zongwu.kernel.scope import SchoolModel
from zongwu.kernel.search import Findable
from zongwu.school import rules
from zongwu.school.limits import Rule
from zongwu.school.models import Appointment, CalendarDay, Department, Gap, Place, Pupil, SchoolClass, Term
from zongwu.ui.public import Stand

LIVES: dict[type[SchoolModel], tuple[str, str]] = {
    Person: ("entered_on", "left_on"),
    Pupil: ("entered_on", "left_on"),
    Place: ("opened_on", "closed_on"),
    SchoolClass: ("opened_on", "closed_on"),
}
"""Between which two days, half-open, a row counts."""


def standing(model: type[SchoolModel], day: date) -> QuerySet[Any]:
    """The rows that stood on a day: begun, not yet ended, and not away in between."""
    begins, ends = LIVES[model]
    rows: QuerySet[Any] = model.objects.filter(Q(**{ends: None}) | Q(**{f"{ends}__gt": day}), **{f"{begins}__lte": day})
    if model is SchoolClass:  # an ended class does not come back
        return rows
    away = Gap.objects.filter(from_on__lte=day, until_on__gt=day, **{f"{model.kind}__isnull": False})
    return rows.exclude(pk__in=away.values(model.kind))


def departments_of(person: Person, on: date) -> frozenset[int]:
    """Ids of the departments in which the person holds a post on that day."""
    current = Appointment.objects.filter(Q(until_on=None) | Q(until_on__gt=on), person=person, from_on__lte=on)
    return frozenset(current.values_list("department_id", flat=True))


def people_of(departments: frozenset[int], on: date) -> Q:
    """Those who hold a post in one of the departments on that day."""
    current = Appointment.objects.filter(
        Q(until_on=None) | Q(until_on__gt=on), department__in=departments, from_on__lte=on
    )
    return Q(pk__in=current.values("person"))


def heads_of(department: int | None, on: date) -> list[Person]:
    """Who leads a department on a day: holds the role and a post in it."""
    if department is None:
        return []
    leads = Holding.objects.on(on).filter(role__code="department_head").values("person")
    people = Person.objects.present().filter(people_of(frozenset({department}), on), pk__in=leads)
    return list(people.order_by("pinyin"))


def department_by_word() -> dict[str, int]:
    """Every name and alias of an open department → its id."""
    words: dict[str, int] = {}
    for department in Department.objects.filter(closed_on=None).order_by("-id"):
        for alias in department.aliases.replace("，", "、").split("、"):
            if alias.strip():
                words[alias.strip()] = department.pk
        words[department.name] = department.pk
    return words


def places_by_word() -> dict[str, int]:
    """Every way in which a sheet may name a place → its id: path, path without campus, building and room run together."""
    words: dict[str, int] = {}
    for pk, path, code in Place.objects.filter(closed_on=None).values_list("pk", "path", "code"):
        parts = path.split("/")
        words[path] = pk
        words.setdefault("".join(parts[1:]), pk)
        words.setdefault("".join(part for part in parts[1:] if not part.endswith(("楼层", "层"))), pk)
        if code:
            words.setdefault(code, pk)
    words.pop("", None)
    return words


def place_and_spot(words: Mapping[str, int], text: str) -> tuple[int | None, str]:
    """`教学楼A101后门` → the room and `后门`: the longest place that the words begin with, and what is left. No place: all of it is left."""
    tight = text.replace(" ", "")
    for most in range(len(tight), 1, -1):
        if (pk := words.get(tight[:most])) is not None:
            return pk, tight[most:].lstrip("，,、-—·")
    return None, tight


def window(term: Term) -> Window:
    """The term's days, both inclusive: it runs to the day before the next begins, even if nobody has added the next yet."""
    following, until = next_term(term.begins_on), rules.next_begins(term.year, term.half)
    if following and (
        following.begins_on < until or (following.year, following.half) == rules.after(term.year, term.half)
    ):
        until = following.begins_on
    return Window(term.begins_on, until - timedelta(days=1))


def next_term(day: date) -> Term | None:
    """The first term that begins after a day."""
    found: Term | None = Term.objects.filter(begins_on__gt=day).order_by("begins_on").first()
    return found


def last_term(day: date) -> Term | None:
    """The last term that began before a day."""
    found: Term | None = Term.objects.filter(begins_on__lt=day).order_by("-begins_on").first()
    return found


def term_on(day: date) -> Term | None:
    """The term in which a day falls, if the school has it."""
    found: Term | None = Term.objects.filter(begins_on__lte=day).order_by("-begins_on").first()
    return found if found and day <= window(found).until else None


def window_on(day: date) -> Window | None:
    """The days of the term in which a day falls."""
    term = term_on(day)
    return window(term) if term else None


def works(day: date) -> bool:
    """Whether the school works that day: its own calendar first, else the week."""
    special = CalendarDay.objects.live().filter(day=day).first()
    return special.works if special else rules.works_by_week(day)


def stand(pk: int) -> Stand | None:
    """Where somebody stands who reads the plate of a room."""
    place = Place.objects.open().filter(pk=pk).first()
    return Stand(place) if place else None


def rule(key: str, on: date, default: str = "") -> str:
    """The school's setting in force on a day."""
    found = Rule.objects.filter(key=key, from_on__lte=on).order_by("-from_on").first()
    return found.value if found else default


def never_here() -> QuerySet[Any]:
    """People whom an import that was taken back had made by name alone."""
    rows: QuerySet[Any] = Person.objects.filter(left_on=F("entered_on"), number="")
    return rows


def size_of(row: SchoolClass) -> str:
    return f"还有 {row.size} 名学生" if row.size else ""


def kept_by(person: Person) -> str:
    """What hangs on a person who leaves: rooms to keep, a class to teach."""
    rooms = [str(place) for place in Place.objects.open().filter(keeper=person).order_by("path")[:4]]
    return f"还是{'、'.join(rooms[:3])}{'等处' if len(rooms) > 3 else ''}的分保管员" if rooms else ""


def taught_by(person: Person) -> str:
    classes = [row.name for row in SchoolClass.objects.open().filter(teacher=person).order_by("grade", "number")]
    return f"还是{'、'.join(classes)}的班主任" if classes else ""


def staff_of(department: Department) -> str:
    """Who keeps a department from being closed."""
    count = Appointment.objects.filter(department=department, until_on=None, person__left_on=None).count()
    return f"还有 {count} 个人在这个部门" if count else ""


def classes_in(place: Place) -> str:
    rows = [row.name for row in SchoolClass.objects.open().filter(room__in=Place.objects.under(place).values("pk"))]
    return f"还是{'、'.join(rows[:3])}{'等班' if len(rows) > 3 else ''}的教室" if rows else ""


def findable_people(ids: Sequence[int] | None) -> Iterable[Findable]:
    people = Person.objects.present()
    for person in people if ids is None else people.filter(pk__in=ids):
        yield Findable(person.pk, person.name, person.title or "人员", person.name, (person.number,))


def findable_places(ids: Sequence[int] | None) -> Iterable[Findable]:
    places = Place.objects.filter(closed_on=None)
    for place in places if ids is None else places.filter(pk__in=ids):
        yield Findable(place.pk, str(place), place.get_level_display(), place.name, (place.path, place.code))
